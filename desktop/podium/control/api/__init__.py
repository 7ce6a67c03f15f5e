"""What the API offers: calls, answers, routes and event payloads."""

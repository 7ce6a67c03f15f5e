"""Declares the API: calls, answers, routes and event payloads, one module a subject. No Qt, no workspace."""

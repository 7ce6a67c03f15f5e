"""Real agents against a model server of our own: ``make test-agents``. Not collected by pytest."""

"""The costs and budgets of a mission."""

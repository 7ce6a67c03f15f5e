"""The mission file and what is kept of a mission: schema, checks, terms, trust, state."""

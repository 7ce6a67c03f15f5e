"""The orchestrator: runs a mission's agents in rounds, checks its gates, logs and reports."""

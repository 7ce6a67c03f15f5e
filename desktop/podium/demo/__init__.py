"""The demo: small real projects, scripted agents that work on them, and something alive for the fourth pane."""

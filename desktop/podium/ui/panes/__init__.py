"""The panes: bar, terminal, notice, and where they stand."""

"""Which window shows which instances."""

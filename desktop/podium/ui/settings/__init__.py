"""The settings page: one row for each declared setting, saved as soon as it is changed."""

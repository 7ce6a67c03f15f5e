"""The window: widgets, actions and dialogs. They paint the workspace's state and emit a person's commands."""

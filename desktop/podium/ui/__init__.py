"""The window: widgets, actions and dialogs. They paint what the workspace says and emit what a person wants."""

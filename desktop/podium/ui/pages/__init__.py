"""The pages of the window: the terminals, and those that are shown instead of them."""

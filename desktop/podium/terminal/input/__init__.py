"""Keys, mouse and paste to the bytes a program expects."""

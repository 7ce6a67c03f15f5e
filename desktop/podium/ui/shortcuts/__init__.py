"""The keys of commands as a person changes them: recorded in place, with who would lose them."""

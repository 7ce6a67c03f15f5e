"""Prompts of a marking shell: what became of each command beside it, from prompt to prompt, a command's output."""

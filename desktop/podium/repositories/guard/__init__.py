"""Noting what all worktrees of a repository share, comparing it, and putting it back."""

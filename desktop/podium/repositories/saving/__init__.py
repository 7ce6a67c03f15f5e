"""Saving everything a worktree holds, and finding what git can't take."""

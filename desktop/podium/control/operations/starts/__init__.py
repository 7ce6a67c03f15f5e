"""What a start runs: agents' tools and their worktrees, plans without a start, the same start again."""

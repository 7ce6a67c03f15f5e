"""Git repositories: worktrees, saving all that a worktree holds, and guarding the state that worktrees share."""

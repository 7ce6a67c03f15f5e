"""What knows git: repositories, worktrees, saving all that a worktree holds, and guarding what worktrees share."""

"""What forms and questions ask about agents: tools, first prompts, worktrees."""

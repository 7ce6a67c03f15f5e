"""The subcommands of ``podium mission``, one file each."""

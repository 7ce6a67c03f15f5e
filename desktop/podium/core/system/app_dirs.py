"""The folders Podium keeps its own files in, at the platform's places."""

from pathlib import Path

# platformdirs is imported in here: workers come by this module and never ask.


def state_folder() -> Path:
    """For what has to survive the end of the program. It may not exist yet."""
    import platformdirs

    return platformdirs.user_state_path("podium", appauthor=False)


def worktrees_folder() -> Path:
    """All runs' worktrees are below, in one folder for each run. Resolved: it may be a link to a bigger disk."""
    folder = state_folder() / "worktrees"
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder  # A ring of links: using it raises.


def agents_folder() -> Path:
    """The worktrees that were made for agents with whom a person works, each in a folder of its own."""
    return state_folder() / "agents"


def history_path() -> Path:
    """The database of runs, of costs, and of the processes that run just now."""
    return state_folder() / "history.db"


def crash_folder() -> Path:
    """The folder of what was written down while Podium crashed."""
    return state_folder() / "crash"


def pictures_folder() -> Path:
    """The folder of pictures that were pasted."""
    return state_folder() / "pictures"


def settings_path() -> Path:
    """The settings file, in TOML."""
    return config_folder() / "settings.toml"


def shortcuts_path() -> Path:
    """The file of the person's own keys, in TOML."""
    return config_folder() / "shortcuts.toml"


def config_folder() -> Path:
    """For what the person writes. It may not exist."""
    import platformdirs

    return platformdirs.user_config_path("podium", appauthor=False)

"""The tooltip of a button that carries out a command: what it does, and the key that does the same."""

from podium.core.commands import ArgumentType, CommandId, command


def command_tip(id: CommandId, title: str = "") -> str:
    """``Restart  Ctrl+Shift+R``; ``title`` where the button says it in other words. A numbered command
    has several.
    """
    row = command(id)
    title = title or row.title.rstrip("…")
    if not row.keys or row.argument is ArgumentType.NUMBER:
        return title
    return f"{title}  {row.keys[0]}"

"""The tools that run in a program's terminal."""

from collections.abc import Collection

from podium.core.adapters.tool_names import tool_names
from podium.worker.program.foreground import group_words


def running_tool(group: int, tools: Collection[str]) -> str:
    """The first of ``tools`` that is in the process group which has the terminal; "" when none is."""
    for words in group_words(group):
        for name in tool_names(words):
            if name in tools:
                return name
    return ""

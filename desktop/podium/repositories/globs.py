"""Globs of paths in a repository: ``*`` stays in one folder, ``**`` crosses them, a folder stands for all in it."""

import re
from collections.abc import Sequence

_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|.", re.DOTALL)
_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(path: str, patterns: Sequence[str]) -> bool:
    """Whether ``path``, seen from the repository's top, is one that ``patterns`` mean."""
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = [_part(token) for token in _TOKENS.findall(pattern.removeprefix("./").rstrip("/"))]
    try:
        return re.compile("".join(parts) + "(?:/.*)?", re.DOTALL)
    except re.error:  # Such as [z-a]: it means itself.
        return re.compile(re.escape(pattern))


def _part(token: str) -> str:
    if token in _MEANINGS:
        return _MEANINGS[token]
    if len(token) > 2 and token[0] == "[":
        inside = token[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        return f"[^{inside[1:]}]" if inside[0] == "!" and len(inside) > 1 else f"[{inside}]"
    return re.escape(token)

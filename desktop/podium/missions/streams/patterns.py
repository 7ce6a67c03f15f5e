"""Lines of text as objects: what a rule's pattern finds on them."""

import re
from functools import lru_cache
from typing import Any, Final

from podium.core.adapters.check import CAPTURE
from podium.missions.streams.paths import as_number

_LOOKED_AT: Final = 2000
"""Characters of a line that patterns see."""
_NUMBER: Final = r"[0-9][0-9,]{0,15}(?:\.[0-9]{1,9})?[kKmM]?"


def matched(pattern: str, text: str) -> dict[str, Any] | None:
    """What the words in braces of ``pattern`` stand for on the line ``text``; None if it is not there.

    Numbers are numbers: 2.5k is 2500.
    """
    match = _compiled(pattern).search(text[:_LOOKED_AT])
    if match is None:
        return None
    numbers = {name for name, kind in CAPTURE.findall(pattern) if kind}
    return {
        name: as_number(found, 1e15) if name in numbers else found.strip()
        for name, found in match.groupdict().items()
    }


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    # Only literal text, numbers and the shortest text between them: no line makes this slow.
    parts: list[str] = []
    position = 0
    names: set[str] = set()
    for word in CAPTURE.finditer(pattern):
        parts.append(re.escape(pattern[position : word.start()]))
        name = word[1] if word[1] not in names else ""
        names.add(word[1])
        last = word.end() == len(pattern)
        body = _NUMBER if word[2] else ".*" if last else ".*?"
        parts.append(f"(?P<{name}>{body})" if name else f"(?:{body})")
        position = word.end()
    parts.append(re.escape(pattern[position:]))
    return re.compile("".join(parts), re.IGNORECASE)

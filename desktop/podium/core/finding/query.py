"""What somebody searches for."""

from typing import Final

import msgspec

MAX_QUERY: Final = 1024
"""Characters of a query."""


class SearchQuery(msgspec.Struct, frozen=True):
    """Look for ``text`` in lines as they were before the terminal wrapped them.

    ``case``: capital letters are not small ones. ``word``: whole words alone, as ``grep -w`` has it. ``regex``: the
    text is a regular expression; it is applied to each line by itself, and matches of no characters do not count.
    """

    text: str
    case: bool = False
    word: bool = False
    regex: bool = False

    @property
    def fault(self) -> str:
        """Why it can't be searched for, for a person; "" when it can."""
        if not self.text:
            return "There is nothing to search for."
        if len(self.text) > MAX_QUERY:
            return f"That is longer than {MAX_QUERY:,} characters; search for a part of it."
        return ""

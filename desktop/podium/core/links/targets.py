"""Links as they are found in a text, and as they are once the disk or the repository has been asked."""

from typing import NamedTuple


class WebLink(NamedTuple):
    """An address of the web or of a mail. ``named`` is the text of a hyperlink, "" where the address itself shows."""

    url: str
    named: str = ""


class Reading(NamedTuple):
    """One way to take characters [start, end) of a text for a place in a file. ``path`` may be relative to the folder
    of that output or begin with ``~/``; ``line`` and ``column`` count from 1, 0 where they are not named.
    """

    start: int
    end: int
    path: str
    line: int = 0
    column: int = 0


class FileCandidate(NamedTuple):
    """Ways to read some text as a file, the likeliest first; the first one that exists is the link."""

    readings: tuple[Reading, ...]


class CommitCandidate(NamedTuple):
    """Hex digits that may name a commit."""

    id: str


Candidate = WebLink | FileCandidate | CommitCandidate


class Found(NamedTuple):
    """A candidate and its characters [start, end) of a text."""

    start: int
    end: int
    candidate: Candidate


class FileLink(NamedTuple):
    """A file or folder that was there a moment ago: its absolute path."""

    path: str
    line: int = 0
    column: int = 0
    is_folder: bool = False


class CommitLink(NamedTuple):
    """A commit by its full id, and a folder in its repository."""

    id: str
    folder: str


Target = WebLink | FileLink | CommitLink
"""What a person can open."""


class Answer(NamedTuple):
    """What became of a candidate that was looked up. ``reading`` is the number of the right one of a file's."""

    target: Target
    reading: int = 0


def target_text(target: Target) -> str:
    """The text that *Copy link* copies."""
    match target:
        case WebLink(url):
            return url
        case FileLink(path):
            return path
        case CommitLink(id):
            return id

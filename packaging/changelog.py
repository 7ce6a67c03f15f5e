"""Reads CHANGELOG.md: the notes of a release, Debian's form of it, the releases for software centres.

python packaging/changelog.py v0.1.0    prints that version's section; exit 1 when that is not this version, or has no
                                        section that is finished
"""

import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from podium import __version__

CHANGELOG: Final = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Release:
    """One section. ``date`` is None while it is not released; ``items`` are its points, each on one line."""

    version: str
    date: datetime | None
    items: tuple[str, ...]


def section(changelog: str, version: str) -> str:
    """What stands below ``## VERSION``. Raises ValueError when that is nothing, or is not released yet."""
    for number, remark, body in _sections(changelog):
        if number != version:
            continue
        if "unreleased" in remark.lower():
            raise ValueError(f"CHANGELOG.md calls {version} unreleased; put its date there")
        if not body.strip():
            raise ValueError(f"CHANGELOG.md says nothing about {version}")
        return body.strip() + "\n"
    raise ValueError(f"CHANGELOG.md has no section “## {version}”")


def releases(changelog: str) -> list[Release]:
    """All sections, the newest first."""
    return [
        Release(number, _date(remark), tuple(" ".join(item.split()) for item in _items(body)))
        for number, remark, body in _sections(changelog)
    ]


def debian(changelog: str, maintainer: str, built: datetime) -> str:
    """The changelog of the .deb. What is not released yet has the date it was built."""
    entries = []
    for release in releases(changelog):
        points = "\n".join(
            textwrap.fill(item, 78, initial_indent="  * ", subsequent_indent="    ", break_long_words=False)
            for item in release.items
        )
        suite = "unstable" if release.date else "UNRELEASED"
        when = format_datetime(release.date or built)
        entries.append(
            f"podium ({release.version}) {suite}; urgency=medium\n\n{points}\n\n -- {maintainer}  {when}\n"
        )
    return "\n".join(entries)


def _sections(changelog: str) -> Iterator[tuple[str, str, str]]:
    """Version, what stands behind it, and the text of each section."""
    for part in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        number, _, remark = heading.strip().partition(" ")
        yield number, remark, body


def _items(body: str) -> list[str]:
    return re.split(r"^- ", body, flags=re.MULTILINE)[1:]


def _date(remark: str) -> datetime | None:
    found = re.search(r"\d{4}-\d{2}-\d{2}", remark)
    return datetime.strptime(found[0], "%Y-%m-%d").replace(hour=12, tzinfo=UTC) if found else None


def main(arguments: list[str]) -> int:
    try:
        if arguments != [f"v{__version__}"]:
            raise ValueError(f"the tag has to be v{__version__}, by podium/__init__.py; it is {arguments}")
        sys.stdout.write(section(CHANGELOG.read_text(encoding="utf-8"), __version__))
    except ValueError as error:
        print(f"changelog: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

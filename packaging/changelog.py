"""Prints a version's section of CHANGELOG.md, for the notes of its release.

python packaging/changelog.py v0.1.0    exit 1 when that is not this version, or has no section that is finished
"""

import re
import sys
from pathlib import Path
from typing import Final

from podium import __version__

CHANGELOG: Final = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def section(changelog: str, version: str) -> str:
    """What stands below ``## VERSION``. Raises ValueError when that is nothing, or is not released yet."""
    for part in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        number, _, remark = heading.strip().partition(" ")
        if number != version:
            continue
        if "unreleased" in remark.lower():
            raise ValueError(f"CHANGELOG.md calls {version} unreleased; put its date there")
        if not body.strip():
            raise ValueError(f"CHANGELOG.md says nothing about {version}")
        return body.strip() + "\n"
    raise ValueError(f"CHANGELOG.md has no section “## {version}”")


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

"""Writes the copyright file of the .deb, in the form that Debian's machines read (DEP-5)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

import notices
from carried import PODIUM, Owners
from packaging.utils import canonicalize_name
from places import ROOT
from runtime_set import Part

PROGRAM: Final = "usr/lib/podium/podium"
INTERNAL: Final = PurePosixPath("usr/lib/podium/_internal")
SITE: Final = "usr/share/doc/podium/html/assets/*"
_HEAD: Final = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Podium
Comment: Generated from what the package holds. /usr/share/doc/podium/THIRD-PARTY-NOTICES.txt has the versions, where
 the source of each part is, and how the parts under the LGPL are replaced.
"""
_END: Final = r".*?(?:END OF TERMS AND CONDITIONS(?:\s+APPENDIX.*?limitations under the License\.)?|\Z)"
_OF_DEBIAN: Final = tuple(
    (re.compile(rf"^[ \t]*{title}\s+Version {version}\b{_END}", re.MULTILINE | re.DOTALL), name)
    for title, version, name in (
        ("Apache License", r"2\.0", "Apache-2.0"),
        ("GNU GENERAL PUBLIC LICENSE", "2", "GPL-2"),
        ("GNU GENERAL PUBLIC LICENSE", "3", "GPL-3"),
        ("GNU LESSER GENERAL PUBLIC LICENSE", "3", "LGPL-3"),
    )
)
"""Licences that every Debian has, by their text, and the file in /usr/share/common-licenses."""
_COPYRIGHT: Final = re.compile(
    r"(?:^[\W_]*copyright\b|^[\W_]*©|copyright (?:\(c\)|©)(?= \d{4}))(?:\(c\)|©|[\s:,])*", re.IGNORECASE
)
_NO_HOLDER: Final = re.compile(
    r"notice|holder|owner|licen[cs]e|laws?\b|statement|irrevocable|<year>|free software foundation|^$",
    re.IGNORECASE,
)


def written(root: Path, parts: Iterable[Part], site: Iterable[Part], owners: Owners) -> str:
    """The file for the package below ``root``. ``site`` are the parts of the documentation."""
    by_name = {canonicalize_name(part.name): part for part in parts}
    places = _places(root, owners)
    inside = [part for name, part in by_name.items() if name not in places]
    own = (ROOT / "LICENSE").read_text(encoding="utf-8").strip()
    blocks = [
        _block(["*"], _holders([own]), "MIT", own),
        _together([PROGRAM], inside),
        _together([SITE], site),
    ]
    # The last block that fits a file counts, so those of single files in another part's folder come last.
    for name, patterns in sorted(places.items(), key=lambda place: (max(map(_depth, place[1])), place[0])):
        if name != PODIUM:
            blocks.append(_together(patterns, [by_name[name]]))
    return "\n".join([_HEAD, *blocks])


def _places(root: Path, owners: Owners) -> Mapping[str, list[str]]:
    """The files of each part, as patterns: a folder where all in it is of one part."""
    internal = root / INTERNAL
    places: dict[str, set[str]] = {}
    for top in sorted(internal.iterdir()):
        below = [path for path in top.rglob("*") if path.is_file()] if top.is_dir() else [top]
        for path in below:
            relative = PurePosixPath(path.relative_to(internal).as_posix())
            owner = canonicalize_name(owners.of_file(relative))
            whole = canonicalize_name(owners.of_file(PurePosixPath(top.name)))
            pattern = INTERNAL / (top.name if top.is_file() else f"{top.name}/*")
            places.setdefault(owner, set()).add(str(pattern if owner == whole else INTERNAL / relative))
    return {owner: sorted(found) for owner, found in places.items()}


def _depth(pattern: str) -> int:
    return len(PurePosixPath(pattern).parts)


def _together(patterns: list[str], parts: Iterable[Part]) -> str:
    """One block for what lies in the same files."""
    parts = list(parts)
    texts = {part.name: _texts(part) for part in parts}
    holders = list(dict.fromkeys(holder for part in parts for holder in _holders_of(part)))
    licences = sorted({licence for part in parts for licence in _short(part).split(" and ")})
    bodies = ["\n\n".join([f"{name}:", *found] if len(parts) > 1 else found) for name, found in texts.items()]
    return _block(patterns, holders, " and ".join(licences), "\n\n".join(bodies))


def _short(part: Part) -> str:
    return re.sub(
        r"\bAND\b", "and", re.sub(r"\bOR\b", "or", re.sub(r" WITH (\S+)", r" with \1", part.licence))
    )


def _texts(part: Part) -> list[str]:
    """The licence texts of a part. Of those that Debian keeps, where they are."""
    found = []
    for text in notices.texts(part):
        for whole, name in _OF_DEBIAN:
            text = whole.sub(f"The text of {name} is in /usr/share/common-licenses/{name}.", text)
        found.append(re.sub(r"\n{3,}", "\n\n", text.replace("\t", "    ").strip()))
    return found


def _holders(texts: Iterable[str]) -> list[str]:
    """Who is named in copyright lines, each once."""
    found = {}
    # A list of years goes on in the next line.
    for line in re.sub(r"(\d{4},)\n\s*(?=\d{4})", r"\1 ", "\n".join(texts)).splitlines():
        if begin := _COPYRIGHT.search(line):
            holder = line[begin.end() :].partition("; All")[0].strip(' */"')
            if not _NO_HOLDER.search(holder):
                found[holder] = None
    return list(found)


def _holders_of(part: Part) -> list[str]:
    """By its licence texts, else by its metadata, else its own name: a text does not always say it."""
    metadata = part.package.metadata if part.package else {}
    authors = metadata.get("Author") or metadata.get("Author-email") or part.name
    return _holders(notices.texts(part)) or [authors]


def _block(patterns: list[str], holders: list[str], licence: str, text: str) -> str:
    return (
        f"Files: {_folded(patterns)}\nCopyright: {_folded(holders)}\nLicense: {licence}\n"
        + "\n".join(_lines(text))
        + "\n"
    )


def _folded(lines: list[str]) -> str:
    return "\n ".join(lines)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f" {line.rstrip()}" if line.strip() else " ."

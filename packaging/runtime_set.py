"""What a package of Podium carries of other people's: its runtime dependencies as they are installed here, the
interpreter and the fonts. Tools for building and testing are not among them.
"""

import platform
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

from license_expression import get_spdx_licensing
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import ROOT

TEXTS: Final = ROOT / "packaging" / "licences"
FONT: Final = "JetBrains Mono"
SYMBOLS: Final = "Podium Symbols"
ICU: Final = "ICU"
_QT: Final = "pyside6-essentials"
_FONTS: Final = ROOT / "resources" / "podium_resources" / "fonts"
# The wheels of Qt for Python carry none, and the LGPL goes on where the GPL ends.
_LGPL_TEXTS: Final = (TEXTS / "LGPL-3.0-only.txt", TEXTS / "GPL-3.0-only.txt")

_TROVE: Final = {
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
_CHOSEN: Final = {
    # Of the licences Qt for Python offers, the one Podium uses it under.
    "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only": "LGPL-3.0-only",
}
_LICENSING: Final = get_spdx_licensing()


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of software that a package carries. ``needs`` are the names of others; ``package`` is its metadata,
    where it is a Python distribution; ``text_files`` have licence texts that lie elsewhere.
    """

    name: str
    version: str
    licence: str
    source: str
    needs: tuple[str, ...] = ()
    package: Distribution | None = None
    text_files: tuple[Path, ...] = ()


def parts(root: str = "podium", find: Callable[[str], Distribution] = distribution) -> list[Part]:
    """Everything a package carries, by name. Raises ValueError when a licence can't be told."""
    packages = distributions(root, find)
    found = [_part(package, needs) for package, needs in packages.values()]
    found += [_icu(version) for version in _icu_versions(packages.get(_QT))]
    found.append(_font(FONT, "2.304", "https://github.com/JetBrains/JetBrainsMono", "OFL.txt"))
    # Made out of Iosevka and Noto by packaging/symbols_font.py.
    found.append(_font(SYMBOLS, "1.0", "https://github.com/notofonts/symbols", "PodiumSymbols-OFL.txt"))
    found.append(Part("Python", platform.python_version(), "Python-2.0.1", "https://www.python.org"))
    return sorted(found, key=lambda part: part.name.lower())


def _icu_versions(qt: tuple[Distribution, tuple[str, ...]] | None) -> set[str]:
    """Qt's wheel for Linux brings ICU along."""
    files = qt[0].files or () if qt else ()
    return {path.name.rpartition(".")[2] for path in files if path.name.startswith("libicudata.so.")}


def _font(name: str, version: str, source: str, licence: str) -> Part:
    return Part(name, version, "OFL-1.1", source, text_files=(_FONTS / licence,))


def _icu(version: str) -> Part:
    return Part(
        ICU, version, "Unicode-3.0", "https://github.com/unicode-org/icu", text_files=(TEXTS / "ICU.txt",)
    )


def distributions(
    root: str, find: Callable[[str], Distribution] = distribution
) -> Mapping[str, tuple[Distribution, tuple[str, ...]]]:
    """What ``root`` requires on this system, and what that requires: each with the names it needs itself."""
    found: dict[str, tuple[Distribution, tuple[str, ...]]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(root)]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        package = find(wanted.name)
        needed = list(_needed(package, wanted.extras))
        before = found[name][1] if name in found else ()
        found[name] = package, tuple(sorted({*before, *(canonicalize_name(each.name) for each in needed)}))
        waiting += needed
    del found[canonicalize_name(root)]
    return found


def _needed(package: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for text in package.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def _part(package: Distribution, needs: tuple[str, ...]) -> Part:
    licence = licence_of(package)
    texts = _LGPL_TEXTS if licence.startswith("LGPL-3.0") else ()
    if canonicalize_name(package.name) == _QT:
        texts = (*texts, TEXTS / "qt-third-party.txt")
    return Part(package.name, package.version, licence, _source(package), needs, package, texts)


def licence_of(package: Distribution) -> str:
    """Its SPDX expression. Raises ValueError when its metadata gives none that is one."""
    told = [package.metadata.get("License-Expression"), package.metadata.get("License")]
    classifiers = package.metadata.get_all("Classifier") or ()
    told += [_TROVE.get(text.rpartition(" :: ")[2]) for text in classifiers if text.startswith("License ::")]
    for text in told:
        if text and not _LICENSING.validate(text).errors:
            return _CHOSEN.get(text, text)
    raise ValueError(f"the licence of {package.name} can't be told from its metadata; add it to {__file__}")


def _source(package: Distribution) -> str:
    links = dict(
        re.split(r",\s*", text, maxsplit=1) for text in package.metadata.get_all("Project-URL") or ()
    )
    by_name = {name.lower(): link for name, link in links.items()}
    for name in ("source", "source code", "repository", "github", "homepage", "home"):
        if name in by_name:
            return str(by_name[name])
    return str(package.metadata.get("Home-page") or "")

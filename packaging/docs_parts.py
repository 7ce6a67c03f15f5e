"""The software of others in the built documentation, and the copy of it that packages carry."""

import json
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from places import DIST, ROOT
from runtime_set import TEXTS, Part

SITE: Final = DIST / "docs"
_TEXTS: Final = TEXTS / "docs-site"
_IN_SCRIPTS: Final = {
    "clipboard": ("clipboard.js", "MIT"),
    "escape-html": ("escape-html", "MIT"),
    "focus-visible": ("focus-visible", "W3C-20150513"),
    "lunr": ("Lunr", "MIT"),
    "rxjs": ("RxJS", "Apache-2.0"),
    "tslib": ("tslib", "0BSD"),
}
"""What npm calls a library in the theme's scripts: its name and licence; ``licences/docs-site`` has the texts."""
_UNNEEDED: Final = ("*.map", "lunr", "sitemap*")
"""Source maps, the search in other languages than English, what search engines read."""


def parts(site: Path = SITE) -> list[Part]:
    """Raises ValueError for a library that has no licence here, FileNotFoundError when the site is not built."""
    theme = distribution("mkdocs-material")
    found = [
        Part(theme.name, theme.version, "MIT", "https://squidfunk.github.io/mkdocs-material/", package=theme)
    ]
    as_in = f"as in {theme.name} {theme.version}"
    icons = (_TEXTS / "material-design-icons.txt", _TEXTS / "rxjs.txt")
    found.append(
        Part("Material Design Icons", as_in, "Apache-2.0", "https://pictogrammers.com", text_files=icons)
    )
    found.append(_iframe_worker())
    for name in sorted(set(_libraries(site))):
        if name not in _IN_SCRIPTS:
            raise ValueError(f"the licence of {name} in the documentation is not known; add it to {__file__}")
        title, licence = _IN_SCRIPTS[name]
        source = f"https://www.npmjs.com/package/{name}"
        found.append(Part(title, as_in, licence, source, text_files=(_TEXTS / f"{name}.txt",)))
    return found


def _iframe_worker() -> Part:
    script = ROOT / "docs" / "javascripts" / "iframe-worker.js"
    version = re.match(r"/\*! iframe-worker ([\d.]+)", script.read_text(encoding="utf-8"))
    if version is None:
        raise ValueError(f"{script} does not begin with its version")
    text = script.with_name("iframe-worker.LICENSE.txt")
    return Part(
        "iframe-worker", version[1], "MIT", "https://github.com/squidfunk/iframe-worker", text_files=(text,)
    )


def _libraries(site: Path) -> Iterator[str]:
    """The libraries that the theme's scripts are made from, by their source maps."""
    maps = sorted(site.glob("assets/javascripts/**/*.map"))
    if not maps:
        raise FileNotFoundError(f"{site} has no scripts with source maps; run make docs first")
    for file in maps:
        for source in json.loads(file.read_text(encoding="utf-8"))["sources"]:
            if found := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)/", source):
                yield found[1]


def copy(target: Path, site: Path = SITE) -> None:
    """Copy the site without what nobody reads from the disk. Raises FileNotFoundError when it is not built."""
    if not (site / "index.html").is_file():
        raise FileNotFoundError(f"{site} is not there; run make docs first")
    shutil.rmtree(target, ignore_errors=True)  # Of an earlier build.
    shutil.copytree(site, target, ignore=shutil.ignore_patterns(*_UNNEEDED))
    for script in target.glob("assets/javascripts/**/*.js"):
        text = script.read_text(encoding="utf-8")
        script.write_text(re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", text), encoding="utf-8")

"""Fills in the AppStream metainfo: releases from the changelog, and the addresses, where there are any.

A package that GitHub's workflow builds knows its repository by GITHUB_REPOSITORY. One that somebody builds at home has
no address for pictures and reports, so these are left out there.
"""

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from changelog import Release

from podium import __version__

SOURCE: Final = Path(__file__).resolve().parent / "linux" / "io.github.podium.Podium.metainfo.xml"
_PICTURES: Final = {
    "grid-dark": "Four instances in the grid: two missions, a shell and a full-screen program",
    "tabs-light": "One instance in its tab, with the sidebar, in light colours",
    "new-mission": "A new mission: its agents and its gates",
}
"""Files of docs/pictures and what each shows; the first is the one that is shown most."""


def home_page(environment: Mapping[str, str] = os.environ) -> str:
    """The repository's address; "" where nobody says it. Raises ValueError for what is no repository's name."""
    repository = environment.get("GITHUB_REPOSITORY", "")
    if not repository:
        return ""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository, re.ASCII):
        raise ValueError(f"GITHUB_REPOSITORY has to be OWNER/NAME; it is {repository}")
    return f"https://github.com/{repository}"


def filled(source: str, home: str, releases: Iterable[Release], built: datetime) -> str:
    """The metainfo as XML. ``built`` is the date of what is not released yet."""
    root = ET.fromstring(source)
    after = list(root).index(_found(root, "launchable"))
    for number, element in enumerate(_addresses(home) if home else ()):
        root.insert(after + 1 + number, element)
    listed = _found(root, "releases")
    for release in releases:
        listed.append(_release(release, home, built))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _found(root: ET.Element, tag: str) -> ET.Element:
    element = root.find(tag)
    if element is None:
        raise ValueError(f"{SOURCE.name} has no <{tag}>")
    return element


def _addresses(home: str) -> list[ET.Element]:
    links = {"homepage": home, "bugtracker": f"{home}/issues", "vcs-browser": home}
    elements = []
    for kind, link in links.items():
        elements.append(_element("url", link, type=kind))
    screenshots = ET.Element("screenshots")
    raw = home.replace("https://github.com/", "https://raw.githubusercontent.com/")
    for name, caption in _PICTURES.items():
        kind = {"type": "default"} if name == next(iter(_PICTURES)) else {}
        screenshot = ET.SubElement(screenshots, "screenshot", kind)
        screenshot.append(_element("caption", caption))
        screenshot.append(_element("image", f"{raw}/v{__version__}/docs/pictures/{name}.png", type="source"))
    return [*elements, screenshots]


def _release(release: Release, home: str, built: datetime) -> ET.Element:
    kind = "stable" if release.date else "development"
    date = (release.date or built).date().isoformat()
    element = ET.Element("release", version=release.version, date=date, type=kind)
    description = ET.SubElement(element, "description")
    points = ET.SubElement(description, "ul")
    for item in release.items:
        points.append(_element("li", re.sub(r"[`*]", "", item)))
    if home and release.date:
        element.append(_element("url", f"{home}/releases/tag/v{release.version}", type="details"))
    return element


def _element(tag: str, text: str, **attributes: str) -> ET.Element:
    element = ET.Element(tag, attributes)
    element.text = text
    return element

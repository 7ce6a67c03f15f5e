"""The Flatpak's manifest and the workflow that builds it in, what they promise out."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import yaml

from tests.packaging_scripts.conftest import Load

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "packaging" / "flatpak" / "io.github.podium.Podium.yml"


def loaded(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return document


def test_the_manifest_fits_the_tree_it_is_built_from(load: Load) -> None:
    manifest, tree = loaded(MANIFEST), load("linux_tree")
    metainfo = ET.parse(ROOT / "packaging" / "linux" / tree.METAINFO).getroot()
    assert manifest["id"] == metainfo.findtext("id") == MANIFEST.stem
    assert manifest["command"] == metainfo.findtext("provides/binary")
    assert manifest["rename-desktop-file"] == metainfo.findtext("launchable")
    assert manifest["rename-icon"] == metainfo.findtext("icon")
    (module,) = manifest["modules"]
    (source,) = module["sources"]
    assert (MANIFEST.parent / source["path"]).resolve() == ROOT / "build" / "flatpak"
    mime = (ROOT / "packaging" / "linux" / "podium.xml").read_text()
    assert 'name="application-x-podium-mission"' in mime
    assert "application-x-podium-mission" in " ".join(module["build-commands"])


def test_it_asks_for_no_way_out_of_the_sandbox_that_podium_does_not_use() -> None:
    """A Podium that starts programs on the host needs this permission, and then belongs into releases."""
    spawns = any("flatpak-spawn" in file.read_text() for file in (ROOT / "desktop").rglob("*.py"))
    allowed = "--talk-name=org.freedesktop.Flatpak" in loaded(MANIFEST)["finish-args"]
    jobs = loaded(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert spawns == allowed == ("flatpak" in jobs["draft"]["needs"])
    assert jobs["flatpak"]["if"] == "github.event_name == 'workflow_dispatch'"

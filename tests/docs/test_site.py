"""docs/ in, a site out that needs no net; a broken link ends the build."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from podium.app.help_pages import FIRST_PAGE, TROUBLE_PAGE, fitting_page
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.views import InstanceState, InstanceView

ROOT: Final = Path(__file__).parents[2]
LINK: Final = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
LOADED: Final = re.compile(
    r"""<(?:script|img|iframe)[^>]*\ssrc=["']?([^"'\s>]+)|<link[^>]*rel="?(?:stylesheet|icon|preconnect)"?[^>]*"""
)
MAX_PICTURE: Final = 250_000
MAX_PICTURES: Final = 9

# Material for MkDocs and 100 KB of API: seconds of processor time a build.
pytestmark = pytest.mark.lengthy


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # Not --quiet: warnings that are not printed end no build.
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(target)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(ROOT, target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def test_every_page_is_built_and_nothing_is_loaded_from_the_net(site: Path) -> None:
    built = list(site.rglob("*.html"))
    assert {"index.html", "install.html", "settings.html", "api.html", "names.html"} <= {
        p.name for p in built
    }
    for page in built:
        text = page.read_text(encoding="utf-8")
        loaded = [found[0] for found in LOADED.finditer(text)]
        assert [tag for tag in loaded if "//" in tag] == [], page.name
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text(encoding="utf-8")


def test_each_page_that_help_opens_is_built(site: Path) -> None:
    pages = {
        fitting_page(None),
        *(fitting_page(view(kind, state)) for kind in Kind for state in InstanceState),
    }
    assert {FIRST_PAGE, TROUBLE_PAGE} <= pages
    assert [page for page in pages if not (site / page).is_file()] == []


def view(kind: Kind, state: InstanceState) -> InstanceView:
    return InstanceView(InstanceSpec(InstanceId("one"), "one", kind, ThemeName.ROSE, "/"), 1, state, "")


def test_no_page_is_for_a_server_alone(site: Path) -> None:
    assert not (site / "404.html").exists()


def test_the_search_finds_its_index_without_a_server(site: Path) -> None:
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    assert index.startswith("var __index")
    assert "day_budget_usd" in index
    assert 'src="javascripts/iframe-worker.js"' in (site / "index.html").read_text(encoding="utf-8")


def test_a_broken_link_ends_the_build(tmp_path: Path) -> None:
    for name in ("docs", "packaging"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    with (tmp_path / "docs" / "index.md").open("a") as page:
        page.write("\n[a](guide/no-page.md) [b](guide/missions.md#no-anchor) ![c](pictures/no-picture.png)\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    for broken in ("no-page", "no-anchor", "no-picture"):
        assert broken in done.stderr


def test_the_links_of_the_readme_lead_to_files() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        links = LINK.findall((ROOT / name).read_text(encoding="utf-8"))
        assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_pictures_are_few_and_small() -> None:
    pictures = [path for path in (ROOT / "docs" / "pictures").iterdir() if path.suffix == ".png"]
    assert len(pictures) <= MAX_PICTURES
    assert [path.name for path in pictures if path.stat().st_size > MAX_PICTURE] == []

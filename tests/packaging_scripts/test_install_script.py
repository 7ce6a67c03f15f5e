"""The portable archive's ``install.sh`` with a small tree in, what is in a prefix out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS

ENTRY = "[Desktop Entry]\nType=Application\nName=Podium\nExec=podium open %F\nTryExec=podium\n"


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The archive, unpacked."""
    top = tmp_path / "podium-1.0"
    for file, content in {
        "lib/podium/podium": "#!/bin/sh\necho 1.0\n",
        "share/applications/podium.desktop": ENTRY,
        "share/mime/packages/podium.xml": "<mime-info/>",
        "share/man/man1/podium.1.gz": "",
    }.items():
        (top / file).parent.mkdir(parents=True, exist_ok=True)
        (top / file).write_text(content)
    (top / "lib/podium/podium").chmod(0o755)
    shutil.copy(SCRIPTS / "linux" / "install.sh", top)
    return top


def install(unpacked: Path, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    # What desktops' own tools make of it is tried in a clean system.
    tools = home.parent / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("update-desktop-database", "update-mime-database", "gtk-update-icon-cache"):
        (tools / name).write_text("#!/bin/sh\n")
        (tools / name).chmod(0o755)
    home.mkdir(exist_ok=True)
    return subprocess.run(
        ["/bin/sh", str(unpacked / "install.sh"), *arguments],
        env={"HOME": str(home), "PATH": os.pathsep.join((str(tools), os.defpath))},
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_it_installs_over_itself_and_leaves_nothing(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home with space"
    for version in ("1.0", "1.1"):
        (unpacked / "lib/podium/podium").write_text(f"#!/bin/sh\necho {version}\n")
        done = install(unpacked, "--user", home=home)
        assert done.returncode == 0, done.stderr
        told = subprocess.run([home / ".local/bin/podium"], capture_output=True, text=True, check=True)
        assert told.stdout == f"{version}\n"
    entry = (home / ".local/share/applications/podium.desktop").read_text()
    assert f'Exec="{home}/.local/bin/podium" open %F' in entry
    (home / ".local/share/kept").write_text("")
    done = install(unpacked, "--user", "--uninstall", home=home)
    assert (done.returncode, contents(home)) == (0, {".local", ".local/share", ".local/share/kept"})


@pytest.mark.parametrize("kind", ["file", "link"])
def test_another_podium_is_left_alone(unpacked: Path, tmp_path: Path, kind: str) -> None:
    home = tmp_path / "home"
    other = home / ".local/bin/podium"
    other.parent.mkdir(parents=True)
    (tmp_path / "pipx").write_text("of pipx")
    if kind == "link":
        other.symlink_to(tmp_path / "pipx")
    else:
        other.write_text("of pipx")
    done = install(unpacked, "--user", home=home)
    assert done.returncode == 1
    assert "another" in done.stderr
    assert other.read_text() == "of pipx"


def test_a_changed_list_removes_nothing_elsewhere(unpacked: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert install(unpacked, "--user", home=home).returncode == 0
    (home / "mine").write_text("")
    with (home / ".local/lib/podium/installed-files").open("a") as file:
        file.write("../mine\n")
    assert install(unpacked, "--user", "--uninstall", home=home).returncode == 1
    assert (home / "mine").exists()


def test_a_folder_that_cannot_be_written_is_named(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "prefix").write_text("a file")
    done = install(unpacked, "--prefix", str(tmp_path / "prefix"), home=tmp_path / "home")
    assert done.returncode != 0
    assert "prefix" in done.stderr

"""Each kind of package from its installation to its removal: .deb, portable archive, pipx."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import uses
from places import DIST, ROOT
from system import Failed, Suite, System
from uses import holds

OLDER: Final = "0.0.1"
FILES: Final = {
    "try.mission.toml": """\
name = "Try the package"
max_rounds = 1

[[agents]]
id = "one"
command = ["true"]
prompt = "Nothing."
""",
    "try.podium.toml": """\
name = "Try the package"
view = "grid"

[[instances]]
name = "shell"

[[instances]]
name = "counting"
command = ["sh", "-c", "for i in 1 2 3; do echo $i; done"]
""",
}
"""Files that a desktop opens with Podium."""
_WINDOW_LIBRARIES: Final = (
    "libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libx11-xcb1 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-glx0 libxcb-randr0 libxcb-render0 libxcb-shm0 libxcb-sync1 "
    "libxcb-xfixes0 libxcb-xkb1 libwayland-client0 libwayland-cursor0 libstdc++6 libzstd1"
)
"""What a desktop has anyhow, and a package for any system does not bring."""
_HOME_FOLDERS: Final = "mkdir -p ~/.config ~/.local/state"
_STATE: Final = ("/home/person/.config", "/home/person/.local/state")
"""A person's settings and history stay, whatever is removed."""


def deb(system: System, _suite: Suite, pictures: Path) -> None:
    """Install an older version, use it, upgrade it while it runs, purge it."""
    package = only("podium_*.deb")
    shutil.copy(package, system.place / "tmp" / "new.deb")
    with tempfile.TemporaryDirectory(prefix="podium-older-") as folder:
        shutil.copy(_older(package, Path(folder)), system.place / "tmp" / "old.deb")
    system.run("apt-get update -qq")
    before = system.files("/home")
    system.install("/tmp/old.deb")
    holds("the older version is installed", OLDER in system.run("dpkg-query -W podium"))
    uses.engine(system, "deb")
    _texts(system)
    after_old = {line.split()[0] for line in system.files("/home")}
    uses.before_upgrade(system)
    system.install("/tmp/new.deb")
    holds("it is upgraded", OLDER not in system.run("dpkg-query -W podium"))
    holds(
        "the upgrade adds and leaves no file",
        {each.split()[0] for each in system.files("/home")} == after_old,
    )
    _use_upgraded(system, "/usr/share/applications/podium.desktop", pictures)
    system.run("apt-get purge -y -qq podium && apt-get autoremove -y -qq --purge")
    _nothing_left(before, system.files("/home"))
    holds("dpkg knows nothing of it", "no packages found" in system.run("dpkg-query -W podium", check=False))


def portable(system: System, _suite: Suite, pictures: Path) -> None:
    """Unpack, install for the person alone, use, install over it, remove."""
    archive = only("podium-*-linux-*.tar.xz")
    system.run("apt-get update -qq")
    system.install(*_WINDOW_LIBRARIES.split())
    shutil.copy(archive, system.place / "tmp" / "podium.tar.xz")
    system.run(_HOME_FOLDERS, person=True)
    system.run("mkdir /tmp/unpacked && tar -xf /tmp/podium.tar.xz -C /tmp/unpacked --strip-components=1")
    before = system.files(*_STATE)
    system.run("/tmp/unpacked/install.sh --user", person=True)
    uses.engine(system, "portable")
    uses.before_upgrade(system)
    system.run("/tmp/unpacked/install.sh --user", person=True)
    _use_upgraded(system, "$HOME/.local/share/applications/podium.desktop", pictures)
    system.run("/tmp/unpacked/install.sh --user --uninstall", person=True)
    _clear_of_the_trial(system)
    _nothing_left(before, system.files(*_STATE))


def pipx(system: System, suite: Suite, pictures: Path) -> None:
    """Install the wheel with pipx, as the person; use it, and remove it."""
    system.run("apt-get update -qq")
    system.install("pipx", "python3-venv", *_WINDOW_LIBRARIES.split())
    wheels = system.place / "tmp" / "wheels"
    wheel = _wheelhouse(suite, wheels)
    system.run(_HOME_FOLDERS, person=True)
    before = system.files(*_STATE, "/home/person/.cache")
    system.run(
        f"pipx install --pip-args '--no-index --find-links /tmp/wheels' /tmp/wheels/{wheel.name}", person=True
    )
    uses.engine(system, "wheel", compiled="none-any" not in wheel.name)
    uses.serve(system)
    uses.demo(system, pictures)
    system.run("pipx uninstall podium", person=True)
    _clear_of_the_trial(system)
    system.run(
        "rm -rf ~/.local/share/pipx ~/.local/pipx; find ~/.local/share -type d -empty -delete || true",
        person=True,
    )  # pipx's own.
    _nothing_left(before, system.files(*_STATE, "/home/person/.cache"))


KINDS: Final[Mapping[str, Callable[[System, Suite, Path], None]]] = {
    "deb": deb,
    "portable": portable,
    "pipx": pipx,
}


def _use_upgraded(system: System, entry: str, pictures: Path) -> None:
    """All that an upgraded package in a desktop is put to."""
    uses.after_upgrade(system)
    uses.serve(system)
    uses.demo(system, pictures)
    uses.menu_entry(system, entry, pictures)
    for name, content in FILES.items():
        uses.double_click(system, name, content, pictures)


def only(pattern: str) -> Path:
    """The one file of ``dist`` that fits."""
    found = list(DIST.glob(pattern))
    if len(found) != 1:
        raise Failed(f"there is one dist/{pattern}, but {len(found)} are there; run make package")
    return found[0]


def _older(package: Path, folder: Path) -> Path:
    """The same package under an older version, to upgrade from."""
    unpacked = folder / "older"
    subprocess.run(["dpkg-deb", "-R", str(package), str(unpacked)], check=True)
    control = unpacked / "DEBIAN" / "control"
    lines = control.read_text().splitlines(keepends=True)
    control.write_text(
        "".join(f"Version: {OLDER}\n" if each.startswith("Version:") else each for each in lines)
    )
    target = folder / f"podium_{OLDER}.deb"
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", "-Znone", str(unpacked), str(target)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return target


def _texts(system: System) -> None:
    """What desktops, shells and people look for is where they look."""
    told = system.run("desktop-file-validate /usr/share/applications/podium.desktop")
    holds("the menu entry is valid", not told, told)
    types = system.run("grep -h podium /usr/share/mime/globs2")
    holds("mission files have a type", ":*.mission.toml" in types, types)
    holds("workspace files have a type", ":*.podium.toml" in types, types)
    for file in (
        "man/man1/podium.1.gz",
        "man/man1/podium-ctl.1.gz",
        "man/man1/podium-mission.1.gz",
        "bash-completion/completions/podium",
        "icons/hicolor/48x48/apps/podium.png",
        "icons/hicolor/symbolic/apps/podium-symbolic.svg",
        "doc/podium/copyright",
        "doc/podium/html/index.html",
    ):
        # dpkg is told to leave documents out of small systems; what the package has counts.
        holds(f"it has /usr/share/{file}", f"/usr/share/{file}\n" in system.run("dpkg -L podium"))


def _wheelhouse(suite: Suite, folder: Path) -> Path:
    """Fill it with Podium's wheel and those of its dependencies for that system's Python. Podium's path."""
    folder.mkdir()
    tag = "cp" + suite.python.replace(".", "")
    found = [*DIST.glob(f"podium-*-{tag}-*.whl"), *DIST.glob("podium-*-none-any.whl")]
    if not found:
        raise Failed("there is a wheel in dist; run make wheel")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)),
            *("--python-version", suite.python, "--only-binary=:all:"),
            *("--constraint", str(ROOT / "constraints.txt"), str(found[0])),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"its dependencies can be had:\n{done.stderr}")
    return next(folder.glob("podium-*.whl"))


def _clear_of_the_trial(system: System) -> None:
    """Remove what the trial itself wrote at home, and what any program of a desktop does."""
    system.run(
        "rm -rf run shots .bash_history *.log s.json ready desktop.sh *.toml .cache .dbus; rmdir -p .local/bin || true",
        person=True,
    )


def _nothing_left(before: frozenset[str], after: frozenset[str]) -> None:
    left, gone = sorted(after - before), sorted(before - after)
    holds(
        "nothing is left in the file system", not left and not gone, f"more: {left[:40]}\nless: {gone[:40]}"
    )

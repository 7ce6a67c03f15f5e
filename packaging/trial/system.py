"""A clean Debian or Ubuntu in a folder, with a person in it: made by debootstrap once, then unpacked anew."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from places import ROOT

PERSON: Final = "person"
HOME: Final = f"/home/{PERSON}"
_DEBOOTSTRAP: Final = Path("/usr/share/debootstrap/scripts")
_HAVE: Final = (
    # What any desktop has: a display, the tools that start a menu entry and know file types, git.
    "xvfb,xauth,xdotool,procps,dbus,dbus-x11,desktop-file-utils,shared-mime-info,libglib2.0-bin,fonts-dejavu-core,man-db,"
    "xz-utils,git,openbox"
)


class Failed(Exception):
    """What was promised does not hold; words for a person."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A release of Debian or Ubuntu."""

    name: str
    mirror: str
    components: str
    keyring: Path
    script: str
    """debootstrap's: it knows not every name, and all of Ubuntu's are made alike."""
    python: str


SUITES: Final = {
    "bookworm": Suite(
        "bookworm",
        "http://deb.debian.org/debian",
        "main",
        Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
        "sid",
        "3.11",
    ),
    "noble": Suite(
        "noble",
        "http://archive.ubuntu.com/ubuntu",
        "main,universe",
        Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg"),
        "gutsy",
        "3.12",
    ),
}


class System:
    """A clean system below ``place``; commands run in it by chroot."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @property
    def home(self) -> Path:
        """The person's home folder, seen from outside."""
        return self.place / HOME.lstrip("/")

    def run(self, command: str, *, person: bool = False, check: bool = True) -> str:
        """What a shell there prints for ``command``. Raises Failed with all it printed when it fails."""
        inside = ["su", "-", PERSON, "-c", command] if person else ["sh", "-c", command]
        done = subprocess.run(
            [
                *("chroot", str(self.place), "/usr/bin/env", "-i"),
                *("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"),
                *inside,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if check and done.returncode:
            raise Failed(f"`{command}` ended with {done.returncode}:\n{done.stdout[-4000:]}")
        return done.stdout

    def install(self, *packages: str) -> None:
        """With apt, and what they depend on."""
        self.run(f"apt-get install -y -qq --no-install-recommends {' '.join(packages)}")

    def files(self, *skipped: str) -> frozenset[str]:
        """Every file as ``path mode owner size link``, but those below ``skipped`` and what any package changes."""
        pruned = " -o ".join(f"-path {path}" for path in ("/proc", "/sys", "/dev", "/tmp", "/run", *skipped))
        found = self.run(
            f"find / -xdev \\( {pruned} \\) -prune -o -type d -printf '%p %m %u\\n' -o -printf '%p %m %u %s %l\\n'"
        )
        return frozenset(line for line in found.splitlines() if not line.startswith(_CHANGES))


_CHANGES: Final = (
    "/var/lib/apt/",
    "/var/lib/dpkg/",
    "/var/cache/",
    "/var/log/",
    "/var/lib/systemd/",
    "/etc/ld.so.cache",
)
"""What installing and removing any package changes. A package's own files below /var/lib/dpkg go when it is purged:
dpkg is asked about those.
"""


@contextlib.contextmanager
def clean_system(suite: Suite, place: Path) -> Iterator[System]:
    """A fresh ``suite`` below ``place``, an empty folder. What runs in it, and its mounts, are gone afterwards."""
    base = ROOT / "build" / f"system-{suite.name}.tar"
    if not base.exists():
        _bootstrap(suite, place)
        base.parent.mkdir(exist_ok=True)
        partial = base.with_suffix(".part")
        subprocess.run(["tar", "-cf", str(partial), "--one-file-system", "-C", str(place), "."], check=True)
        partial.rename(base)
    else:
        subprocess.run(["tar", "-xpf", str(base), "-C", str(place)], check=True)
    mounts = [("proc", "proc", ""), ("sysfs", "sys", ""), ("devpts", "dev/pts", "newinstance,ptmxmode=0666")]
    try:
        for kind, target, options in mounts:
            (place / target).mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["mount", "-t", kind, kind, str(place / target), *(["-o", options] if options else [])],
                check=True,
            )
        (place / "dev" / "ptmx").unlink(missing_ok=True)
        (place / "dev" / "ptmx").symlink_to("pts/ptmx")
        shutil.copy("/etc/resolv.conf", place / "etc" / "resolv.conf")
        (place / "usr" / "sbin" / "policy-rc.d").write_text("#!/bin/sh\nexit 101\n")  # No services in here.
        (place / "usr" / "sbin" / "policy-rc.d").chmod(0o755)
        yield System(place)
    finally:
        _end_all(place)
        for _, target, _ in reversed(mounts):
            subprocess.run(["umount", "--lazy", str(place / target)], check=False, stderr=subprocess.DEVNULL)


def _bootstrap(suite: Suite, place: Path) -> None:
    checked = [f"--keyring={suite.keyring}"] if suite.keyring.exists() else ["--no-check-gpg"]
    if not suite.keyring.exists():
        print(f"{suite.keyring} is not here: {suite.name}'s packages are taken unchecked", flush=True)
    options = ["--variant=minbase", f"--include={_HAVE}", f"--components={suite.components}", *checked]
    done = subprocess.run(
        ["debootstrap", *options, suite.name, str(place), suite.mirror, str(_DEBOOTSTRAP / suite.script)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"debootstrap failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    subprocess.run(["chroot", str(place), "useradd", "-m", "-s", "/bin/bash", PERSON], check=True)


def _end_all(place: Path) -> None:
    """Kill whatever still has its root below ``place``."""
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "root").readlink() == place:
                subprocess.run(["kill", "-9", process.name], check=False, stderr=subprocess.DEVNULL)
        except OSError:
            continue  # It has ended meanwhile.

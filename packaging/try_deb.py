"""Installs the .deb in a clean system, uses it, upgrades it, and purges it: needs root, debootstrap and a mirror.

python packaging/try_deb.py [SUITE] [--keep]    SUITE: bookworm (unless said otherwise) or noble

What is asserted is printed, a line each; the first that does not hold ends it with status 1.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MIRRORS: Final = {
    "bookworm": "http://deb.debian.org/debian",
    "noble": "http://archive.ubuntu.com/ubuntu",
}
PERSON: Final = "person"
OLDER: Final = "0.0.1"
_NOT_OURS: Final = (
    "var/lib/apt/",
    "var/lib/dpkg/",
    "var/cache/",
    "var/log/",
    "etc/passwd",
    "etc/shadow",
    "run/",
)
"""What changes with any package. A package's own files under var/lib/dpkg go with its purge; dpkg is asked."""


class System:
    """A Debian or Ubuntu of its own, below ``place``."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def run(self, command: str, *, person: bool = False, check: bool = True) -> str:
        """What a shell there prints for ``command``. Raises SystemExit with all it printed when it fails."""
        inside = [
            "chroot",
            str(self.place),
            "/usr/bin/env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=C.UTF-8",
        ]
        inside += ["DEBIAN_FRONTEND=noninteractive"]
        inside += ["su", "-", PERSON, "-c", command] if person else ["sh", "-c", command]
        done = subprocess.run(
            inside, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if check and done.returncode:
            raise SystemExit(f"try_deb: `{command}` ended with {done.returncode}:\n{done.stdout[-4000:]}")
        return done.stdout

    def files(self) -> frozenset[str]:
        found = self.run(
            "find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /home \\) -prune -o -print"
        )
        return frozenset(
            line.lstrip("/") for line in found.splitlines() if not line.lstrip("/").startswith(_NOT_OURS)
        )


@contextlib.contextmanager
def clean_system(suite: str, place: Path) -> Iterator[System]:
    """A fresh ``suite`` with what a desktop has at least: a display server, and a person."""
    base = ROOT / "build" / f"system-{suite}.tar"
    if base.exists():
        subprocess.run(["tar", "-xf", str(base), "-C", str(place)], check=True)
    else:
        _bootstrap(suite, place)
        base.parent.mkdir(exist_ok=True)
        subprocess.run(["tar", "-cf", str(base), "--one-file-system", "-C", str(place), "."], check=True)
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
        yield System(place)
    finally:
        for _, target, _ in reversed(mounts):
            subprocess.run(["umount", "--lazy", str(place / target)], check=False, stderr=subprocess.DEVNULL)


def _bootstrap(suite: str, place: Path) -> None:
    include = "xvfb,xauth,procps,psmisc,desktop-file-utils,shared-mime-info,dbus,fonts-dejavu-core"
    options = ["--variant=minbase", f"--include={include}"]
    if suite == "noble":
        options.append("--components=main,universe")
    log = subprocess.run(
        ["debootstrap", *options, suite, str(place), MIRRORS[suite]],
        capture_output=True,
        text=True,
        check=False,
    )
    if log.returncode:
        raise SystemExit(f"try_deb: debootstrap failed:\n{log.stdout[-3000:]}{log.stderr[-1000:]}")
    subprocess.run(["chroot", str(place), "useradd", "-m", "-s", "/bin/bash", PERSON], check=True)


def older(package: Path, folder: Path) -> Path:
    """The same package under an older version, to upgrade from."""
    unpacked = folder / "older"
    subprocess.run(["dpkg-deb", "-R", str(package), str(unpacked)], check=True)
    control = unpacked / "DEBIAN" / "control"
    lines = control.read_text().splitlines(keepends=True)
    control.write_text(
        "".join(f"Version: {OLDER}\n" if line.startswith("Version:") else line for line in lines)
    )
    target = folder / f"podium_{OLDER}.deb"
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", "-Znone", str(unpacked), str(target)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return target


def holds(what: str, outcome: object) -> None:
    if not outcome:
        raise SystemExit(f"try_deb: FAILED: {what}")
    print(f"ok: {what}", flush=True)


SERVE: Final = """
export XDG_RUNTIME_DIR=$HOME/run; mkdir -p -m 700 $XDG_RUNTIME_DIR
podium serve >serve.log 2>&1 & server=$!
podium ctl --wait-for-server 60 start sh --kind shell >/dev/null
podium ctl send sh 'echo one-$((40+2))' --enter >/dev/null
podium ctl wait sh --text one-42 --timeout 30 >/dev/null && echo answered
worker=$(pgrep -u person -f 'podium worker' | head -n 1); kill -9 $worker
for i in $(seq 100); do
    sleep 0.3; next=$(pgrep -u person -f 'podium worker' | head -n 1)
    [ -n "$next" ] && [ "$next" != "$worker" ] && echo restarted && break
done
podium ctl history --json | head -c 2000
kill $server; wait $server; pgrep -u person -f podium >/dev/null || echo nothing-left
"""


def use(system: System) -> None:
    """What is installed does what it is for."""
    said = system.run(SERVE, person=True)
    holds("the control API is answered", "answered" in said)
    holds("a killed worker is restarted", "restarted" in said)
    holds("nothing runs after the server's end", "nothing-left" in said)
    system.run(
        "rm -rf pictures; xvfb-run -a podium demo --until-done --summary s.json --screenshot pictures",
        person=True,
    )
    summary = json.loads((system.place / "home" / PERSON / "s.json").read_text())
    holds("the demo ran to its end under Xvfb", summary["asExpected"])
    holds(
        "its pictures are there", len(list((system.place / "home" / PERSON / "pictures").glob("*.png"))) == 2
    )


def entry(system: System) -> None:
    """The menu entry, the file types and the texts are where desktops look."""
    holds(
        "the menu entry is valid",
        not system.run("desktop-file-validate /usr/share/applications/podium.desktop"),
    )
    system.run("echo 'name = \"x\"' >/tmp/fix.mission.toml; chmod 644 /tmp/fix.mission.toml")
    types = system.run("grep -h podium /usr/share/mime/globs2")
    holds("mission files have a type", "application/x-podium-mission+toml:*.mission.toml" in types)
    holds("workspace files have a type", "application/x-podium-workspace+toml:*.podium.toml" in types)
    for file in (
        "man/man1/podium.1.gz",
        "man/man1/podium-ctl.1.gz",
        "bash-completion/completions/podium",
        "icons/hicolor/48x48/apps/podium.png",
        "icons/hicolor/symbolic/apps/podium-symbolic.svg",
        "doc/podium/copyright",
    ):
        holds(f"/usr/share/{file}", (system.place / "usr" / "share" / file).is_file())


def main(arguments: list[str]) -> int:
    keep = "--keep" in arguments
    suite = next((argument for argument in arguments if not argument.startswith("-")), "bookworm")
    packages = sorted((ROOT / "dist").glob("podium_*.deb"))
    if len(packages) != 1 or os.geteuid() != 0 or not shutil.which("debootstrap"):
        print("try_deb: needs root, debootstrap and one dist/podium_*.deb", file=sys.stderr)
        return 2
    began = time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="podium-system-"))
    place.chmod(0o755)
    try:
        with clean_system(suite, place) as system:
            inside = place / "tmp"
            shutil.copy(packages[0], inside / "new.deb")
            with tempfile.TemporaryDirectory(prefix="podium-older-") as folder:
                shutil.copy(older(packages[0], Path(folder)), inside / "old.deb")
            system.run("apt-get update -qq && apt-get install -y -qq git >/dev/null")
            before = system.files()
            needed = "apt-get install -y -qq --no-install-recommends"
            system.run(f"{needed} /tmp/old.deb")
            holds("the older version is installed", OLDER in system.run("dpkg-query -W podium"))
            after_old = system.files()
            holds(
                "its engine is compiled",
                "engine: compiled" in system.run("podium --version --verbose", person=True),
            )
            entry(system)
            use(system)
            state = place / "home" / PERSON / ".local" / "state" / "podium"
            kept = sorted(str(path.relative_to(state)) for path in state.rglob("*") if "history" in path.name)
            holds("there is a history to keep", kept)
            system.run(f"{needed} /tmp/new.deb")
            holds("it is upgraded", OLDER not in system.run("dpkg-query -W podium"))
            holds("the upgrade adds and leaves no files", system.files() == after_old)
            holds("history and state are kept", all((state / name).exists() for name in kept))
            use(system)
            system.run("apt-get purge -y -qq podium && apt-get autoremove -y -qq --purge")
            left = sorted(path for path in system.files() - before if not path.endswith(".pyc"))
            holds(f"purged without a trace {left[:20]}", not left)
            holds(
                "dpkg knows nothing of it",
                "no packages found" in system.run("dpkg-query -W podium", check=False),
            )
        print(f"{suite}: all held, {time.monotonic() - began:.0f} s")
    finally:
        if keep:
            print(f"kept: {place}")
        else:
            subprocess.run(["rm", "-rf", "--one-file-system", str(place)], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

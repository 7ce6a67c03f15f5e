"""Installs what ``make package`` built in clean systems, uses it, upgrades it and removes it; nothing may be left.

python packaging/trial [SUITE…] [--only deb|portable|pipx] [--pictures FOLDER]

Needs root, debootstrap, a mirror and the packages in dist. Each outcome is printed; the first that does not hold
ends it with status 1. Without SUITE: all of ``system.py``.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from kinds import KINDS
from places import ROOT
from system import SUITES, Failed, clean_system


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="trial", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("suites", nargs="*", choices=[[], *SUITES], metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--only", action="append", choices=list(KINDS), help="some kinds of package")
    parser.add_argument("--pictures", type=Path, default=ROOT / "build" / "trial", help="where pictures go")
    given = parser.parse_args(arguments)
    if not shutil.which("debootstrap"):
        print("trial: debootstrap is missing: apt-get update && apt-get install debootstrap", file=sys.stderr)
        return 2
    for name in given.suites or SUITES:
        for kind in given.only or KINDS:
            began = time.monotonic()
            print(f"{name}, {kind}", flush=True)
            with tempfile.TemporaryDirectory(prefix="podium-system-", ignore_cleanup_errors=True) as folder:
                place = Path(folder)
                place.chmod(0o755)
                try:
                    with clean_system(SUITES[name], place) as system:
                        KINDS[kind](system, SUITES[name], given.pictures / f"{name}-{kind}")
                except Failed as failed:
                    print(f"trial: FAILED: {name}, {kind}: {failed}", file=sys.stderr)
                    return 1
            print(f"  all held, {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Builds ``dist/podium-VERSION-macos-MACHINE.dmg`` of the frozen program: bundle, signatures, disk image, notarisation.

python packaging/macos/package.py

Signed with the identity in MACOS_IDENTITY, else ad hoc; notarised with APPLE_ID, APPLE_TEAM_ID and APPLE_PASSWORD. What
is not done for want of these is said.
"""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import bundle

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
ACCOUNT: Final = ("APPLE_ID", "APPLE_TEAM_ID", "APPLE_PASSWORD")

Run = Callable[[list[str]], object]


def sign(made: Path, identity: str, run: Run) -> None:
    """Sign a bundle from the inside out; without an identity ad hoc, which Apple's own chips ask for at least."""
    # A time stamp needs Apple's server, and is of use only with a certificate.
    who = ["--sign", identity, "--timestamp"] if identity else ["--sign", "-"]
    command = ["codesign", "--force", "--options", "runtime", *who]
    for path in bundle.code(made):
        run([*command, str(path)])
    run([*command, "--entitlements", str(HERE / "entitlements.plist"), str(made)])
    run(["codesign", "--verify", "--deep", "--strict", str(made)])


def pack(made: Path, image: Path, run: Run) -> None:
    """Make the disk image: the bundle beside a link to Applications."""
    applications = made.parent / "Applications"
    if not applications.is_symlink():
        applications.symlink_to("/Applications")
    options = ["-volname", "Podium", "-srcfolder", str(made.parent), "-ov", "-format", "UDZO"]
    run(["hdiutil", "create", *options, str(image)])


def notarise(image: Path, environment: Mapping[str, str], run: Run) -> str:
    """Have Apple look at the image where an account is given; returns what was done, in a sentence."""
    missing = [name for name in ("MACOS_IDENTITY", *ACCOUNT) if not environment.get(name)]
    if missing:
        return f"not notarised, because {', '.join(missing)} is not set: macOS asks before it opens Podium"
    account, team, password = (environment[name] for name in ACCOUNT)
    run(["codesign", "--sign", environment["MACOS_IDENTITY"], "--timestamp", str(image)])
    who = ["--apple-id", account, "--team-id", team, "--password", password]
    run(["xcrun", "notarytool", "submit", str(image), *who, "--wait"])
    run(["xcrun", "stapler", "staple", str(image)])
    return "notarised"


def _run(command: list[str]) -> None:
    """Without the command in the error: it may hold a password."""
    if code := subprocess.run(command, check=False).returncode:
        raise SystemExit(f"package: {command[0]} ended with {code}")


def main() -> int:
    sys.path.insert(0, str(HERE.parent))
    import build_file
    import docs_parts
    import icons
    import notices
    from places import DIST, DOCUMENTS, FROZEN, RESOURCES

    from podium import __version__

    build_file.write(FROZEN / RESOURCES, "macos")
    docs_parts.copy(FROZEN / DOCUMENTS)
    image = DIST / f"podium-{__version__}-macos-{platform.machine()}.dmg"
    with tempfile.TemporaryDirectory(prefix="podium-macos-") as name:
        folder = Path(name)
        text, icon, stage = folder / "notices.txt", folder / "podium.icns", folder / "stage"
        text.write_text(notices.notices([*notices.carried(FROZEN), *docs_parts.parts()]), encoding="utf-8")
        if code := icons.main([str(ROOT / "packaging" / "linux" / "icons" / "podium.svg"), str(icon)]):
            return code
        made = bundle.lay_out(FROZEN, icon, text, stage, version=__version__)
        sign(made, os.environ.get("MACOS_IDENTITY", ""), _run)
        pack(made, image, _run)
    print(f"{image.relative_to(ROOT)}: {notarise(image, os.environ, _run)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

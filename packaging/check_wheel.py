"""Asserts that a wheel carries what its tag says: every compiled module of the engine, or none at all.

python packaging/check_wheel.py dist/*.whl    a line for each; exit 1 if one lies
"""

import sys
import zipfile
from pathlib import Path

from compile_terminal import GROUP, modules

BINARY = (".so", ".pyd")


def check(wheel: Path) -> str:
    """What the wheel carries, in a sentence. Raises ValueError when that is not what its name says."""
    with zipfile.ZipFile(wheel) as archive:
        binaries = [name for name in archive.namelist() if name.endswith(BINARY)]
        names = set(archive.namelist())
    if wheel.stem.endswith("-none-any"):
        if binaries:
            raise ValueError(f"{wheel.name} is tagged pure and carries {binaries[0]}")
        return f"{wheel.name}: pure, the engine runs interpreted"
    folder = "podium/terminal/"
    compiled = {name.removeprefix(folder).partition(".")[0] for name in binaries if name.startswith(folder)}
    missing = [name for name in modules() if name not in compiled]
    if not any(name.startswith(f"{GROUP}__mypyc") for name in binaries):
        missing.append(f"{GROUP}__mypyc")
    if missing:
        raise ValueError(f"{wheel.name} is tagged for a platform and lacks compiled {', '.join(missing)}")
    sources = [name for name in modules() if f"{folder}{name}.py" not in names]
    if sources:
        raise ValueError(f"{wheel.name} lacks the source of {', '.join(sources)}")
    return f"{wheel.name}: the engine is compiled, {len(compiled)} modules"


def main(arguments: list[str]) -> int:
    status = 0
    for argument in arguments:
        try:
            print(check(Path(argument)))
        except (ValueError, OSError, zipfile.BadZipFile) as error:
            print(f"check_wheel: {error}", file=sys.stderr)
            status = 1
    if not arguments:
        print("check_wheel: name at least one wheel", file=sys.stderr)
    return status or int(not arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The table of faults to plant: a TOML file for each room in ``plants/``.

A ``[[files]]`` names a source by its path below ``desktop/podium``, the tests that must notice, and the faults as pairs
of texts: the first, which the source holds once, becomes the second.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

from tests.mutants.plant import Plant

_FOLDER: Final = Path(__file__).parent / "plants"


def read_plants(folder: Path = _FOLDER) -> tuple[Plant, ...]:
    """All plants, room by room. Raises ValueError with the file and the row for one that can't be a fault."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        tables: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["files"]
        for table in tables:
            for old, new in table["faults"]:
                if not old or old == new:
                    raise ValueError(f"{path.name}, {table['path']}: {old!r} → {new!r} is no fault")
                found.append(Plant(path.stem, table["path"], old, new, tuple(table["tests"])))
    return tuple(found)

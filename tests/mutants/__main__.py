"""Plants every fault of the table and prints which the tests noticed: ``python -m tests.mutants [PART …]``.

PART is a piece of a file's path, such as ``supervision``. JOBS tells how many copies work side by side. The exit
status is 1 when less than 90 % are noticed, or a row no longer fits the source.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from tests.mutants.field import Field
from tests.mutants.plant import Outcome, Plant, Verdict
from tests.mutants.table import read_plants

_ROOT: Final = Path(__file__).parents[2]
_WANTED: Final = 0.9


class Fields:
    """As many copies of the project as work side by side."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._free: SimpleQueue[Field] = SimpleQueue()
        for number in range(jobs):
            place = folder / str(number)
            place.mkdir()
            self._free.put(Field(_ROOT, place))

    @contextmanager
    def one(self) -> Iterator[Field]:
        field = self._free.get()
        try:
            yield field
        finally:
            self._free.put(field)


def judge(plants: Sequence[Plant], jobs: int) -> Iterator[Verdict]:
    """The verdict on each plant, in order. Tests that fail without a fault prove nothing: their rows are stale."""
    with tempfile.TemporaryDirectory(prefix="podium-mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        fields = Fields(Path(folder), jobs)

        def whole(tests: tuple[str, ...]) -> tuple[bool, str]:
            with fields.one() as field:
                return field.run(tests)

        def planted(plant: Plant) -> Verdict:
            passed, detail = sound[plant.tests]
            if not passed:
                return Verdict(plant, Outcome.STALE, f"without the fault: {detail}")
            with fields.one() as field:
                return field.try_plant(plant)

        sets = list(dict.fromkeys(plant.tests for plant in plants))
        sound = dict(zip(sets, pool.map(whole, sets), strict=True))
        yield from pool.map(planted, plants)


def main(parts: Sequence[str]) -> int:
    plants = [plant for plant in read_plants() if not parts or any(part in plant.file for part in parts)]
    if not plants:
        print(f"no plant is in a file named like {', '.join(parts)}", file=sys.stderr)
        return 2
    counts = dict.fromkeys(Outcome, 0)
    for verdict in judge(plants, int(os.environ.get("JOBS", "2"))):
        counts[verdict.outcome] += 1
        print(f"{verdict.outcome:<8}  {verdict.plant}", flush=True)
        if verdict.outcome is not Outcome.SURVIVED:
            print(f"          {verdict.detail}", flush=True)
    killed = counts[Outcome.KILLED]
    print(
        f"\n{killed} of {len(plants)} planted faults were noticed ({killed / len(plants):.0%}, wanted {_WANTED:.0%})"
    )
    return 1 if counts[Outcome.STALE] or killed < _WANTED * len(plants) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

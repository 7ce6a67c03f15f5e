"""Judges plants: several copies of the project work side by side."""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.field import Field
from tests.mutants.plant import Outcome, Plant, Verdict


class Fields:
    """As many copies of ``first`` as work side by side, ``first`` among them."""

    def __init__(self, first: Field, folder: Path, jobs: int) -> None:
        self._free: SimpleQueue[Field] = SimpleQueue()
        self._free.put(first)
        for number in range(1, jobs):
            self._free.put(first.copy(folder / str(number)))

    @contextmanager
    def one(self) -> Iterator[Field]:
        field = self._free.get()
        try:
            yield field
        finally:
            self._free.put(field)


def judge(root: Path, plants: Sequence[Plant], jobs: int) -> Iterator[Verdict]:
    """The verdict on each plant in the project at ``root``, in order. Tests that fail without a fault prove nothing:
    their rows are stale.
    """
    with tempfile.TemporaryDirectory(prefix="podium-mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        whole = Path(folder, "0")
        whole.mkdir()
        first = Field.of(root, whole)
        sets = list(dict.fromkeys(plant.tests for plant in plants))
        # Bytecode is kept here alone: that of a planted fault would be taken for the source's.
        sound = dict(
            zip(sets, pool.map(lambda tests: first.run(tests, keep_bytecode=True), sets), strict=True)
        )
        fields = Fields(first, Path(folder), jobs)

        def planted(plant: Plant) -> Verdict:
            passed, detail = sound[plant.tests]
            if not passed:
                return Verdict(plant, Outcome.STALE, f"without the fault: {detail}")
            with fields.one() as field:
                return field.try_plant(plant)

        yield from pool.map(planted, plants)

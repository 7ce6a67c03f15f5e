"""Plants every fault of the table and prints which the tests noticed: ``python -m tests.mutants [PART …]``.

PART is the name of a room, such as ``supervision``, or a piece of a file's path. JOBS tells how many copies work side
by side. The exit status is 1 when less than 90 % are noticed, or a row no longer fits the source.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.mutants.judging import judge
from tests.mutants.plant import Outcome, Verdict
from tests.mutants.table import read_plants

_ROOT: Final = Path(__file__).parents[2]
_WANTED: Final = 0.9


def summary(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """A table for people: a line for each room and one for all."""
    counts: Counter[tuple[str, Outcome]] = Counter()
    for verdict in verdicts:
        counts[verdict.plant.room, verdict.outcome] += 1
        counts["all", verdict.outcome] += 1
    yield f"{'room':<14}{'planted':>8}{'killed':>8}{'survived':>10}{'stale':>7}"
    for room in dict.fromkeys(room for room, _ in counts if room != "all"):
        yield _line(room, counts)
    yield _line("all", counts)


def _line(room: str, counts: Counter[tuple[str, Outcome]]) -> str:
    killed, survived, stale = (counts[room, outcome] for outcome in Outcome)
    planted = killed + survived + stale
    return f"{room:<14}{planted:>8}{killed:>8}{survived:>10}{stale:>7}{killed / max(1, planted):>7.0%}"


def main(parts: Sequence[str]) -> int:
    plants = [plant for plant in read_plants() if not parts or any(map(plant.belongs_to, parts))]
    if not plants:
        print(f"no plant is in a room or file named like {', '.join(parts)}", file=sys.stderr)
        return 2
    verdicts = []
    for verdict in judge(_ROOT, plants, int(os.environ.get("JOBS", "2"))):
        verdicts.append(verdict)
        print(f"{verdict.outcome:<8}  {verdict.plant}", flush=True)
        if verdict.outcome is not Outcome.SURVIVED:
            print(f"          {verdict.detail}", flush=True)
    print("", *summary(verdicts), sep="\n")
    counts = Counter(verdict.outcome for verdict in verdicts)
    return 1 if counts[Outcome.STALE] or counts[Outcome.KILLED] < _WANTED * len(plants) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

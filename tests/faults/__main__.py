"""Runs the fault matrix and prints a row for each fault: ``python -m tests.faults [ROW …]``, all when none is given.

The exit status is 1 when a row failed, or has no test that ran though nothing is left to build for it.
"""

import sys
from collections.abc import Sequence

import pytest

from tests.faults.matrix import MATRIX, Row
from tests.faults.plugin import Key, MatrixPlugin, Proof

_NOT_YET = "not built yet"


def outcome(row: Row, proof: Proof | None) -> str:
    """``passed``, ``not built yet``, or in capitals what is wrong."""
    if proof is None:
        return _NOT_YET if row.waits_for else "NO TEST"
    if proof.failed:
        return "FAILED"
    return "passed" if proof.passed else "NOT RUN"


def note(row: Row, proof: Proof | None) -> str:
    """The figures, or why there are none."""
    if proof is None:
        return f"waits for {row.waits_for}" if row.waits_for else ""
    if not proof.passed and proof.skipped and not proof.failed:
        return proof.skipped[0]
    tests = f"{proof.passed} test{'s' * (proof.passed != 1)}"
    return ", ".join((*(_figure(key, value) for key, value in proof.figures.items()), tests))


def _figure(key: Key, value: float | str) -> str:
    text = value if isinstance(value, str) else _number(value)
    limit = f" (< {_number(key.limit)})" if key.limit is not None else ""
    return f"{key.name} {text} {key.unit}".rstrip() + limit


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def main(arguments: Sequence[str]) -> int:
    wanted = {int(argument) for argument in arguments}
    plugin = MatrixPlugin(wanted, [row.number for row in MATRIX])
    status = pytest.main(["-m", "fault", "--quiet", "--no-header", "-r", "fE"], plugins=[plugin])
    rows = [row for row in MATRIX if not wanted or row.number in wanted]
    outcomes = {row: outcome(row, plugin.proofs.get(row.number)) for row in rows}
    print()
    width = max(len(row.title) for row in rows)
    for row, text in outcomes.items():
        line = (
            f"{row.number:>2}  {row.title:<{width}}  {text:<13}  {note(row, plugin.proofs.get(row.number))}"
        )
        print(line.rstrip())
    good = sum(text == "passed" for text in outcomes.values())
    later = sum(text == _NOT_YET for text in outcomes.values())
    bad = len(rows) - good - later
    print(f"\n{good} of {len(rows)} faults survived, {later} not built yet, {bad} not survived")
    broken = status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return 1 if bad or broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

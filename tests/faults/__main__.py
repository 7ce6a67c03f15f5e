"""Runs the fault matrix and prints a row for each fault: ``python -m tests.faults [ROW …]``, all when none is given.

The exit status is 1 when a row failed, or has no test that ran.
"""

import sys
from collections.abc import Sequence

import pytest

from tests.faults.matrix import MATRIX
from tests.faults.plugin import Key, MatrixPlugin, Proof


def outcome(proof: Proof | None) -> str:
    """``passed``, or in capitals what is wrong."""
    if proof is None:
        return "NO TEST"
    if proof.failed:
        return "FAILED"
    return "passed" if proof.passed else "NOT RUN"


def note(proof: Proof | None) -> str:
    """The figures, or why there are none."""
    if proof is None:
        return ""
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
    wanted = set(arguments)
    if unknown := wanted - {row.id for row in MATRIX}:
        print(f"there is no row {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    plugin = MatrixPlugin(wanted, [row.id for row in MATRIX])
    status = pytest.main(["-m", "fault", "--quiet", "--no-header", "-r", "fE"], plugins=[plugin])
    rows = [row for row in MATRIX if not wanted or row.id in wanted]
    print()
    width = max(len(row.title) for row in rows)
    survived = 0
    for row in rows:
        proof = plugin.proofs.get(row.id)
        survived += outcome(proof) == "passed"
        print(f"{row.id:>3}  {row.title:<{width}}  {outcome(proof):<7}  {note(proof)}".rstrip())
    print(f"\n{survived} of {len(rows)} faults survived")
    broken = status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return 1 if survived < len(rows) or broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

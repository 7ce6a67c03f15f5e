"""A pytest plugin that keeps, for each row of the matrix, what its tests came to and which figures they measured."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

JUDGES = pytest.StashKey[bool]()
"""In a run's stash: figures have to be below their limits."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a figure is of."""

    name: str
    unit: str
    limit: float | None


@dataclass
class Proof:
    """What the tests of one row came to."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    figures: dict[Key, float | str] = field(default_factory=dict)
    """The worst of each; that is the greatest."""


class MatrixPlugin:
    """Chooses the tests of ``rows`` (of all rows when there are none) and collects ``proofs`` by row."""

    def __init__(self, rows: Collection[str], known: Collection[str]) -> None:
        self._rows = frozenset(rows or known)
        self._known = frozenset(known)
        self._of_test: dict[str, tuple[str, ...]] = {}
        self.proofs: dict[str, Proof] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[JUDGES] = True

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        chosen, others = [], []
        for item in items:
            ids = tuple(str(id) for mark in item.iter_markers("fault") for id in mark.args)
            if strange := set(ids) - self._known:
                raise pytest.UsageError(f"{item.nodeid}: the matrix has no row {min(strange)}")
            self._of_test[item.nodeid] = tuple(id for id in ids if id in self._rows)
            (chosen if self._of_test[item.nodeid] else others).append(item)
        config.hook.pytest_deselected(items=others)
        items[:] = chosen

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for id in self._of_test.get(report.nodeid, ()):
            proof = self.proofs.setdefault(id, Proof())
            if report.failed:
                proof.failed.append(report.nodeid)
            elif report.skipped:
                proof.skipped.append(_reason(report))
            elif report.when == "call":
                proof.passed += 1
            if report.when == "teardown":  # Each phase's report carries the figures of those before it.
                _take_figures(proof, report)


def _take_figures(proof: Proof, report: pytest.TestReport) -> None:
    for kind, value in report.user_properties:
        if kind == "figure":
            name, measured, unit, limit = value
            key = Key(name, unit, limit)
            before = proof.figures.get(key)
            if isinstance(before, float | int) and isinstance(measured, float | int):
                measured = max(before, measured)
            proof.figures[key] = measured


def _reason(report: pytest.TestReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else "skipped"

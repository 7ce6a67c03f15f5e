"""A small project and faults in, verdicts out; and the real table fits the real source."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import summary
from tests.mutants.plant import Outcome, Plant, Verdict, source_of
from tests.mutants.table import read_plants

ROOT = Path(__file__).parents[2]
SOURCE = '''def least(a: int, b: int) -> int:
    """The smaller one."""
    return min(a, b)


def greet() -> str:
    return "hello"
'''
TESTS = """from podium.numbers import greet, least


def test_least() -> None:
    assert least(1, 2) == 1


def test_greet() -> None:
    assert greet()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "desktop" / "podium").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (root / "desktop" / "podium" / "__init__.py").touch()
    (root / "desktop" / "podium" / "numbers.py").write_text(SOURCE)
    (root / "tests" / "test_numbers.py").write_text(TESTS)
    (root / "tests" / "test_broken.py").write_text("def test_no() -> None:\n    assert False\n")
    return root


def plant(old: str, new: str, tests: str = "test_numbers.py", file: str = "numbers.py") -> Plant:
    return Plant("room", file, old, new, (tests,))


FAULTS = (
    (plant("min(", "max("), Outcome.KILLED),
    (plant('"hello"', '"goodbye"'), Outcome.SURVIVED),
    (plant('"hello"', '""'), Outcome.KILLED),
    (plant("hullo", "x"), Outcome.STALE),
    (plant("return", "yield"), Outcome.STALE),
    (plant("min(a, b)", "min(a, b"), Outcome.STALE),
    (plant("min(", "max(", file="gone.py"), Outcome.STALE),
    (plant("min(", "max(", tests="test_broken.py"), Outcome.STALE),
)
JUDGE = """
import sys
from pathlib import Path
from tests.mutants.judging import judge
from tests.mutants.test_mutants import FAULTS

for verdict in judge(Path(sys.argv[1]), [plant for plant, _ in FAULTS], 2):
    print(verdict.outcome, verdict.detail.replace(chr(10), " "))
"""
"""In a process of its own: what it keeps warm ends with it."""


def test_a_fault_is_noticed_or_survives_or_no_longer_fits(project: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, str(project)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes, details = zip(*(line.split(" ", 1) for line in done.stdout.splitlines()), strict=True)
    assert outcomes == tuple(outcome for _, outcome in FAULTS)
    assert "test_least" in details[0]
    assert "2 times, not once" in details[4]
    assert "without the fault" in details[7]
    assert (project / "desktop" / "podium" / "numbers.py").read_text() == SOURCE
    assert not list(project.rglob("__pycache__"))


def test_the_summary_counts_by_room() -> None:
    one, two = plant("a", "b"), Plant("other", "x.py", "a", "b", ())
    verdicts = [Verdict(one, Outcome.KILLED), Verdict(one, Outcome.SURVIVED), Verdict(two, Outcome.STALE)]
    assert [line.split() for line in summary(verdicts)] == [
        ["room", "planted", "killed", "survived", "stale"],
        ["room", "2", "1", "1", "0", "50%"],
        ["other", "1", "0", "0", "1", "0%"],
        ["all", "3", "1", "1", "1", "33%"],
    ]


@pytest.mark.parametrize("fault", ['["", "x"]', '["x", "x"]'])
def test_a_row_that_is_no_fault_is_refused(tmp_path: Path, fault: str) -> None:
    table = f'[[files]]\npath = "x.py"\ntests = ["x"]\nfaults = [{fault}]\n'
    (tmp_path / "room.toml").write_text(table)
    with pytest.raises(ValueError, match=r"room\.toml, x\.py"):
        read_plants(tmp_path)


def test_every_row_of_the_table_fits_the_source_and_names_tests_that_are_there() -> None:
    plants = read_plants()
    assert len(set(plants)) == len(plants)
    wrong = []
    for one in plants:
        try:
            one.applied(source_of(ROOT, one).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            wrong.append(str(error))
        for test in one.tests:
            path, _, name = test.partition("::")
            file = ROOT / "tests" / path
            if not file.exists() or (name and f"def {name}(" not in file.read_text(encoding="utf-8")):
                wrong.append(f"there is no test {test}")
    assert not wrong, "\n".join(dict.fromkeys(wrong))

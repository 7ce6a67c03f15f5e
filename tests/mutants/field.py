"""A copy of the project in which faults are planted, so that the checkout is never touched."""

import os
import shutil
import tempfile
from itertools import chain
from pathlib import Path
from typing import Final

from tests.mutants.plant import Outcome, Plant, Verdict, source_of
from tests.mutants.warm import run_pytest

_PARTS: Final = (
    "desktop",
    "resources",
    "tests",
    "packaging",
    "pyproject.toml",
    "docs",
    "README.md",
    "ARCHITECTURE.md",
)
_BUILT: Final = ("*.so", "*.pyd", ".compiled", "__pycache__")
_UNUSED: Final = ("cacheprovider", "xdist", "xdist.looponfail", "anyio", "hypothesispytest")
"""Plugins that no test needs here."""
_SECONDS: Final = 300
"""A fault may make a test wait for ever; then it was noticed."""


class Field:
    """One copy of the project in ``folder``; it carries one fault at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of(cls, root: Path, folder: Path) -> "Field":
        """A copy of the project at ``root``, without what was built there."""
        for name in _PARTS:
            if (root / name).is_dir():
                shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns(*_BUILT))
            elif (root / name).exists():
                shutil.copy2(root / name, folder / name)
        return cls(folder)

    def copy(self, folder: Path) -> "Field":
        """Another one, with the bytecode that tests have left in this one."""
        shutil.copytree(self._folder, folder, symlinks=True)
        return Field(folder)

    def run(self, tests: tuple[str, ...], *, keep_bytecode: bool) -> tuple[bool, str]:
        """Run ``tests`` until one fails. Returns whether all passed, and else the first failure."""
        unused = chain.from_iterable(("-p", f"no:{plugin}") for plugin in _UNUSED)
        arguments = ("-x", "-q", "--no-header", "-rfE", *unused, *(f"tests/{test}" for test in tests))
        with tempfile.NamedTemporaryFile(prefix="podium-mutants-", suffix=".txt") as file:
            output = Path(file.name)
            status = run_pytest(self._folder, arguments, output, _SECONDS, keep_bytecode=keep_bytecode)
            said = output.read_text(encoding="utf-8", errors="replace")
        if status is None:
            return False, f"no end within {_SECONDS} s"
        failed = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
        return status == 0, failed[0][:200] if failed else said.strip()[-200:] if status else ""

    def try_plant(self, plant: Plant) -> Verdict:
        """Plant the fault, run its tests, take it out again."""
        file = source_of(self._folder, plant)
        try:
            source = file.read_text(encoding="utf-8")
            planted = plant.applied(source)
        except (OSError, ValueError) as error:
            return Verdict(plant, Outcome.STALE, str(error))
        before = file.stat()
        file.write_text(planted, encoding="utf-8")
        os.utime(
            file, ns=(before.st_atime_ns, before.st_mtime_ns + 2_000_000_000)
        )  # Its bytecode is out of date.
        try:
            passed, detail = self.run(plant.tests, keep_bytecode=False)
        finally:
            file.write_text(source, encoding="utf-8")
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        return Verdict(plant, Outcome.SURVIVED if passed else Outcome.KILLED, detail)

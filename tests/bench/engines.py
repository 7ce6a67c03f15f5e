"""Starts the engines that are there and asks them in turn; a missing one is named with its reason."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

NODE_FOLDER = Path(sys.prefix) / "bench-node"
"""Where the bench's setup puts @xterm/headless; a scratch folder, never committed."""


class Parsed(NamedTuple):
    seconds: float
    longest: float
    checksum: str


class Engine:
    """A process that parses files; see engine.py for what it answers."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.form = self._answer()

    def parse(self, path: Path) -> Parsed:
        seconds, longest, checksum = self._ask(f"parse {path}").split()
        return Parsed(float(seconds), float(longest), checksum)

    def keep(self, path: Path) -> int:
        return int(self._ask(f"keep {path}"))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"{self.name} ended: {self._process.wait()}"
        return line.strip()


class Engines(NamedTuple):
    compiled: Engine | None
    interpreted: Engine
    stock: Engine
    xterm: Engine | None
    missing: list[str]

    def present(self) -> list[Engine]:
        return [engine for engine in self[:4] if engine is not None]


@contextmanager
def engines(columns: int, lines: int, chunk: int) -> Iterator[Engines]:
    shape = [str(columns), str(lines), str(chunk)]
    with ExitStack() as stack:

        def start(name: str, *command: str) -> Engine:
            engine = Engine(name, [*command, *shape])
            stack.callback(engine.close)
            return engine

        def own(kind: str) -> Engine:
            return start(kind, sys.executable, "-m", "tests.bench.engine", kind)

        missing = []
        compiled: Engine | None = own("podium")
        if compiled is not None and compiled.form != "compiled":
            compiled = None
            missing.append("compiled engine: it is not built here; all of ours runs interpreted")
        xterm = None
        if shutil.which("node") is None:
            missing.append("xterm.js: there is no node")
        elif not (NODE_FOLDER / "node_modules" / "@xterm" / "headless").exists():
            missing.append("xterm.js: @xterm/headless is not installed; make bench installs it where npm is")
        else:
            script = Path(__file__).with_name("xterm.mjs")
            xterm = start("xterm.js", "node", "--expose-gc", str(script), str(NODE_FOLDER))
        yield Engines(compiled, own("interpreted"), own("pyte"), xterm, missing)

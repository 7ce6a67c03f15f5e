"""What is measured inside the window's process. Run by bench-ui, one process for each: NAME FOLDER."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from podium.core.commands import CommandId
from podium.workspace.arrangement import Layout
from tests.bench import agents as agent_player
from tests.bench.agents import AGENTS, STRETCHES
from tests.bench.corpora import corpus
from tests.bench.opening import opening
from tests.bench.probe import Probe, ProbedTerminal, StallMeter, Step

KEYS, BETWEEN_KEYS = 250, 0.045
_CPU_SECONDS = 5.0
_STALL_SECONDS = 8.0


def flood(probe: Probe, folder: Path, layout: Layout) -> Iterator[Step]:
    """Four instances flood; somebody types in a fifth."""
    typed = probe.add("typed")
    floods = [probe.add(f"flood {number}", *_flood_command(folder, number)) for number in range(4)]
    arrangement = probe.workspace.arrangement
    arrangement.set_layout(layout)
    arrangement.select(probe.workspace.ids()[0])
    probe.show()
    yield probe.all_run
    yield 3.0

    paints, spent, start = [t.paints for t in floods], time.process_time(), time.perf_counter()
    yield _CPU_SECONDS
    seconds = time.perf_counter() - start
    probe.result["cpu"] = (time.process_time() - spent) / seconds
    rates = [(t.paints - before) / seconds for t, before in zip(floods, paints, strict=True)]
    probe.result["fps"] = statistics.mean(rate for rate in rates if rate > 1) if max(rates) > 1 else 0

    meter = StallMeter()
    meter.start()
    yield _STALL_SECONDS
    meter.stop()
    stalls = sorted(meter.stalls)
    probe.result["stall"], probe.result["stall p99"] = stalls[-1], stalls[int(len(stalls) * 0.99)]

    yield from _type(probe, typed)


def _flood_command(folder: Path, number: int) -> tuple[str, ...]:
    file = folder / f"flood{number % 2}"
    if not file.exists():
        file.write_bytes(corpus("SGR logs" if number % 2 == 0 else "full screen", 1_000_000))
    return ("/bin/sh", "-c", f"while :; do cat {file}; done")


def _type(probe: Probe, typed: ProbedTerminal) -> Iterator[Step]:
    start = typed.echoed
    echoed: list[float] = []

    def painted() -> None:
        now, count = time.perf_counter(), typed.echoed - start
        echoed.extend([now] * (count - len(echoed)))

    typed.on_painted = painted
    typed.keys_at.clear()
    typed.frames_at.clear()
    typist = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.typist", str(KEYS), str(BETWEEN_KEYS)],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield lambda: typist.poll() is not None
    yield 0.5
    typed.on_painted = None
    assert typist.stdout is not None
    sent: list[float] = _numbers(typist.stdout.read())
    delays = sorted((shown - key) * 1000 for key, shown in zip(sent, echoed, strict=False))
    probe.result["echoed"] = len(echoed)
    if delays:
        probe.result["echo"] = statistics.median(delays)
        probe.result["echo p99"], probe.result["echo max"] = delays[int(len(delays) * 0.99)], delays[-1]
    arrived: list[float] = []
    for now, position in typed.frames_at:
        arrived.extend([now] * (position - start - len(arrived)))
    for name, begin, end in (
        ("to the window", sent, typed.keys_at),
        ("to the program and back", typed.keys_at, arrived),
        ("painting", arrived, echoed),
    ):
        spans = sorted((after - before) * 1000 for before, after in zip(begin, end, strict=False)) or [0.0]
        probe.result[name], probe.result[f"{name} p99"] = (
            statistics.median(spans),
            spans[int(len(spans) * 0.99)],
        )


def _numbers(text: str) -> list[float]:
    return [float(piece) for piece in text.strip().strip("[]").split(",")]


def tabs(probe: Probe, folder: Path) -> Iterator[Step]:
    """Sixteen instances with a full screen each; from one tab to the next until its terminal is painted."""
    file = folder / "screen"
    file.write_bytes(corpus("SGR logs", 20_000))
    terminals = [probe.add(f"tab {n}", "/bin/sh", "-c", f"cat {file}; exec sleep 1000") for n in range(16)]
    ids = probe.workspace.ids()
    arrangement = probe.workspace.arrangement
    arrangement.set_layout(Layout.TABS)
    probe.show()
    yield probe.all_run
    times: list[float] = []
    for turn in range(4):
        for id, terminal in zip(ids, terminals, strict=True):
            if arrangement.current == id:
                continue
            painted: list[float] = []
            terminal.on_painted = lambda painted=painted: painted.append(time.perf_counter())
            start = time.perf_counter()
            arrangement.select(id)
            yield lambda painted=painted: painted
            if turn:  # The first time each is told its size, and its program draws.
                times.append((painted[0] - start) * 1000)
            terminal.on_painted = None
            yield 0.15
    times.sort()
    probe.result.update(median=statistics.median(times), longest=times[-1])


def settings_page(probe: Probe, _folder: Path) -> Iterator[Step]:
    """The settings page, made and shown for the first time, until it is painted."""
    probe.add("shell")
    probe.show()
    yield probe.all_run
    start = time.perf_counter()
    probe.window.run(CommandId.SHOW_SETTINGS, None)
    probe.window.repaint()
    probe.result["opened"] = (time.perf_counter() - start) * 1000


def idle(probe: Probe, folder: Path, count: int) -> Iterator[Step]:
    """Shells at their prompts; the cursor has stopped blinking by the time that is measured."""
    for number in range(count):
        probe.add(f"shell {number}")
        if number % 4 == 3:
            yield 0.3  # All at once would only measure how long a machine's start-up queue is.
    probe.workspace.arrangement.set_layout(Layout.GRID)
    probe.show()
    yield probe.all_run
    yield 13.0
    process = psutil.Process()
    spent, start, switches = time.process_time(), time.perf_counter(), process.num_ctx_switches().voluntary
    yield 10.0
    seconds = time.perf_counter() - start
    probe.result["cpu"] = (time.process_time() - spent) / seconds
    probe.result["wakes"] = (process.num_ctx_switches().voluntary - switches) / seconds


def memory(probe: Probe, folder: Path) -> Iterator[Step]:
    """Four shells at their prompts."""
    for number in range(4):
        probe.add(f"shell {number}")
    probe.workspace.arrangement.set_layout(Layout.GRID)
    probe.show()
    yield probe.all_run
    yield 4.0
    own = psutil.Process()
    workers = own.children()
    probe.result["window"] = pss(own)
    probe.result["workers"] = sum(map(pss, workers))


def pss(process: psutil.Process) -> float:
    """The process's share of the memory, MiB."""
    return _rollup(process.pid, "Pss:")


def private(pid: int) -> float:
    """What no other process shares with this one, MiB."""
    return _rollup(pid, "Private_Clean:") + _rollup(pid, "Private_Dirty:")


def _rollup(pid: int, key: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0


def agents(probe: Probe, folder: Path, layout: Layout, known: bool) -> Iterator[Step]:
    """Agents at work, in sight and hidden; ``known``: their tools' marks are looked for."""
    if not known:
        # What the app tells workers a moment later is told to nobody.
        probe.workspace.presentation.set_agent_marks = lambda _marks: None  # type: ignore[method-assign]
    for number in range(AGENTS):
        tool = list(STRETCHES)[number % len(STRETCHES)]
        program = folder / tool
        if not program.exists():
            program.write_text(Path(agent_player.__file__).read_text("utf-8"), "utf-8")
        recording = [str(part) for part in (agent_player.FOLDER, *STRETCHES[tool])]
        probe.add(f"{tool} {number}", sys.executable, str(program), *recording)
        if number % 4 == 3:
            yield 0.5
    probe.workspace.arrangement.set_layout(layout)
    probe.show()
    yield probe.all_run
    yield 5.0
    family = psutil.Process().children(recursive=True)
    workers = [process for process in family if "worker" in process.cmdline()]
    spent, spent_there, start = time.process_time(), _cpu(workers), time.perf_counter()
    meter = StallMeter()
    meter.start()
    yield 2 * _STALL_SECONDS
    meter.stop()
    seconds = time.perf_counter() - start
    probe.result["cpu"] = (time.process_time() - spent) / seconds
    probe.result["workers"] = (_cpu(workers) - spent_there) / seconds
    stalls = sorted(meter.stalls)
    probe.result["stall"], probe.result["stall p99"] = stalls[-1], stalls[int(len(stalls) * 0.99)]
    probe.result["median"] = statistics.median(stalls)
    probe.result["states"] = [probe.workspace.view(id).attention.state.value for id in probe.workspace.ids()]


def _cpu(processes: list[psutil.Process]) -> float:
    """Processor time of these so far."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


API_CLIENTS, API_REQUESTS, API_RATE = 8, 10_000, 400.0


def api(probe: Probe, folder: Path) -> Iterator[Step]:
    """Four instances flood in sight while clients of the control API ask 10,000 times, paced."""
    for number in range(4):
        probe.add(f"flood{number}", *_flood_command(folder, number))
    probe.workspace.arrangement.set_layout(Layout.GRID)
    probe.show()
    yield probe.all_run
    yield 2.0
    served: list[Path] = []
    control = probe.session.control
    control.served.connect(lambda serving: served.append(serving.folder.socket))
    control.failed.connect(lambda reason: print(f"bench: {reason}", file=sys.stderr))
    meter = StallMeter()
    meter.start()
    control.open()
    yield lambda: served
    yield 1.0
    meter.stop()
    probe.result["stall while loading"] = max(meter.stalls)

    for name, clients in (("without", 0), ("with", API_CLIENTS)):
        meter = StallMeter()
        meter.start()
        if clients:
            arguments = (
                str(served[0]),
                str(clients),
                str(API_REQUESTS),
                str(API_RATE),
                *probe.workspace.ids(),
            )
            asking = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.api_clients", *arguments],
                stdout=subprocess.PIPE,
                text=True,
            )
            yield lambda asking=asking: asking.poll() is not None
            assert asking.stdout is not None
            probe.result.update(json.loads(asking.stdout.read()))
        else:
            yield _STALL_SECONDS
        meter.stop()
        stalls = sorted(meter.stalls)
        probe.result[f"stall {name}"], probe.result[f"stall p99 {name}"] = (
            stalls[-1],
            stalls[int(len(stalls) * 0.99)],
        )


SCENARIOS: dict[str, Callable[[Probe, Path], Iterator[Step]]] = {
    "flood-grid": lambda probe, folder: flood(probe, folder, Layout.GRID),
    "flood-tabs": lambda probe, folder: flood(probe, folder, Layout.TABS),
    "tabs": tabs,
    "settings": settings_page,
    "palette": lambda probe, _folder: opening(probe),
    "api": api,
    "agents-grid": lambda probe, folder: agents(probe, folder, Layout.GRID, known=True),
    "agents-grid-unknown": lambda probe, folder: agents(probe, folder, Layout.GRID, known=False),
    "agents-tabs": lambda probe, folder: agents(probe, folder, Layout.TABS, known=True),
    "agents-tabs-unknown": lambda probe, folder: agents(probe, folder, Layout.TABS, known=False),
    "idle-4": lambda probe, folder: idle(probe, folder, 4),
    "idle-64": lambda probe, folder: idle(probe, folder, 64),
    "memory": memory,
}


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    probe = Probe()
    probe.run(SCENARIOS[name](probe, folder))


if __name__ == "__main__":
    main()

"""Records what a real xterm shows for our cases: ``python -m tests.terminal.record_xterm``.

With ``--check`` it compares with what is recorded instead, and fails where this xterm differs. Needs xterm and
Xvfb (``make test-xterm`` brings them). Inside the xterm this same file runs as the program (``--inside``).
"""

import json
import os
import re
import select
import subprocess
import sys
import tempfile
import termios
import time
import tty
from pathlib import Path

from tests.terminal.xterm_cases import CASES, COLUMNS, LINES
from tests.terminal.xterm_resizes import RESIZES, Size

RECORDING = Path(__file__).parent / "data" / "xterm.json"
_DONE = b"\x1b[0n"


def read_until(mark: bytes, seconds: float) -> bytes:
    data = b""
    end = time.monotonic() + seconds
    while time.monotonic() < end and mark not in data:
        if select.select([0], [], [], 0.05)[0]:
            data += os.read(0, 65536)
    return data


def inside(folder: Path) -> None:
    """Run every case in the xterm around us; its printer writes the screen to a file."""
    old = termios.tcgetattr(0)
    tty.setraw(0)
    results = {}
    try:
        for name, steps in {**{name: (data,) for name, data in CASES.items()}, **RESIZES}.items():
            # RIS leaves the alternate screen and the scrollback as they are.
            os.write(1, b"\x1b[!p\x1b[?47h\x1b[2J\x1b[H\x1b7\x1b[?47l\x1bc\x1b[?45l\x1b[?69l\x1b[3J\x1b[5n")
            read_until(_DONE, 2)
            replies = b""
            for step in steps:
                if isinstance(step, bytes):
                    os.write(1, step + b"\x1b[5n")
                    answers = read_until(_DONE, 2)
                    if name == "dsr":
                        answers += read_until(_DONE, 0.3)
                    replies += answers.rpartition(_DONE)[0]
                else:
                    change_size(step)
            results[name] = {**look(folder / "printed"), "replies": replies.decode("latin-1")}
            if name in RESIZES:
                change_size((COLUMNS, LINES))
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, old)
        (folder / "results.json").write_text(json.dumps(results))


def change_size(size: Size) -> None:
    """Ask for a size until it is there: the window takes its time."""
    wanted = b"\x1b[8;%d;%dt" % (size[1], size[0])
    os.write(1, wanted)
    end = time.monotonic() + 2
    seen = 0
    while time.monotonic() < end and seen < 2:
        os.write(1, b"\x1b[18t")
        seen = seen + 1 if wanted in read_until(b"t", 0.5) else 0
        time.sleep(0.02)


def look(printed: Path) -> dict[str, object]:
    """Where the cursor is and what the screen shows."""
    os.write(1, b"\x1b[6n\x1b[5n")
    position = re.findall(rb"\x1b\[(\d+);(\d+)R", read_until(_DONE, 2))[-1]
    printed.unlink(missing_ok=True)
    os.write(1, b"\x1b[?6l\x1b[r\x1b[?69l\x1b[i\x1b[5n")
    read_until(_DONE, 2)
    end = time.monotonic() + 2
    while not printed.exists() and time.monotonic() < end:
        time.sleep(0.005)
    size = -1
    while printed.exists() and size != printed.stat().st_size:
        size = printed.stat().st_size
        time.sleep(0.01)
    text = printed.read_bytes().decode("utf-8", "replace") if printed.exists() else ""
    # As CPR says it: from 1, relative to the margins in origin mode.
    return {"cursor": [int(position[1]), int(position[0])], "printed": text}


def main(check: bool) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spool = folder / "spool.sh"
        spool.write_text(f"#!/bin/sh\ncat > {folder}/part && mv {folder}/part {folder}/printed\n")
        spool.chmod(0o755)
        resources = {
            "printerCommand": str(spool), "printerAutoClose": "true", "printAttributes": "2", "utf8": "2",
            "saveLines": "100", "allowWindowOps": "true", "decTerminalID": "420", "printerExtent": "false",
            "boldColors": "false",
        }  # fmt: skip
        # Not the person's own display: a window manager there may not grant the sizes.
        argv = ["xvfb-run", "-a", "xterm", "-geometry", f"{COLUMNS}x{LINES}", "-u8"]
        for key, value in resources.items():
            argv += ["-xrm", f"*{key}: {value}"]
        argv += ["-e", sys.executable, "-m", "tests.terminal.record_xterm", "--inside", str(folder)]
        subprocess.run(argv, check=True, timeout=300, env=dict(os.environ, LC_ALL="C.UTF-8"))
        results = json.loads((folder / "results.json").read_text())
    if check:
        recorded = json.loads(RECORDING.read_text())
        names = [*CASES, *RESIZES]
        different = [name for name in names if recorded.get(name) != results.get(name)]
        for name in different:
            print(f"{name}:\n  recorded {recorded.get(name)}\n  now      {results.get(name)}")
        print(f"{len(names) - len(different)} of {len(names)} cases as recorded")
        return 1 if different else 0
    RECORDING.write_text(json.dumps(results, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        inside(Path(sys.argv[2]))
    else:
        sys.exit(main("--check" in sys.argv))

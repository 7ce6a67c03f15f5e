"""A program that reads as an agent's composer does: whatever comes in one burst is a paste, and only a Return alone
submits. What was submitted is drawn above the composer, and appended as a JSON line to the file it is given. With a
second file, the third and later answers come when that is there.
"""

import json
import os
import select
import sys
import termios
import time
import tty
from pathlib import Path

BURST = 0.05
"""Seconds between two reads that belong to one burst."""
AFTER_PASTE = 0.1
"""Seconds for which a Return after a paste is still taken for a part of it."""


def main(record: str, gate: str) -> None:
    saved = termios.tcgetattr(0)
    tty.setraw(0)
    os.write(1, b"\x1b[?2004hready\r\n")
    text, pasted_at, answers = "", -1.0, 0
    draw(text)
    try:
        while True:
            chunk = os.read(0, 65536)
            if not chunk or chunk == b"\x04":
                return
            while select.select([0], [], [], BURST)[0]:
                chunk += os.read(0, 65536)
            if chunk == b"\r" and time.monotonic() > pasted_at + AFTER_PASTE:
                with Path(record).open("a") as file:
                    file.write(json.dumps(text) + "\n")
                erase()
                shown = text.replace("\n", "\r\n  ")
                os.write(1, f"> {shown}\r\n".encode())
                draw("")
                answers += 1
                while gate and answers > 2 and not Path(gate).exists():
                    time.sleep(0.02)
                erase()
                os.write(1, f"answered {len(text)}: {' '.join(text.split()[-1:])}\r\n".encode())
                text = ""
            else:
                piece = chunk.decode().replace("\x1b[200~", "").replace("\x1b[201~", "").replace("\r", "\n")
                text += piece
                pasted_at = time.monotonic()
                erase()
            draw(text)
    finally:
        termios.tcsetattr(0, termios.TCSANOW, saved)


def erase() -> None:
    os.write(1, b"\r\x1b[J")


def draw(text: str) -> None:
    os.write(1, f"\r\x1b[J| {text.splitlines()[0] if text else ''}".encode())


main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")

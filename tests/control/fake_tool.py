"""A tool that looks like Gemini CLI: it asks about trust, then takes prompts, and writes down each that it got."""

import os
import sys
import termios
import tty
from pathlib import Path

TRUST = (
    "╭────────────────────────────────╮\r\n"
    "│ Do you trust the files in this folder?\r\n│\r\n"
    "│ ● 1. Trust folder (work)\r\n│   2. Trust parent folder\r\n│   3. Don't trust\r\n"
    "╰────────────────────────────────╯\r\n"
)


def show(text: str) -> None:
    os.write(1, f"\x1b[2J\x1b[H{text}".encode())


def read() -> str:
    return os.read(0, 65536).decode()


def main() -> None:
    log = Path(os.environ["FAKE_TOOL_LOG"])
    tty.setraw(0)
    os.write(1, b"\x1b[?2004h")
    show(TRUST)
    while "1" not in read():
        pass
    text, above = "", ""
    while True:
        shown = text.replace("\n", "\r\n   ")
        show(f"{above}\r\n{'─' * 40}\r\n > {shown or '  Type your message or @path/to/file'}")
        data = read()
        if data == "\r":
            with log.open("a") as file:
                file.write(repr((sys.argv[1:], str(Path.cwd()), text)) + "\n")
            text, above = "", f"{above}\r\n > {shown}\r\n✦ Done."
        else:
            text += data.replace("\x1b[200~", "").replace("\x1b[201~", "").replace("\r", "\n")


if __name__ == "__main__":
    saved = termios.tcgetattr(0)
    try:
        main()
    finally:
        termios.tcsetattr(0, termios.TCSANOW, saved)

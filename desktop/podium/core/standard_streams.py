"""Standard output and error, so that no locale and no closed stream ends a program that prints."""

import io
import os
import sys
from pathlib import Path


def print_anywhere(errors: str = "replace") -> None:
    """From now on a character that the locale lacks is printed as ``errors`` says, and a closed stream takes all."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)

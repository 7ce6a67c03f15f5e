"""The table of keys and bytes, and what a program sends to be in each of its modes."""

from pathlib import Path

TABLE = Path(__file__).parent / "data" / "keys.tsv"
SETUP = {
    "any": b"",
    "DECCKM reset": b"\x1b[?1l",
    "DECCKM set": b"\x1b[?1h",
    "DECBKM (?67) reset": b"\x1b[?67l",
    "DECBKM (?67) set": b"\x1b[?67h",
    "DECPNM": b"\x1b>",
    "DECPAM (default numLock resource)": b"\x1b=",
    "DECPAM (numLock resource off / ?1035 reset)": b"\x1b=\x1b[?1035l",
    "LNM set": b"\x1b[20h",
}

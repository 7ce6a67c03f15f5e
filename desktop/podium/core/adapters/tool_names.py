"""Tools by their names, however they were started: as a program, as a script of Node or Python, from a package."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final

_INTERPRETERS: Final = ("node", "nodejs", "bun", "deno", "npm", "npx", "python", "pypy")
_SUFFIXES: Final = (".exe", ".cmd", ".js", ".mjs", ".cjs", ".ts", ".py")
_TAKE_A_WORD: Final = frozenset(
    {"-r", "--require", "--import", "--loader", "--experimental-loader", "-C", "-W", "-X"}
)
"""Options of interpreters whose value is a word of its own."""
_SUBCOMMANDS: Final = frozenset({"exec", "run", "x"})
_PACKAGES: Final = "node_modules"
_ENDINGS: Final = ("-code", "-cli", "-ai")
"""What a tool's package is called more than the tool."""


def tool_names(words: Sequence[str]) -> Iterator[str]:
    """What a command line may be called: the program, and of an interpreter its script and the script's package."""
    if not words:
        return
    # A process that names itself may put blanks and more behind its name.
    program = _bare(words[0].split(" ", 1)[0] if len(words) == 1 else words[0])
    yield program
    title = words[0].split() if len(words) == 1 else []
    if program.rstrip("0123456789.") in _INTERPRETERS:
        script = _script(title[1:] or words[1:])
        yield from _script_names(script)


def _script(words: Sequence[str]) -> str:
    """The script among an interpreter's arguments, or the module of ``-m``; "" when there is none."""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _TAKE_A_WORD
        elif word not in _SUBCOMMANDS:
            return word
    return ""


def _script_names(script: str) -> Iterator[str]:
    parts = PurePath(script).parts
    if not parts:
        return
    yield _bare(script)
    if _PACKAGES in parts:
        parts = parts[len(parts) - parts[::-1].index(_PACKAGES) :]
    elif not script.startswith("@"):
        return
    package = parts[1] if parts[0].startswith("@") and len(parts) > 1 else parts[0]
    yield package
    for ending in _ENDINGS:
        if package.endswith(ending):
            yield package.removesuffix(ending)


def _bare(path: str) -> str:
    """The name of a file without its folder and what says its kind."""
    name = path.replace("\\", "/").rpartition("/")[2]
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name

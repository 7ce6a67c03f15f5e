"""Checks of an adapter file beyond its types: paths, patterns and placeholders."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from podium.core.adapters.hooks import check_hooks
from podium.core.adapters.model import (
    STDERR,
    STDOUT,
    Adapter,
    CommandLine,
    Interactive,
    LineRule,
    OutputFormat,
    Piece,
    Success,
)
from podium.core.config.toml_file import AddFault

WORD: Final = re.compile(r"\{([a-z_]+(?::[^{}|]*)?)(?:\|([^{}]*))?\}")
"""A word in braces of the command line; after the bar what stands for it if it has no value."""
CAPTURE: Final = re.compile(r"\{([a-z_]+)(:number)?\}")
"""A word in braces of a pattern."""
_INTERACTIVE: Final[Mapping[str, tuple[str, ...]]] = {
    "arguments": ("session",),
    "prompt": ("prompt",),
    "resume": ("session",),
    "continue_last": (),
}
"""The words that the lists of interactive use may hold."""
_NEEDED: Final = {"prompt": "prompt", "resume": "session"}
PERMISSIONS: Final = ("read", "edit", "full")
WORDS: Final = (
    "prompt",
    "model",
    "session",
    "folder",
    "budget_usd",
    "max_turns",
    "files",
    "permission",
    "prompt_file",
    "prompt_folder",
    "scratch",
)
FACTS: Final = (
    "session",
    "model",
    "said",
    "final",
    "tool",
    "detail",
    "tool_id",
    "tool_failed",
    "refused",
    "trouble",
    "reason",
    "status",
    "resets_at",
    "retry_after",
    "retry_after_ms",
    "waiting",
    "turns",
    "entry",
    "cost",
    "tokens_in",
    "tokens_out",
    "tokens_cached",
    "tokens_written",
    "tokens_total",
)
_FIGURES: Final = ("cost", "tokens_in", "tokens_out", "tokens_cached", "tokens_written", "tokens_total")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_PATH_FIX: Final = "Write keys with dots between them, * for every entry, or =text for the text itself."


def check_adapter(adapter: Adapter, fault: AddFault) -> None:
    """Tell every fault of ``adapter`` that its types allow."""
    _check_command(adapter.command, fault)
    if adapter.interactive is not None:
        _check_interactive(adapter.interactive, fault)
        if not adapter.program:
            fault("program", "It is missing.", 'Add program = "…", its name on the PATH.')
    check_hooks(adapter.hooks, fault)
    sources = {STDOUT, STDERR, *adapter.command.reports}
    for number, rule in enumerate(adapter.lines):
        _check_rule(rule, f"lines[{number}]", sources, fault)
    output = adapter.output
    if output.format is OutputFormat.PLAIN and adapter.lines:
        fault("lines", "Nothing is read from plain output.", 'Write format = "json" or "text".')
    if output.success is not Success.EXIT and not any(rule.success for rule in adapter.lines):
        fault(
            "output.success",
            "No line says that a run went well.",
            'Give one of the lines success = true, or write success = "exit".',
        )
    if output.format is not OutputFormat.PLAIN and not adapter.program:
        fault("program", "It is missing.", 'Add program = "…", its name on the PATH.')


def _check_command(command: CommandLine, fault: AddFault) -> None:
    for name in PERMISSIONS:
        if command.permissions and name not in command.permissions:
            fault(
                f"command.permissions.{name}", "It is missing.", f"Add {name} = [], or what the tool takes."
            )
    for name in command.permissions:
        if name not in PERMISSIONS:
            fault(
                f"command.permissions.{name}",
                "There is no such permission.",
                "Write “read”, “edit” or “full”.",
            )
    for table, names in (("write", command.write.keys()), ("reports", command.reports.values())):
        for name in names:
            if not _PLAIN_NAME.fullmatch(name):
                fault(
                    f"command.{table}",
                    f"“{name[:80]}” can't be the name of a file.",
                    "Use letters, digits, “_”, “.” and “-”, and no folder.",
                )
    files = {f"file:{name}" for name in (*command.write, *command.reports.values())}
    texts = {
        "arguments": _words_of(command.arguments),
        "resume": _words_of(command.resume),
        "fork": _words_of(command.fork),
        "long_prompt": [command.long_prompt],
        **{f"permissions.{name}": list(words) for name, words in command.permissions.items()},
        **{f"environment.{name}": [text] for name, text in command.environment.items()},
    }
    for key, texts_there in texts.items():
        for word in {word for text in texts_there for word, _ in WORD.findall(text)}:
            if word not in WORDS and word not in files:
                fault(
                    f"command.{key}",
                    f"There is nothing to put for {{{word[:40]}}}.",
                    f"Use {', '.join('{' + known + '}' for known in (*WORDS, *sorted(files)))}.",
                )
    for name in (*command.environment, *command.unset):
        if "=" in name or not name:
            fault(
                "command.environment",
                f"“{name[:80]}” can't be the name of a variable.",
                "Use letters and “_”.",
            )


def _check_interactive(interactive: Interactive, fault: AddFault) -> None:
    for name, allowed in _INTERACTIVE.items():
        pieces: tuple[Piece, ...] = getattr(interactive, name)
        there = {word for text in _words_of(pieces) for word, _ in WORD.findall(text)}
        for word in sorted(there.difference(allowed)):
            fix = f"Use {' or '.join('{' + one + '}' for one in allowed)}." if allowed else "Leave it out."
            fault(f"interactive.{name}", f"There is nothing to put for {{{word[:40]}}}.", fix)
        needed = _NEEDED.get(name)
        if pieces and needed and needed not in there:
            fault(f"interactive.{name}", f"{{{needed}}} is missing.", f"Add {{{needed}}} where it belongs.")


def _words_of(pieces: Iterable[Piece]) -> list[str]:
    return [word for piece in pieces for word in ((piece,) if isinstance(piece, str) else piece)]


def _check_rule(rule: LineRule, key: str, sources: set[str], fault: AddFault) -> None:
    if rule.source not in sources:
        fault(
            f"{key}.source",
            f"There is no source “{rule.source[:40]}”.",
            f"Write {', '.join(sorted(sources))}, or name the file under [command.reports].",
        )
    if rule.pattern and not CAPTURE.sub("", rule.pattern).strip():
        fault(f"{key}.pattern", "It would be met by any line.", "Write the words that are always there, too.")
    if (rule.where or rule.where_not) and not rule.each:
        fault(
            f"{key}.where", "There are no entries to look at.", "Add each = “path”, or write it under when."
        )
    if any(getattr(rule, name) for name in _FIGURES) and rule.per is None:
        fault(f"{key}.per", "It is missing.", 'Write per = "step", "run", "session" or "draft".')
    paths = {
        name: list(getattr(rule, name))
        for name in ("when", "unless", "contains", "lacks", "where", "where_not")
    }
    for name, listed in (*paths.items(), *((name, getattr(rule, name)) for name in FACTS)):
        for path in listed:
            if not path.startswith("=") and not all(path.removeprefix("^.").split(".")):
                fault(f"{key}.{name}", f"“{path[:80]}” is no path.", _PATH_FIX)
    for name in ("contains", "lacks"):
        if any(
            not isinstance(part, str) or not part for parts in getattr(rule, name).values() for part in parts
        ):
            fault(f"{key}.{name}", "Only text can be contained in text.", 'Write it as { path = ["part"] }.')
    if (
        not rule.when
        and not rule.contains
        and not rule.pattern
        and not rule.each
        and rule.source in {STDOUT, STDERR}
    ):
        fault(key, "It would hold for every line.", "Add when, contains or pattern.")

"""Answers as text for a person."""

import shlex
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from podium.core.protocol.marks import SHOWN_COMMAND

_MOST_INSTANCES: Final = 50
"""Rows of the usage; its last one counts all."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as what is in them; the last one takes what it needs."""
    lines = [tuple(heads), *(tuple(map(_plain, row)) for row in rows)]
    widths = [max(display_width(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - display_width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def columns() -> int | None:
    """The width of the terminal that is written to; None where it is none: what reads it has room for all."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def instances(answer: Any, width: int | None = None) -> str:
    """What each does and asks. In ``width`` columns names and questions are cut, so that no row wraps."""
    heads = ("ID", "NAME", "KIND", "STATE", "NEEDS", "ROUND", "COST", "AGE", "QUESTION")
    rows = [
        (
            one["id"],
            one["name"],
            one["kind"],
            one["word"],
            "" if one["attention"]["state"] == "none" else one["attention"]["state"],
            _of(one["round"], one["maxRounds"]),
            money(one["costUsd"], one["costSimulated"], one["costEstimated"]),
            duration(_age(one)),
            one["question"],
        )
        for one in answer["instances"]
    ]
    if width is None:
        return table(heads, rows)
    kept = [heads, *(tuple(map(_plain, row)) for row in rows)]
    kept = [tuple(elided(cell, most) for cell, most in zip(row, _MOST, strict=True)) for row in kept]
    for dropped in _DROPPED:
        if width - _used(kept) >= _QUESTION:
            break
        column = kept[0].index(dropped)
        kept = [(*row[:column], *row[column + 1 :]) for row in kept]
    question = max(width - _used(kept), len(heads[-1]))
    cut = [(*row[:-1], elided(row[-1], question)) for row in kept]
    return "\n".join(elided(line, width) for line in table(cut[0], cut[1:]).split("\n"))


def _used(rows: Sequence[Sequence[str]]) -> int:
    """The columns that all but the last take, with the blanks between them."""
    return sum(max(map(display_width, column)) + 2 for column in list(zip(*rows, strict=True))[:-1])


_MOST: Final = (20, 20, 8, 28, 8, 8, 20, 10, 1024)
"""The most columns that each takes where there is not room for all."""
_QUESTION: Final = 28
"""Columns that a question should have."""
_DROPPED: Final = ("KIND", "NAME", "ROUND", "COST", "STATE")
"""What goes where there is not room for a question, in this order."""


def _age(one: Any) -> float | None:
    """For how long it has needed that; for how long it has run, where nothing is known of it."""
    seconds: float | None = (
        one["seconds"] if one["attention"]["state"] == "none" else one["attention"]["seconds"]
    )
    return seconds


def display_width(text: str) -> int:
    """Columns in a terminal, as far as Unicode says."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def elided(text: str, width: int) -> str:
    """As much of ``text`` as ``width`` columns hold."""
    if display_width(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += display_width(char)
        if used > width - 1:
            break
        kept += char
    return f"{kept.rstrip()}…" if width > 0 else ""


def found(parts: Iterable[Any], *, names: bool) -> str:
    """Lines with matches, the newest last, as a terminal has them; of several instances with their ids."""
    lines = []
    for part in parts:
        prefix = f"{part['id']}:" if names else ""
        lines += [f"{prefix}{line['line']}:{_plain(line['text'])}" for line in reversed(part["lines"])]
        shown = sum(len(line["spans"]) for line in part["lines"])
        if shown < part["matches"]:
            more = part["matches"] - shown
            lines.append(f"{prefix}… {more:,} older matches are not shown; see --limit")
    return "\n".join(lines)


def ran_commands(commands: Iterable[Any]) -> str:
    """The newest last, as a terminal has them."""
    return table(
        ("NUMBER", "STARTED", "TIME", "EXIT", "LINE", "FOLDER", "COMMAND"),
        (
            (
                str(one["number"]),
                moment(one["startedAt"]) if one["startedAt"] is not None else "–",
                duration(None if one["seconds"] is None else round(one["seconds"])),
                "runs"
                if one["state"] == "running"
                else "–"
                if one["exitCode"] is None
                else str(one["exitCode"]),
                str(one["line"]),
                one["folder"] or "–",
                shown_line(one["command"]),
            )
            for one in commands
        ),
    )


def shown_line(line: str) -> str:
    """A command line as a list shows it: its first line, cut where it is long."""
    first = line.split("\n", 1)[0]
    return first if first == line and len(line) <= SHOWN_COMMAND else f"{first[: SHOWN_COMMAND - 1]}…"


def answers(answer: Any) -> str:
    """What came of each, one a line."""
    return "\n".join(
        f"{one['id']}: answered" if one["taken"] else _plain(f"{one['id']}: not answered. {one['reason']}")
        for one in answer["answers"]
    )


def history(answer: Any) -> str:
    return table(
        ("RUN", "STARTED", "INSTANCE", "KIND", "OUTCOME", "TIME", "COST", "BLOCKED", "WHAT"),
        (
            (
                run["id"],
                moment(run["startedAt"]),
                run["instance"],
                run["kind"],
                run["outcome"],
                duration(run["seconds"]),
                money(run["costUsd"], run["costSimulated"], run.get("costEstimated", False)),
                duration(run.get("blocked") or None),
                run["what"] or "shell",
            )
            for run in answer["runs"]
        ),
    )


def usage(answer: Any) -> str:
    used = answer.get("instances", ())  # An older Podium tells the sums alone.
    rows = [_usage_row(one["instance"] or "–", one) for one in used[:_MOST_INSTANCES]]
    shown = table(
        ("INSTANCE", "RUNS", "COST", "TOKENS IN", "TOKENS OUT", "BLOCKED", "QUESTIONS", "LONGEST"),
        (*rows, _usage_row("all", answer)),
    )
    if more := len(used) + answer.get("moreInstances", 0) - len(rows):
        shown += f"\n{more:,} more instances are not shown; the sums count them. --json lists more."
    return shown


def _usage_row(name: str, used: Any) -> tuple[str, ...]:
    costs = [money(used["costUsd"], False, used["estimated"])] if used["costUsd"] is not None else []
    if used["simulatedUsd"] is not None:
        costs.append(money(used["simulatedUsd"], True))
    questions, blocked = used.get("questions"), used.get("blocked")
    return (
        name,
        _number(used.get("runs")),
        ", ".join(costs) or "–",
        _number(used["tokensIn"]),
        _number(used["tokensOut"]),
        duration(blocked or None),
        _number(questions or None),
        duration(used.get("longestWait") or None),
    )


def event(happened: Any) -> str:
    """One line for one event."""
    data = dict(happened["data"])
    worker = data.pop("workerId", "")
    details = " ".join(
        f"{name}={_short(value)}" for name, value in data.items() if value not in (None, "", [], ())
    )
    clock = time.strftime("%H:%M:%S", time.localtime(happened["ts"]))
    return f"{clock}  {worker:<12}  {happened['event']:<26}  {_plain(details)}".rstrip()


def details(answer: Any) -> str:
    """Names and values, one a line."""
    width = max((len(name) for name in answer), default=0)
    return "\n".join(f"{name:<{width}}  {_plain(_short(value))}" for name, value in answer.items())


def plan(answer: Any) -> str:
    """The plan of a start; of a mission, with the result of its check."""
    shown = {name: answer[name] for name in ("kind", "name", "theme", "folder", "model") if answer[name]}
    lines = [
        f"{answer['id']} would be {'created and ' if answer['new'] else ''}started:",
        details(shown),
        _plain(f"It runs {shlex.join(answer['argv'])}"),
    ]
    check = answer["check"]
    if check and check["ok"]:
        agents, gates = len(check["agents"]), len(check["gates"])
        lines.append(f"A valid mission: agents {agents}, gates {gates}, rounds {check['maxRounds']} at most.")
    elif check:
        lines.append("Not a valid mission:")
        for fault in check["faults"]:
            where = f"{fault['file']}: {fault['key']}" if fault["key"] else fault["file"]
            lines.append(_plain(f"{where}: {fault['reason']} {fault['fix']}"))
    return "\n".join(lines)


def money(value: float | None, simulated: bool, estimated: bool = False) -> str:
    if value is None:
        return "–"
    return f"${value:.2f}" + (" est." if estimated else "") + (" simulated" if simulated else "")


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _of(value: int | None, most: int | None) -> str:
    if value is None:
        return ""
    return f"{value}/{most}" if most else str(value)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def _plain(text: str) -> str:
    """Programs have a say in some of these texts; none of them may drive the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)

"""Answers as text for a person."""

import time
from collections.abc import Iterable, Sequence
from typing import Any


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as what is in them; the last one takes what it needs."""
    lines = [tuple(heads), *(tuple(map(_plain, row)) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def instances(answer: Any) -> str:
    return table(
        ("ID", "NAME", "KIND", "STATE", "ROUND", "AGENTS", "COST", "TIME", "RUNS"),
        (
            (
                one["id"],
                one["name"],
                one["kind"],
                one["word"],
                _of(one["round"], one["maxRounds"]),
                str(one["agentsTotal"] or ""),
                money(one["costUsd"], one["costSimulated"]),
                duration(one["seconds"]),
                one["detail"],
            )
            for one in answer["instances"]
        ),
    )


def history(answer: Any) -> str:
    return table(
        ("RUN", "STARTED", "INSTANCE", "KIND", "OUTCOME", "TIME", "COST", "WHAT"),
        (
            (
                run["id"],
                moment(run["startedAt"]),
                run["instance"],
                run["kind"],
                run["outcome"],
                duration(run["seconds"]),
                money(run["costUsd"], run["costSimulated"]),
                run["what"] or "shell",
            )
            for run in answer["runs"]
        ),
    )


def usage(answer: Any) -> str:
    rows = [
        (
            row["day"],
            row["instance"],
            str(row["runs"]),
            money(row["costUsd"], False),
            money(row["simulatedUsd"], False),
            _number(row["tokensIn"]),
            _number(row["tokensOut"]),
        )
        for row in answer["rows"]
    ]
    rows.append(
        (
            "all",
            "",
            str(sum(row["runs"] for row in answer["rows"])),
            money(answer["costUsd"], False),
            money(answer["simulatedUsd"], False),
            _number(answer["tokensIn"]),
            _number(answer["tokensOut"]),
        )
    )
    return table(("DAY", "INSTANCE", "RUNS", "COST", "SIMULATED", "TOKENS IN", "TOKENS OUT"), rows)


def event(happened: Any) -> str:
    """One line for one event."""
    data = dict(happened["data"])
    worker = data.pop("workerId", "")
    told = " ".join(
        f"{name}={_short(value)}" for name, value in data.items() if value not in (None, "", [], ())
    )
    clock = time.strftime("%H:%M:%S", time.localtime(happened["ts"]))
    return f"{clock}  {worker:<12}  {happened['event']:<26}  {_plain(told)}".rstrip()


def details(answer: Any) -> str:
    """Names and values, one a line."""
    width = max((len(name) for name in answer), default=0)
    return "\n".join(f"{name:<{width}}  {_plain(_short(value))}" for name, value in answer.items())


def money(value: float | None, simulated: bool) -> str:
    if value is None:
        return "–"
    return f"${value:.2f}" + (" simulated" if simulated else "")


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

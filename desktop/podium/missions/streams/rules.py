"""Matching of rules against a line, and merging of all rules that hold for one line."""

from collections.abc import Mapping
from typing import Any

from podium.core.adapters.line_paths import Entry, Scope, entries
from podium.core.adapters.model import Kind, LineRule
from podium.missions.streams.limits import moment
from podium.missions.streams.patterns import matched


class LineFacts:
    """The facts that the rules find on a line; the first rule that gives a fact counts."""

    def __init__(self) -> None:
        self.fails = self.success = self.success_if_refused = self.clears = self.progress = False
        self.empty_step = self.limit = False
        self.reason = self.trouble = ""
        self.kind: Kind | None = None
        self.status: int | None = None
        self.until: float | None = None

    def add(self, rule: LineRule, scope: Scope, now: float) -> None:
        self.fails = self.fails or rule.fails
        self.success = self.success or rule.success
        self.success_if_refused = self.success_if_refused or rule.success_if_refused
        self.clears = self.clears or rule.clears
        self.empty_step = self.empty_step or rule.empty_step
        self.limit = self.limit or rule.limit
        if rule.fails and rule.reason:
            self.reason = self.reason or scope.text(rule.reason)
        if rule.trouble:
            self.trouble = self.trouble or scope.text(rule.trouble)
        self.kind = self.kind or rule.kind
        if self.status is None and rule.status:
            status = scope.number(rule.status, 599)
            self.status = int(status) if status is not None and status >= 100 else None
        self.until = self.until or until_of(rule, scope, now)


def until_of(rule: LineRule, scope: Scope, now: float) -> float | None:
    for path in rule.resets_at:
        for value in scope.values(path):
            if (when := moment(value, now)) is not None:
                return when
    for paths, scale in ((rule.retry_after, 1.0), (rule.retry_after_ms, 1000.0)):
        wait = scope.number(paths, 1e10)
        if wait is not None and 0 < wait / scale < 1e7:
            return now + wait / scale
    return None


def scopes_of(rule: LineRule, line: Mapping[str, Any]) -> list[Scope]:
    """The places on ``line`` where the rule holds."""
    whole = Scope(line, Entry("", line))
    if not whole.has(rule.when) or any(whole.has_one(*item) for item in rule.unless.items()):
        return []
    if not all(whole.has_part(*item) for item in rule.contains.items()):
        return []
    if any(whole.has_part(*item) for item in rule.lacks.items()):
        return []
    if rule.pattern:
        text = line.get("text")
        found = matched(rule.pattern, text) if isinstance(text, str) else None
        if found is None:
            return []
        line = {**line, **found}
        whole = Scope(line, Entry("", line))
    if not rule.each:
        return [whole]
    scopes = [Scope(line, entry) for entry in entries(line, rule.each)]
    return [
        scope
        for scope in scopes
        if scope.has(rule.where) and not any(scope.has_one(*item) for item in rule.where_not.items())
    ]

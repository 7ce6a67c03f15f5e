"""Cost and tokens of a session, from what its transcripts tell of each message or of all so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from podium.agent_sessions.moments import moment_at
from podium.core.adapters.line_paths import MAX_TOKENS, MAX_USD, Entry, Scope, entries
from podium.core.adapters.model import Per, Sessions, UsageRule
from podium.core.adapters.pricing import Prices
from podium.core.costs import Cost, total

MAX_MESSAGES: Final = 16_384
"""Messages that are kept apart; older ones are a sum."""
_MAX_KEY: Final = 200


class Used(NamedTuple):
    """The use of one message."""

    key: str
    """Of no other message of this session, and the same when it is read again."""
    at: float
    """Seconds since 1970."""
    cost: Cost


@dataclass(slots=True)
class _Place:
    """How far one transcript was read."""

    model: str = ""
    at: float = 0.0
    totals: "_Totals" = field(default_factory=lambda: _Totals())


class _Totals(NamedTuple):
    """What a line says of all so far."""

    usd: float = 0.0
    used_in: int = 0
    used_out: int = 0
    cached: int = 0
    written: int = 0


class SessionUsage:
    """Objects of transcripts in, in their order; the use since a time out. Holds a bounded amount, whatever comes."""

    def __init__(self, sessions: Sessions, prices: Prices, since: float) -> None:
        """``since``: use before this time (seconds since 1970) is known and not counted."""
        self._sessions = sessions
        self._prices = prices
        self._since = since
        self._messages: dict[str, Used] = {}
        self._older = Cost()
        self._changed: set[str] = set()
        self._places: dict[str, _Place] = {}
        self._known_usd = 0.0
        """Of what was counted since the last sum of US dollars that the tool told."""
        self._unpriced = False

    @property
    def cost(self) -> Cost:
        """All that was used from ``since`` on."""
        return total((self._older, *(used.cost for used in self._messages.values())))

    def take_changed(self) -> tuple[Used, ...]:
        """The messages whose use is new or another since the last call."""
        changed = tuple(used for key, used in self._messages.items() if key in self._changed)
        self._changed.clear()
        return changed

    def take(self, line: Mapping[str, Any], transcript: str = "") -> None:
        """The next object of ``transcript``."""
        place = self._places.setdefault(transcript, _Place())
        whole = Scope(line, Entry("", line))
        when = moment_at(whole, self._sessions.time)
        place.at = when if when is not None else place.at
        for rule in self._sessions.usage:
            scopes = [Scope(line, entry) for entry in entries(line, rule.each)] if rule.each else [whole]
            for scope in scopes:
                if scope.has(rule.when):
                    self._apply(rule, scope, place)

    def _apply(self, rule: UsageRule, scope: Scope, place: _Place) -> None:
        if model := scope.text(rule.model)[:200]:
            place.model = model
        found = self._figures(rule, scope) if rule.per is not None else None
        if found is None:
            return
        when = moment_at(scope, self._sessions.time)
        at = when if when is not None else place.at
        if rule.per is Per.STEP:
            key = "/".join(text for path in rule.entry if (text := scope.text((path,))[:_MAX_KEY]))
            self._count(key or f"{at:.3f}", at, found, place.model)
        elif rule.tokens_in:
            self._count_tokens(at, found, place)
        else:
            self._count_usd(at, found, place)

    def _count_tokens(self, at: float, now: _Totals, place: _Place) -> None:
        """What was used since the last sum that the tool told."""
        before, place.totals = place.totals, now._replace(usd=place.totals.usd)
        if now.used_in < before.used_in or now.used_out < before.used_out:
            before = _Totals()  # It counts anew.
        rest = _Totals(0.0, *(max(0, new - old) for new, old in zip(now[1:], before[1:], strict=True)))
        if rest != _Totals():
            self._count(f"total/{now.used_in}/{now.used_out}", at, rest, place.model)

    def _count_usd(self, at: float, now: _Totals, place: _Place) -> None:
        """The tool's own price of what the table has none for."""
        before, place.totals = place.totals.usd, place.totals._replace(usd=now.usd)
        rest = now.usd - before if now.usd >= before else now.usd
        missing = rest - self._known_usd if self._unpriced else 0.0
        self._known_usd, self._unpriced = 0.0, False
        if missing > 0 and at >= self._since:
            self._put(Used(f"cost/{now.usd:.6f}", at, Cost(missing)))
            self._known_usd = 0.0

    def _count(self, key: str, at: float, found: _Totals, model: str) -> None:
        if at < self._since or found == _Totals():
            return  # Of a message that has just begun nothing is known.
        usd: float | None = found.usd or None
        estimated = False
        if usd is None and (found.used_in or found.used_out):
            usd = self._prices.cost(model, found.used_in, found.used_out, found.cached, found.written)
            estimated = usd is not None
            self._unpriced = self._unpriced or usd is None
        self._put(Used(key, at, Cost(usd, found.used_in, found.used_out, estimated)))

    def _put(self, used: Used) -> None:
        known = self._messages.get(used.key)
        if known is not None:
            used = Used(used.key, known.at, _larger(known.cost, used.cost))
            if used == known:
                return
        elif len(self._messages) >= MAX_MESSAGES:
            oldest = next(iter(self._messages))
            self._older += self._messages.pop(oldest).cost
            self._changed.discard(oldest)
        self._known_usd += (used.cost.usd or 0.0) - ((known.cost.usd or 0.0) if known is not None else 0.0)
        self._messages[used.key] = used
        self._changed.add(used.key)

    def _figures(self, rule: UsageRule, scope: Scope) -> _Totals | None:
        usd = scope.number(rule.cost, MAX_USD)
        used_in = scope.number(rule.tokens_in, MAX_TOKENS)
        # Each of them is a part of what came out.
        outs = [scope.number((path,), MAX_TOKENS) for path in rule.tokens_out]
        if usd is None and used_in is None and not any(out is not None for out in outs):
            return None
        cached = int(scope.number(rule.tokens_cached, MAX_TOKENS) or 0)
        written = int(scope.number(rule.tokens_written, MAX_TOKENS) or 0)
        fresh = int(used_in or 0)
        everything = (
            max(fresh, cached + written) if self._sessions.cached_in_input else fresh + cached + written
        )
        return _Totals(usd or 0.0, everything, int(sum(out or 0 for out in outs)), cached, written)


def _larger(one: Cost, other: Cost) -> Cost:
    """Of a message that was written down twice: it grew in between."""
    usd = max((cost.usd for cost in (one, other) if cost.usd is not None), default=None)
    return Cost(
        usd,
        max(one.tokens_in or 0, other.tokens_in or 0),
        max(one.tokens_out or 0, other.tokens_out or 0),
        one.estimated or other.estimated,
    )

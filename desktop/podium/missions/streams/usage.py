"""Cost and tokens of one run, from lines that count steps, the run, the session or only a first guess."""

from typing import Final, NamedTuple

from podium.core.adapters.line_paths import MAX_TOKENS, MAX_USD, Scope
from podium.core.adapters.model import LineRule, Output, Per
from podium.core.adapters.pricing import Prices
from podium.missions.streams.updates import Cost, SessionTotals, Tokens

MAX_PARTS: Final = 1000
"""The most models or drafts of one rule that are kept apart."""
_BEST_FIRST: Final = (Per.STEP, Per.RUN, Per.SESSION, Per.DRAFT)


class Part(NamedTuple):
    """The cost and tokens in one entry of a line."""

    model: str
    usd: float | None
    tokens: Tokens | None

    def plus(self, other: "Part") -> "Part":
        return Part(
            other.model or self.model,
            _sum(self.usd, other.usd),
            self.tokens + other.tokens if self.tokens and other.tokens else self.tokens or other.tokens,
        )


class RunUsage:
    """Adds up the usage in the lines. A rule further up has precedence over a later one of its kind."""

    def __init__(self, output: Output, previous: SessionTotals, prices: Prices | None) -> None:
        self._output = output
        self._previous = previous
        self._prices = prices
        self._parts: dict[tuple[Per, int], dict[str, Part]] = {}
        self._drafts_full = False

    def take(self, number: int, rule: LineRule, scopes: list[Scope]) -> bool:
        """Take the figures that ``rule``, the ``number``-th, finds on a line. Returns whether there were any."""
        assert rule.per is not None
        found: dict[str, Part] = {}
        for scope in scopes:
            part = self._part(rule, scope)
            if part is not None and len(found) < MAX_PARTS:
                key = scope.text(rule.entry) if rule.entry else part.model
                found[key] = found[key].plus(part) if key in found else part
        if not found:
            return False
        held = self._parts.setdefault((rule.per, number), {})
        if rule.per is Per.STEP:
            for key, part in found.items():
                if key in held:
                    held[key] = held[key].plus(part)
                elif len(held) < MAX_PARTS:
                    held[key] = part
        elif rule.per is Per.DRAFT:
            held.update({key: part for key, part in found.items() if key in held or len(held) < MAX_PARTS})
        else:
            self._parts[rule.per, number] = found
        return True

    def _part(self, rule: LineRule, scope: Scope) -> Part | None:
        usd = scope.number(rule.cost, MAX_USD) if rule.cost else None
        counts = [
            scope.number(paths, MAX_TOKENS) if paths else None
            for paths in (
                rule.tokens_in,
                rule.tokens_out,
                rule.tokens_cached,
                rule.tokens_written,
                rule.tokens_total,
            )
        ]
        tokens = None
        if counts[0] is not None or counts[1] is not None:
            tokens = self._tokens(*(None if count is None else int(count) for count in counts))
        if usd is None and tokens is None:
            return None
        if usd == 0 and self._output.zero_cost_is_unknown:
            if tokens == Tokens():
                return None  # A step that was cut says 0, and its cost is unknown.
            usd = None
        return Part(scope.text(rule.model)[:200] if rule.model else "", usd, tokens)

    def _tokens(
        self, used_in: int | None, out: int | None, cached: int | None, written: int | None, total: int | None
    ) -> Tokens:
        fresh, out, cached, written = used_in or 0, out or 0, cached or 0, written or 0
        used = max(fresh, cached + written) if self._output.cached_in_input else fresh + cached + written
        thought = max(0, (total or 0) - used - out)
        return Tokens(used, out, cached, written, thought)

    def cost(self, model: str) -> Cost | None:
        """The cost of this run; None when it is unknown. ``model`` prices tokens whose model is unknown."""
        usd = self._usd()
        parts, per = self._token_parts()
        tokens = None
        if parts:
            tokens = _without(_total(parts), self._previous.tokens) if per is Per.SESSION else _total(parts)
        if usd is not None or tokens is None:
            return None if usd is None and tokens is None else Cost(usd, False, tokens)
        estimate = self._estimate(parts, per, tokens, model)
        return Cost(estimate, estimate is not None, tokens)

    def totals(self, session_id: str, cost: Cost | None) -> SessionTotals:
        """For the next run of this session: the tool's own count, or what was known and this run on top."""
        session_usd = self._first_usd(Per.SESSION)
        session_tokens = self._first_tokens(Per.SESSION)
        run_tokens = cost.tokens if cost is not None and self._settled() else None
        run_usd = cost.usd if cost is not None and self._settled() and not cost.estimated else None
        return SessionTotals(
            session_id,
            session_usd if session_usd is not None else self._previous.cost_usd + (run_usd or 0.0),
            _total(session_tokens)
            if session_tokens is not None
            else self._previous.tokens + (run_tokens or Tokens()),
        )

    def _settled(self) -> bool:
        """Whether more than drafts was reported: their costs come again in the tool's own count."""
        return any(per is not Per.DRAFT for per, _ in self._parts)

    def _usd(self) -> float | None:
        for per in _BEST_FIRST:
            if (usd := self._first_usd(per)) is not None:
                if per is Per.SESSION and usd >= self._previous.cost_usd:
                    return usd - self._previous.cost_usd
                return usd
        return None

    def _first_usd(self, per: Per) -> float | None:
        for key in sorted(self._parts):
            if key[0] is per:
                known = [part.usd for part in self._parts[key].values() if part.usd is not None]
                # One model without a price makes the sum unknown, not smaller.
                if known and all(
                    part.usd is not None or part.tokens in {None, Tokens()}
                    for part in self._parts[key].values()
                ):
                    return sum(known)
        return None

    def _token_parts(self) -> tuple[list[Part] | None, Per | None]:
        for per in _BEST_FIRST:
            if (parts := self._first_tokens(per)) is not None:
                return parts, per
        return None, None

    def _first_tokens(self, per: Per) -> list[Part] | None:
        for key in sorted(self._parts):
            if key[0] is per:
                known = [part for part in self._parts[key].values() if part.tokens is not None]
                if known:
                    return known
        return None

    def _estimate(
        self, parts: list[Part] | None, per: Per | None, tokens: Tokens, model: str
    ) -> float | None:
        if self._prices is None or not parts:
            return None
        shares = [(part.model or model, part.tokens or Tokens()) for part in parts]
        if per is Per.SESSION:
            shares = [(model, tokens)]
        costs = [
            self._prices.cost(
                name, share.used_in, share.used_out + share.thought, share.cached, share.written
            )
            if share != Tokens()
            else 0.0
            for name, share in shares
        ]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if len(known) == len(costs) else None


def _sum(first: float | None, second: float | None) -> float | None:
    # A step without a price makes the sum of the steps unknown.
    return None if first is None or second is None else first + second


def _total(parts: list[Part]) -> Tokens:
    total = Tokens()
    for part in parts:
        total += part.tokens or Tokens()
    return total


def _without(total: Tokens, previous: Tokens) -> Tokens:
    """The part of ``total`` beyond ``previous``; all of it if the tool has restarted its count."""
    if total.used_in < previous.used_in or total.used_out < previous.used_out:
        return total
    return Tokens(
        total.used_in - previous.used_in,
        total.used_out - previous.used_out,
        max(0, total.cached - previous.cached),
        max(0, total.written - previous.written),
        max(0, total.thought - previous.thought),
    )

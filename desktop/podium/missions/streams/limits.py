"""The end of a limit, from a tool's message about it."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST: Final = 35 * 24 * 3600.0
"""Seconds. Whatever ends later than a month from now was read wrongly."""
_TEXT: Final = 2000
"""Characters of a text that are looked at."""

_UNIT_SECONDS: Final = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_EPOCH = re.compile(r"(?<![\d.-])(1[6-9]\d{8}|[2-4]\d{9})(\d{3})?(?![\d.])")
_ISO = re.compile(r"\b(20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?")
_SPAN = re.compile(
    r"(?:\bin|\bafter|\bwait|delay\W{1,4}|retry.after\W{0,4}|reset\w*\W{1,4})\s*(?:about\s+|~\s*)?"
    r"((?:\d{1,6}(?:\.\d{1,9})?\s*(?:days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|ms)?(?![a-z])[\s,]*(?:and\s+)?){1,4})",
    re.IGNORECASE,
)
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)\s*([a-z]*)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:\bat|\bresets?|\buntil|\bagain)\W{1,3}(?:on\s+|at\s+)?"
    r"(?:(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W{1,2}(?:at\s+)?)?"
    r"(?:(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:,?\s+(?P<year>20\d\d))?(?:,\s*|\s+at\s+|\s+)?)?"
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?::\d\d)?\s*(?P<half>[ap]\.?m\.?)?)?"
    r"(?:\s*\(?(?P<zone>UTC|GMT|[A-Z][A-Za-z]+/[A-Za-z_/+-]+)\)?)?",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def moment(value: Any, now: float) -> float | None:
    """A field that says when: seconds or milliseconds since 1970, or a date and time. None if it can't be."""
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"\d{10}|\d{13}", text):
            value = int(text)
        else:
            return _iso(text[:64], now)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e14:
        return None
    return _checked(value / 1000 if value > 1e11 else float(value), now)


def moment_in(text: str, now: float, local: tzinfo | None = None) -> float | None:
    """The end of a limit according to ``text``, in seconds since 1970; None without one.

    Understood: “in 2 hours 30 minutes”, “retry after 34.07s”, “resets 3pm (Europe/Berlin)”, “try again at Nov 22nd,
    2026 5:14 PM”, dates such as 2026-11-22T17:14:00Z, and seconds since 1970. ``local`` is the zone of times that name
    none; None stands for the machine's.
    """
    text = text[:_TEXT]
    for find in (_iso, _epoch, _span):
        if (found := find(text, now)) is not None:
            return found
    return _clock(text, now, local)


def _checked(when: float, now: float) -> float | None:
    return when if now < when <= now + LONGEST else None


def _epoch(text: str, now: float) -> float | None:
    for match in _EPOCH.finditer(text):
        if (when := _checked(float(match[1]), now)) is not None:
            return when
    return None


def _iso(text: str, now: float) -> float | None:
    match = _ISO.search(text)
    if match is None:
        return None
    try:
        when = datetime.fromisoformat(match[1] + (match[2] or "+00:00").replace("Z", "+00:00"))
    except ValueError:
        return None
    return _checked(when.timestamp(), now)


def _span(text: str, now: float) -> float | None:
    for match in _SPAN.finditer(text):
        seconds = 0.0
        for amount, unit in _PART.findall(match[1]):
            unit = unit.lower()
            if unit == "ms" or unit.startswith("milli"):
                seconds += float(amount) / 1000
            else:
                seconds += float(amount) * _UNIT_SECONDS.get(unit[:1], 1.0)
        bare = match[1].strip(" ,").replace(".", "").isdigit()
        if bare and not re.search(r"after|delay|wait", match[0], re.IGNORECASE):
            continue  # “resets 3” and “in 2026” are no seconds.
        if seconds > 0:
            return _checked(now + seconds, now)
    return None


def _clock(text: str, now: float, local: tzinfo | None) -> float | None:
    for match in _CLOCK.finditer(text):
        if match["hour"] is None and match["month"] is None:
            continue
        if match["month"] is None and match["half"] is None and match["minute"] is None:
            continue  # “at 3” is not a time of the day.
        try:
            when = _at(match, now, local)
        except (ValueError, OverflowError):
            continue
        if when is not None:
            return when
    return None


def _at(match: re.Match[str], now: float, local: tzinfo | None) -> float | None:
    zone = _zone(match["zone"], local)
    today = datetime.fromtimestamp(now, zone or UTC)
    if zone is None:
        today = today.astimezone()  # To the machine's zone.
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].lower().startswith("p") else 0)
    when = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if match["month"]:
        month = _MONTHS.index(match["month"].lower()[:3]) + 1
        when = when.replace(year=int(match["year"] or today.year), month=month, day=int(match["day"]))
        if not match["year"] and when.timestamp() <= now:
            when = when.replace(year=when.year + 1)
    elif match["weekday"]:
        ahead = (_WEEKDAYS.index(match["weekday"].lower()[:3]) - today.weekday()) % 7
        when += timedelta(days=ahead)
        if when.timestamp() <= now:
            when += timedelta(days=7)
    elif when.timestamp() <= now:
        when += timedelta(days=1)
    return _checked(when.timestamp(), now)


def _zone(name: str | None, local: tzinfo | None) -> tzinfo | None:
    if not name:
        return local
    if name.upper() in {"UTC", "GMT"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return local

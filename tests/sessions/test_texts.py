"""Parts of a text in, the whole of it out: once, with the reason where it is not all."""

import pytest

from podium.core.protocol.reports import ErrorReport, TextReport
from podium.sessions.queries import Reply, SessionGone
from podium.sessions.texts import whole_text

FAILURES = (ErrorReport("It could not.", 3), SessionGone("It ended."))


@pytest.mark.parametrize("failure", [None, *FAILURES], ids=["all", "error", "gone"])
def test_parts_become_one_text_with_the_reason_why_it_is_not_all(
    failure: ErrorReport | SessionGone | None,
) -> None:
    received: list[tuple[str, object]] = []
    gather = whole_text(lambda text, why: received.append((text, why)))
    parts: list[Reply | SessionGone] = [TextReport(3, "one ", more=True), TextReport(3, "two ", more=True)]
    for part in parts:
        gather(part)
    assert received == []
    gather(failure or TextReport(3, "three"))
    assert received == [("one two " + ("" if failure else "three"), failure)]

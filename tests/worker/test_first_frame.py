"""What a session shows before and after its first program was asked for."""

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import Report, ScreenReport
from podium.core.protocol.requests import Acknowledge, Init, Resize, ScreenWanted, Start
from podium.worker.session import Session


def frames(reports: list[Report]) -> list[Frame]:
    return [report for report in reports if isinstance(report, Frame)]


def test_a_session_shows_nothing_before_its_first_program() -> None:
    """The last screen of the session before it stays in sight until then."""
    reports: list[Report] = []
    session = Session(Init("a"), reports.append)
    session.handle(Resize(40, 10))
    session.handle(Acknowledge(7))
    session.handle(ScreenWanted(1))
    for _ in range(3):
        session.step()
    assert session.next_deadline() is None, "it does not even wake up for that"
    assert frames(reports) == []
    assert any(isinstance(report, ScreenReport) for report in reports)


def test_a_program_that_can_not_start_is_shown_all_the_same() -> None:
    reports: list[Report] = []
    session = Session(Init("a"), reports.append)
    session.step()
    session.handle(Start(("/no/such/program",), "/"))
    session.step()
    (frame,) = frames(reports)
    assert "/no/such/program" in "".join(run.text for row in frame.changed for run in row.line.runs)

"""Documents over HTTP: pages in, one body out, and no end where one is missing."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.errors import ApiError
from podium.control.api.exporting import Export, ExportedDocument, ReadLines
from podium.control.api.shapes import Call
from podium.control.ctl.client import BrokenOff, Client, Refused
from podium.control.ctl.command_line import main
from podium.control.operations.session_queries import Rows
from podium.core.exporting.document import DocumentStyle, ExportFormat, writer_for
from podium.core.exporting.pages import PAGE_LINES, LinePage, PageReader, TerminalLines
from podium.core.instances import Kind, ThemeName
from podium.core.protocol.frames import Cursor, Line, Run
from podium.core.protocol.reports import LinesReport, ScreenReport
from podium.core.protocol.requests import ScreenWanted
from podium.core.themes import load_theme
from podium.terminal import Emulator
from tests.control.bench import ONE, Bench
from tests.control.conftest import PATIENCE, Served
from tests.workspace.kept_screens import leave

LINES = 3 * PAGE_LINES + 40


class Session:
    """Answers a gateway's calls from an emulator; ``before`` comes before each page but the first."""

    def __init__(self) -> None:
        self.emulator = Emulator(40, 5, 10_000)
        self.emulator.feed(b"\r\n".join(b"line %d" % n for n in range(LINES)))
        self.before: Callable[[int], None] = lambda _page: None
        self.pages: list[tuple[int, int]] = []

    async def call(self, call: Call) -> Any:
        match call:
            case Export():
                made = self.emulator
                screen = self._page(made.first_line, made.lines)
                lines = TerminalLines(made.columns, made.lines, made.oldest_line, screen)
                style = DocumentStyle(call.id, load_theme(ThemeName.INDIGO).variant(call.scheme), {})
                return ExportedDocument(format=call.format, lines=lines, style=style)
            case ReadLines():
                self.pages.append((call.first, call.count))
                self.before(len(self.pages))
                return self._page(call.first, call.count)
        raise AssertionError(call)

    def _page(self, first: int, count: int) -> LinePage:
        start, lines, entries = self.emulator.lines_between(first, count)
        table = {entry.number: entry.attributes for entry in entries}
        return LinePage(self.emulator.line_epoch, start, tuple(lines), table)


@pytest.fixture
def session(served: Served, monkeypatch: pytest.MonkeyPatch) -> Session:
    made = Session()
    monkeypatch.setattr(served.gateway, "call", made.call)
    return made


PATH = "/api/orchestrator/one/export"


def copied(served: Served, target: str = PATH) -> str:
    pieces: list[bytes] = []
    size = Client(served.socket).copy(target, pieces.append)
    assert size == sum(map(len, pieces))
    return b"".join(pieces).decode()


def test_a_document_comes_whole_in_pages(served: Served, session: Session) -> None:
    assert copied(served) == "".join(f"line {n}\n" for n in range(LINES))
    assert [count for _, count in session.pages] == [PAGE_LINES, PAGE_LINES, PAGE_LINES, 35]


@pytest.mark.parametrize("format", ExportFormat)
def test_every_format_has_all_lines_and_its_type(
    served: Served, session: Session, format: ExportFormat
) -> None:
    text = copied(served, f"{PATH}?format={format}")
    assert all(f"line {n}" in text for n in range(LINES))
    begins = {"text": "line 0", "html": "<!DOCTYPE html>", "ansi": "line 0", "cast": '{"version": 2'}
    assert text.startswith(begins[format.value])
    wire = served.wire("unix")
    answer = wire.ask("GET", f"{PATH}?format={format}")
    assert answer.headers["content-type"] == f"{format.media_type}; charset=utf-8"
    wire.close()


def test_the_connection_goes_on_after_a_document(served: Served, session: Session) -> None:
    client = Client(served.socket)
    for _ in range(2):
        assert client.copy(PATH, lambda _: None) > LINES


def renumber(session: Session) -> None:
    session.before = lambda page: session.emulator.resize(30, 5) if page == 2 else None


def end(session: Session) -> None:
    def before(page: int) -> None:
        if page == 2:
            raise ApiError(409, "no-session", "Its session ended before it could answer.")

    session.before = before


@pytest.mark.parametrize("fault", [renumber, end])
def test_a_document_that_can_t_be_finished_has_no_end(
    served: Served, session: Session, fault: Callable[[Session], None]
) -> None:
    session.emulator.feed(b"a line of more than forty characters, so that it wraps\r\n" * 20)
    fault(session)
    with pytest.raises(BrokenOff):
        copied(served)
    assert len(session.pages) == 2


def test_ctl_leaves_the_file_as_it_was_then(
    served: Served, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out.txt"
    file.write_text("before")
    socket = ("--socket", str(served.socket))
    end(session)
    assert main([*socket, "export", "one", "-o", str(file)]) == 1
    assert "broke off" in capsys.readouterr().err
    assert file.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["out.txt"], "nothing is left beside it"
    session.before = lambda _page: None
    assert main([*socket, "--wait-for-server", "1", "export", "one", "-o", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bytes"] == file.stat().st_size
    assert file.read_text().endswith(f"line {LINES - 1}\n")


def test_ctl_takes_the_format_from_the_name_and_says_what_is_wrong(
    served: Served, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    socket = ("--socket", str(served.socket))
    page = tmp_path / "a.html"
    assert main([*socket, "export", "one", "-o", str(page), "--light"]) == 0
    assert load_theme(ThemeName.INDIGO).light.background in page.read_text()
    assert main([*socket, "export", "one", "-o", str(tmp_path / "no" / "a.txt")]) == 1
    assert "can't be written" in capsys.readouterr().err
    assert main([*socket, "export", "one", "-o", str(tmp_path)]) == 1
    assert main([*socket, "export", "one", "--json"]) == 2
    monkeypatch.delenv("PODIUM_INSTANCE", raising=False)
    assert main([*socket, "export"]) == 2
    assert "say which one" in capsys.readouterr().err
    monkeypatch.setenv("PODIUM_INSTANCE", "here")
    assert main([*socket, "export", "-o", str(tmp_path / "b.cast")]) == 0
    assert json.loads((tmp_path / "b.cast").read_text().splitlines()[0])["title"] == "here"


def test_a_refusal_is_said_before_anything_is_written(served: Served, session: Session) -> None:
    with pytest.raises(Refused):
        copied(served, f"{PATH}?format=pdf")
    assert not session.pages


def test_a_client_that_has_gone_is_read_for_no_more(served: Served, session: Session) -> None:
    gone, reached = threading.Event(), threading.Event()

    def before(page: int) -> None:
        if page == 1:
            reached.set()
            assert gone.wait(PATIENCE)

    session.before = before
    wire = served.wire("unix")
    wire.socket.sendall(wire.head("GET", PATH))
    assert reached.wait(PATIENCE)
    wire.close()
    gone.set()
    copied(served)  # The next one is served, all of it.
    assert len(session.pages) <= 4 + 2


# On the window's thread


def test_the_operations_ask_the_session_for_its_screen_and_then_for_pages(qtbot: QtBot) -> None:
    bench = Bench()
    bench.create("one", Kind.SHELL)
    bench.backend.run("one")
    outcome = bench.call(Export(id="one", format=ExportFormat.HTML))
    (wanted,) = bench.backend.requests("one", ScreenWanted)
    assert (wanted.first, wanted.count) == (None, 0)  # type: ignore[attr-defined]
    answer(bench, wanted, 90, ("a", "b"))
    (document,) = outcome
    assert document.lines.oldest_line == 10
    assert document.lines.screen == LinePage(
        3, 90, (Line((Run("a"),)), Line((Run("b"),))), document.lines.screen.table
    )
    assert document.style.title == "one"
    outcome = bench.call(ReadLines(id="one", first=10, count=80))
    wanted = bench.backend.requests("one", ScreenWanted)[-1]
    assert (wanted.first, wanted.count) == (10, 80)  # type: ignore[attr-defined]
    answer(bench, wanted, 12, ("x",))
    assert outcome[0].first == 12
    assert [error.status for error in bench.call(Export(id="nobody"))] == [404]


def test_without_a_session_what_was_kept_of_it_is_exported(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench()
    bench.create("one", Kind.SHELL)
    leave(tmp_path / "screens", "one")
    bench.workspace.keep_screens_in(tmp_path / "screens")
    (document,) = bench.call(Export(id="one"))
    writer = writer_for(ExportFormat.TEXT, document.lines, document.style)
    assert PageReader(document.lines).next_range() is None
    text = writer.begin() + writer.add(document.lines.screen) + writer.end()
    assert text == "".join(f"line {n}\n" for n in range(50))


def test_without_a_session_there_is_nothing_to_export(qtbot: QtBot) -> None:
    bench = Bench()
    bench.create("one", Kind.SHELL)
    assert [error.status for error in bench.call(Export(id="one"))] == [409]


def answer(bench: Bench, wanted: object, first: int, texts: tuple[str, ...]) -> None:
    number = wanted.request  # type: ignore[attr-defined]
    rows = Rows(3, first, tuple(Line((Run(text),)) for text in texts), {})
    bench.backend.report(ONE, ScreenReport(number, 40, 2, Cursor(), 0, 3, 90, 10))
    bench.backend.report(ONE, LinesReport(number, 3, first, rows.lines, ()))

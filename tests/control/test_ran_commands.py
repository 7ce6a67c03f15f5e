"""Calls about the commands of shells in, requests and answers out; and what ``podium ctl`` makes of them."""

import json
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.errors import ApiError
from podium.control.api.ran_commands import GetOutput, ListRan, RanList, RanOutput, RunLine
from podium.control.api.shapes import Done
from podium.control.bridge.gateway import DeferredBody
from podium.control.ctl import ran_commands
from podium.control.ctl.command_line import _parsed, build_parser
from podium.control.ctl.exits import ASKS, DONE, USAGE
from podium.control.http_server.requests import converted
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.command_reports import RanOutputReport, RanReport
from podium.core.protocol.command_requests import RanOutputWanted, RanWanted, RunAtPrompt
from podium.core.protocol.marks import CommandState, RanCommand
from podium.core.protocol.reports import (
    ErrorReport,
    ProgramState,
    StatusReport,
    SubmittedReport,
    TextReport,
)
from podium.core.protocol.requests import SendText
from tests.control.bench import Bench

MAKE = RanCommand(7, 120, CommandState.ENDED, "make test", "/src", 2, 1000.0, 41.25)
TOP = RanCommand(8, 130, CommandState.RUNNING, "for x in a\ndo top; done", "", None, None, 3.0)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    made.create("one")
    made.backend.run("one")
    made.backend.report("one", StatusReport(ProgramState.RUNNING, 1))
    return made


def asked(bench: Bench, kind: type) -> Any:
    return bench.backend.requests("one", kind)[-1]


def test_commands_are_listed(bench: Bench) -> None:
    outcome = bench.call(ListRan(id="one", before=9, limit=5))
    wanted = asked(bench, RanWanted)
    assert (wanted.before, wanted.most) == (9, 5)
    bench.backend.report("one", RanReport(wanted.request, 4, (MAKE, TOP), True))
    (answer,) = outcome
    assert isinstance(answer, RanList)
    assert (answer.older, answer.line_epoch) == (True, 4)
    first, second = answer.commands
    assert (first.number, first.line, first.command, first.folder, first.state) == (
        7,
        120,
        "make test",
        "/src",
        "ended",
    )
    assert (first.exit_code, first.started_at, first.seconds) == (2, 1000.0, 41.25)
    assert (second.state, second.exit_code, second.started_at) == ("running", None, None)
    bench.call(ListRan(id="one"))
    assert asked(bench, RanWanted).before > 1 << 50


def test_the_output_of_one_comes_whole(bench: Bench) -> None:
    outcome = bench.call(GetOutput(id="one", command="7"))
    number = asked(bench, RanOutputWanted).request
    assert asked(bench, RanOutputWanted).number == 7
    bench.backend.report("one", RanOutputReport(number, MAKE, "make test -k", 12))
    bench.backend.report("one", TextReport(number, "a\nb", more=True))
    assert not outcome
    bench.backend.report("one", TextReport(number, "c\n"))
    assert isinstance(outcome[0], DeferredBody)
    answer = outcome[0].finish()
    assert isinstance(answer, RanOutput)
    assert (answer.number, answer.command, answer.text, answer.left_out) == (7, "make test -k", "a\nbc\n", 12)
    bench.call(GetOutput(id="one", command="last"))
    assert asked(bench, RanOutputWanted).number == 0


def test_what_is_not_there_is_said_with_what_to_do(bench: Bench) -> None:
    outcome = bench.call(GetOutput(id="one", command="99"))
    bench.backend.report("one", ErrorReport("It has no command 99.", asked(bench, RanOutputWanted).request))
    (error,) = outcome
    assert (error.status, error.code) == (404, "unknown-command")
    assert "podium ctl commands one" in error.hint
    for call in (ListRan(id="nobody"), GetOutput(id="nobody", command="1"), RunLine(id="nobody", text="x")):
        assert [error.status for error in bench.call(call)] == [404]


def test_without_a_session_there_is_nothing_to_ask(bench: Bench) -> None:
    listed, printed = bench.call(ListRan(id="one")), bench.call(GetOutput(id="one", command="1"))
    bench.backend.become("one", WorkerState.FAILED)
    assert [error.status for error in (*listed, *printed)] == [409, 409]
    assert [error.status for error in bench.call(RunLine(id="one", text="ls"))] == [409]


def test_a_line_is_run_only_at_a_prompt(bench: Bench) -> None:
    outcome = bench.call(RunLine(id="one", text="make test"))
    wanted = asked(bench, RunAtPrompt)
    assert wanted.text == "make test"
    assert not bench.backend.requests("one", SendText)
    bench.backend.report("one", SubmittedReport(wanted.request))
    assert outcome == [Done()]
    outcome = bench.call(RunLine(id="one", text="make test"))
    bench.backend.report("one", ErrorReport("It can be run at a prompt.", asked(bench, RunAtPrompt).request))
    (error,) = outcome
    assert (error.status, error.code) == (409, "not-at-prompt")


@pytest.mark.parametrize(
    ("call", "given"),
    [
        (GetOutput, {"command": "0"}), (GetOutput, {"command": "-1"}), (GetOutput, {"command": "first"}),
        (GetOutput, {"command": "9" * 40}), (ListRan, {"limit": "0"}),
        (ListRan, {"limit": "201"}), (ListRan, {"before": "0"}), (RunLine, {"text": ""}),
        (RunLine, {"text": "x" * 8001}), (RunLine, {}),
    ],
)  # fmt: skip
def test_calls_that_ask_for_nonsense_are_refused(call: Any, given: dict[str, str]) -> None:
    with pytest.raises(ApiError) as refused:
        converted({"id": "one", **given}, call, strict=False)
    assert refused.value.status == 422


# podium ctl


class Answers:
    """A Client that knows its answers."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self.posted: list[tuple[str, Any]] = []
        self.query: dict[str, Any] = {}

    def get(self, path: str, **query: Any) -> Any:
        self.query = query
        return self._answers[path]

    def post(self, path: str, body: Any = None) -> Any:
        self.posted.append((path, body))
        return {"ok": True}


def listed(**changes: Any) -> dict[str, Any]:
    known = {
        "number": 7, "line": 120, "command": "make test", "folder": "/src", "state": "ended", "exitCode": 2,
        "startedAt": 1000.0, "seconds": 41.25,
    }  # fmt: skip
    return known | changes


def ctl(answers: Answers, *arguments: str) -> int:
    given = _parsed(build_parser(), arguments)
    run = {"commands": ran_commands.commands, "output": ran_commands.output, "run": ran_commands.run}
    return run[given.command](answers, given)  # type: ignore[arg-type]


BASE = "/api/orchestrator/one"


def test_a_list_for_a_person(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    running = listed(
        number=8, state="running", exitCode=None, startedAt=None, command="a\nb\x1b[31m", folder=""
    )
    answers = Answers({f"{BASE}/commands": {"commands": [listed(), running], "older": True, "lineEpoch": 0}})
    assert ctl(answers, "commands", "one", "--limit", "2") == DONE
    assert answers.query == {"limit": 2, "before": None}
    said = capsys.readouterr()
    head, first, second = said.out.splitlines()
    assert head.split() == ["NUMBER", "STARTED", "TIME", "EXIT", "LINE", "FOLDER", "COMMAND"]
    assert first.split()[0] == "7"
    assert first.endswith("2     120   /src    make test")
    assert second.endswith("runs  120   –       a…")
    assert "--before 7" in said.err
    assert ctl(answers, "commands", "one", "--json") == DONE
    assert json.loads(capsys.readouterr().out)["commands"][0]["number"] == 7
    answers = Answers({f"{BASE}/commands": {"commands": [], "older": False, "lineEpoch": 0}})
    monkeypatch.setenv("PODIUM_INSTANCE", "one")
    assert ctl(answers, "commands") == DONE
    assert "no commands" in capsys.readouterr().err
    monkeypatch.delenv("PODIUM_INSTANCE")
    assert ctl(answers, "commands") == USAGE


@pytest.mark.parametrize(("text", "shown"), [("a\nb\n", "a\nb\n"), ("a", "a\n"), ("", "")])
def test_an_output_for_a_person(capsys: pytest.CaptureFixture[str], text: str, shown: str) -> None:
    answers = Answers(
        {
            f"{BASE}/commands/last/output": {**listed(), "text": text, "leftOut": 0},
            f"{BASE}/commands/7/output": {**listed(), "text": text, "leftOut": 1200},
        }
    )
    assert ctl(answers, "output", "one") == DONE
    said = capsys.readouterr()
    assert (said.out, said.err) == (shown, "")
    assert ctl(answers, "output", "one", "7") == DONE
    assert "1,200 lines" in capsys.readouterr().err


def again(command: str) -> Answers:
    return Answers({f"{BASE}/commands/7/output": {**listed(command=command), "text": "", "leftOut": 0}})


def test_a_line_is_run_and_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    answers = again("make test")
    assert ctl(answers, "run", "one", "--", "ls", "-l") == DONE
    assert ctl(answers, "run", "one", "--again", "7") == DONE
    assert answers.posted == [(f"{BASE}/run", {"text": "ls -l"}), (f"{BASE}/run", {"text": "make test"})]
    assert "make test" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["x" * 61, "ls\nrm -rf .", "ls \u202eevil", "a\tb"])
def test_a_line_that_no_list_shows_whole_runs_again_only_with_a_yes(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    answers = again(command)
    assert ctl(answers, "run", "one", "--again", "7") == ASKS
    assert answers.posted == []
    assert "--yes" in capsys.readouterr().err
    assert ctl(answers, "run", "one", "--again", "7", "--yes") == DONE
    assert answers.posted == [(f"{BASE}/run", {"text": command})]


def test_runs_that_say_nothing_or_too_much(capsys: pytest.CaptureFixture[str]) -> None:
    assert ctl(again("ls"), "run", "one") == USAGE
    assert ctl(again("ls"), "run", "one", "ls", "--again", "7") == USAGE
    assert ctl(again(""), "run", "one", "--again", "7", "--yes") == USAGE
    for wrong in ("0", "-1", "x", "1e3"):
        with pytest.raises(SystemExit):
            build_parser().parse_args(["output", "one", wrong])

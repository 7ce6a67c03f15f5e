"""Instances that ask, have ended or rang their bell, as the inbox sees them."""

from collections.abc import Sequence
from typing import Any

from podium.attention.alerts import Alert, AlertKind
from podium.attention.signals import Attention, AttentionState, Source
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.attention import Allow, AnsweredReport, AnswerQuestion, Question, QuestionKind
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import BellReport, ErrorReport
from podium.ui.inbox.contents import Member
from podium.workspace.views import InstanceState, InstanceView
from tests.ui.fake_workspace import FakeWorkspace

MAKE = Question(
    QuestionKind.PERMISSION, "Do you want to proceed?", "make test", ("Yes", "No"), "1", "2", shown="digest"
)
DEPLOY = Question(QuestionKind.PERMISSION, "Deploy to staging?", "", ("Yes", "No"), "1", "2")
STILL_THERE = "The keys were typed, and the question is still on its screen."


def member(
    number: int,
    name: str = "",
    asked: Question | None = MAKE,
    since: float = 0.0,
    kind: AlertKind = AlertKind.QUESTION,
    tool: str = "claude",
    **view: Any,
) -> Member:
    """An instance with an alert of this ``number``."""
    id = InstanceId(name or f"i{number}")
    said = f"{asked.text} {asked.subject}".strip() if asked is not None else "What now?"
    spec = InstanceSpec(id, id, Kind.COMMAND, ThemeName.INDIGO, "/srv")
    attention = Attention(AttentionState.WAITING, Source.SCREEN, since, said, asked, tool)
    fields: dict[str, Any] = {
        "state": InstanceState.WAITING,
        "label": "Waiting",
        "attention": attention,
        **view,
    }
    return Member(InstanceView(spec, number, **fields), Alert(number, id, kind, since, said, asked))


def ask(
    workspace: FakeWorkspace,
    name: str,
    asked: Question | None = MAKE,
    ago: float = 10.0,
    tool: str = "claude",
) -> InstanceId:
    """Have an instance of this name wait for ``ago`` seconds already; it is added where there is none."""
    id = InstanceId(name) if name in workspace.ids() else workspace.add(name, kind=Kind.COMMAND)
    workspace.backend.become(id, WorkerState.RUNNING)
    said = f"{asked.text} {asked.subject}".strip() if asked is not None else "What now?"
    attention = Attention(AttentionState.WAITING, Source.SCREEN, workspace.now - ago, said, asked, tool)
    workspace.set(
        id, state=InstanceState.WAITING, attention=attention, question=said, waiting_seconds=float(ago)
    )
    return id


def go_on(workspace: FakeWorkspace, instance: InstanceId) -> None:
    """It asks no more, and works."""
    busy = Attention(AttentionState.BUSY, Source.SCREEN, workspace.now)
    workspace.set(instance, state=InstanceState.RUNNING, attention=busy, question="", waiting_seconds=None)


def end(workspace: FakeWorkspace, name: str, ago: float = 10.0, *, failed: bool = False) -> InstanceId:
    id = workspace.add(name, kind=Kind.COMMAND)
    state = AttentionState.FAILED if failed else AttentionState.DONE
    attention = Attention(state, Source.EVENTS, workspace.now - ago)
    workspace.set(id, state=InstanceState.FAILED if failed else InstanceState.DONE, attention=attention)
    return id


def ring(workspace: FakeWorkspace, name: str) -> InstanceId:
    id = workspace.add(name, kind=Kind.SHELL, state=InstanceState.RUNNING)
    workspace.backend.report(id, BellReport())
    return id


def given(workspace: FakeWorkspace) -> list[tuple[str, bool]]:
    """The answers that sessions were asked to give."""
    sent = workspace.backend.sent
    return [
        (id, isinstance(request.decision, Allow))
        for id, request in sent
        if isinstance(request, AnswerQuestion)
    ]


def reply(workspace: FakeWorkspace, instance: str, refused: str = "") -> None:
    """The session says what became of its last answer."""
    wanted = workspace.backend.requests(instance, AnswerQuestion)[-1]
    assert isinstance(wanted, AnswerQuestion)
    number = wanted.request
    workspace.backend.report(instance, ErrorReport(refused, number) if refused else AnsweredReport(number))


def names(members: Sequence[Member]) -> list[str]:
    return [one.view.spec.name for one in members]

"""*Allow* and *Deny*: where they are offered, what they answer, and what is said when it did not take."""

import pytest
from msgspec.structs import replace

from podium.attention.signals import Attention, AttentionState, Source
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.protocol.attention import Allow, AnsweredReport, AnswerQuestion, Deny, Question, QuestionKind
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ErrorReport
from podium.ui.main_window import MainWindow
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow

BOTH = Question(QuestionKind.PERMISSION, "Run make test?", "make test", allow="1", deny="Escape")
ALLOW, DENY = CommandId.ALLOW_QUESTION, CommandId.DENY_QUESTION


def asking(workspace: FakeWorkspace, question: Question | None, name: str = "a") -> InstanceId:
    id = InstanceId(name)
    if id not in workspace.ids():
        workspace.add(name)
        workspace.backend.become(id, WorkerState.RUNNING)
    attention = Attention(AttentionState.WAITING, Source.SCREEN, workspace.now, "Run it?", question)
    workspace.set(id, state=InstanceState.WAITING, question="Run it?", waiting_seconds=0, attention=attention)
    return id


def entries(window: MainWindow, workspace: FakeWorkspace, id: InstanceId) -> dict[str, bool]:
    maker = window._menus.maker()
    menu = maker.instance_menu(workspace.view(id), lambda _command: None, lambda _theme: None)
    return {action.text(): action.isEnabled() for action in menu.actions()}


def answers(workspace: FakeWorkspace) -> list[AnswerQuestion]:
    return [request for _, request in workspace.backend.sent if isinstance(request, AnswerQuestion)]


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        (BOTH, {"Allow": True, "Deny": True}),
        (replace(BOTH, deny=""), {"Allow": True, "Deny": False}),
        (replace(BOTH, allow="", deny=""), {}),
        (None, {}),
    ],
)
def test_they_are_offered_where_the_keys_are_known(
    make_window: MakeWindow, workspace: FakeWorkspace, question: Question | None, offered: dict[str, bool]
) -> None:
    id = asking(workspace, question)
    window = make_window()
    shown = entries(window, workspace, id)
    assert {title: shown[title] for title in ("Allow", "Deny") if title in shown} == offered
    possible = {title: window.can_run(command, id) for title, command in (("Allow", ALLOW), ("Deny", DENY))}
    assert possible == {"Allow": False, "Deny": False, **offered}
    workspace.set(id, state=InstanceState.RUNNING, attention=Attention(AttentionState.BUSY))
    assert "Allow" not in entries(window, workspace, id)
    assert not window.can_run(ALLOW, id)


@pytest.mark.parametrize(("command", "allow"), [(ALLOW, True), (DENY, False)])
def test_the_question_it_asks_is_answered_and_nothing_else_is_typed(
    make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId, allow: bool
) -> None:
    workspace.add("other")
    id = asking(workspace, BOTH)
    window = make_window()
    del workspace.sent[:]
    window.run(command, id)
    (answer,) = answers(workspace)
    assert (answer.question, answer.decision) == (BOTH, Allow() if allow else Deny())
    workspace.hub.session_reported(id, AnsweredReport(answer.request))
    assert window.toasts.texts() == ()
    assert workspace.sent == []
    assert workspace.arrangement.current == "other"


def test_a_menu_answers_only_the_question_it_was_opened_on(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = asking(workspace, BOTH)
    window = make_window()
    _, run, _ = window._menus._about(id)
    other = replace(BOTH, text="Run rm -rf /?", subject="rm -rf /")
    asking(workspace, other)
    run(ALLOW)
    (answer,) = answers(workspace)
    assert answer.question == BOTH, "the session refuses it: it is not on the screen"


@pytest.mark.parametrize("ends", ["refused", "worker gone", "closed meanwhile"])
def test_what_did_not_take_is_said_with_the_reason(
    make_window: MakeWindow, workspace: FakeWorkspace, ends: str
) -> None:
    id = asking(workspace, BOTH)
    window = make_window()
    window.run(ALLOW, id)
    (answer,) = answers(workspace)
    if ends == "closed meanwhile":
        workspace.close(id)
    if ends == "worker gone":
        workspace.backend.become(id, WorkerState.STOPPED)
    else:
        workspace.hub.session_reported(id, ErrorReport("The keys were typed, and it stands.", answer.request))
    (told,) = window.toasts.texts()
    assert told.startswith("a was not answered. ")
    assert len(told) > len("a was not answered. ")

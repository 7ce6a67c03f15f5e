"""Answers to agents' tools: of one instance, or of all that ask the same."""

from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, TypeAlias

from podium.attention.same_questions import Waiting, group, is_same
from podium.attention.signals import AttentionState
from podium.control.api.attention import (
    AnswerInstance,
    AnswerSeveral,
    GivenAnswer,
    GivenAnswers,
    Reply,
)
from podium.control.api.errors import ApiError
from podium.control.api.shapes import Done
from podium.control.bridge.futures import on_cancel, settle, settled, when_settled
from podium.control.operations.context import OperationContext, require_instance
from podium.control.operations.session_queries import Failure
from podium.control.operations.table import OperationTable
from podium.core.ids import InstanceId
from podium.core.protocol.attention import Allow, AnswerQuestion, Choose, Decision, Deny, Question, Say
from podium.workspace.views import InstanceView

AnswerFields: TypeAlias = AnswerInstance | AnswerSeveral
_RESTING: Final = frozenset({AttentionState.QUIET, AttentionState.DONE})


class AttentionOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context
        self._workspace = context.workspace
        self._sessions = context.sessions

    def register(self, table: OperationTable) -> None:
        table.add(AnswerInstance, self._answer)
        table.add(AnswerSeveral, self._answer_several)

    def _answer(self, call: AnswerInstance) -> Future[Any]:
        _check(call)
        instance = require_instance(self._workspace, call.id)
        return self._give(self._workspace.view(instance), call)

    def _answer_several(self, call: AnswerSeveral) -> Future[Any]:
        _check(call)
        if bool(call.instances) == (call.like is not None):
            raise _shape("Give either “instances” or “like”.")
        first = require_instance(self._workspace, call.like) if call.like is not None else None
        waiting = {view.id: _waiting(view) for view in self._workspace.views() if _waits(view)}
        if first is None:
            wanted = tuple(dict.fromkeys(map(InstanceId, call.instances)))
            asking = next((waiting[one] for one in wanted if one in waiting), None)
        else:
            asking = waiting.get(first)
            if asking is None:
                raise _nothing_asked()
            wanted = next(one for one in group(waiting.values()) if first in one.instances).instances
        return _gathered(wanted, [self._give_same(one, asking, call) for one in wanted])

    def _give_same(self, instance: InstanceId, like: Waiting | None, call: AnswerSeveral) -> Future[Any]:
        """Answer as one of several; refused if it does not ask the same as ``like``."""
        try:
            view = self._workspace.view(require_instance(self._workspace, instance))
            if like is not None and instance != like.instance and not _asks_like(view, like):
                raise _nothing_asked() if view.attention.asked is None else _another_question()
            return self._give(view, call)
        except ApiError as error:
            return settled(error)

    def _give(self, view: InstanceView, call: AnswerFields) -> Future[Any]:
        """Raises ApiError when it can't be given."""
        if call.question is not None and call.question != view.question:
            raise _another_question()
        decision = _decision(call, view.attention.asked)
        if view.attention.asked is None and (reason := _why_no_text(view, decision)) is not None:
            raise reason
        instance, future = view.id, Future[Any]()

        def receive(outcome: object) -> None:
            if isinstance(outcome, Failure):
                refusal = ApiError(409, "not-answered", outcome.reason)
                settle(future, self._context.unanswered(instance, refusal))
                return
            if view.attention.asked is None:
                self._workspace.needs.answered(instance)
            settle(future, Done())

        query = AnswerQuestion(0, view.attention.asked, decision)
        number = self._sessions.answer(instance, query, receive)
        on_cancel(future, lambda: self._sessions.drop(number))
        return future


def _check(call: AnswerFields) -> None:
    """Raises ApiError 422."""
    given = {Reply.OPTION: call.option is not None, Reply.TEXT: call.text is not None}
    kinds = {reply for reply, is_given in given.items() if is_given} | ({call.answer} - {None})
    if len(kinds) != 1 or (call.answer in given and not given[call.answer]):
        raise _shape("Give one of “answer”: “allow” or “deny”, “option”, “text”.")
    text = call.text
    if text is not None:
        if not text.strip():
            raise _shape("“text” is empty.")
        if any(not char.isprintable() and char not in "\n\r\t" for char in text):
            raise _shape("“text” holds control characters.", "Send keys with “input” instead.")


def _decision(call: AnswerFields, asked: Question | None) -> Decision:
    """Raises ApiError 409 when no option is meant, or several are."""
    if call.text is not None:
        return Say(call.text.rstrip("\r\n"))
    if call.option is None:
        return Allow() if call.answer is Reply.ALLOW else Deny()
    options = asked.options if asked is not None else ()
    if isinstance(call.option, int):
        found = [call.option] if call.option <= len(options) else []
    else:
        found = _options_like(call.option, options)
    if not options:
        raise _nothing_asked()
    if len(found) != 1:
        what = "Several of its options begin so." if found else "It has no such option."
        raise ApiError(409, "no-such-option", what, f"Its options: {'; '.join(options)}")
    return Choose(found[0])


def _options_like(words: str, options: Iterable[str]) -> list[int]:
    """The numbers of the options that are ``words``, or else of those that begin so."""
    wanted = _folded(words)
    folded = [_folded(option) for option in options]
    exact = [number for number, option in enumerate(folded, 1) if option == wanted]
    return exact or [number for number, option in enumerate(folded, 1) if option.startswith(wanted)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _why_no_text(view: InstanceView, decision: Decision) -> ApiError | None:
    """Why a program that asks nothing on its screen gets no answer now; None when it may get this one."""
    attention = view.attention
    if not isinstance(decision, Say):
        return _nothing_asked()
    if attention.state is AttentionState.WAITING or (attention.tool and attention.state in _RESTING):
        return None
    if attention.state is AttentionState.BUSY:
        return ApiError(
            409, "works", "It works.", "It takes a text when it waits, or when its prompt is ready."
        )
    return ApiError(
        409, "no-question", "No agent's tool waits in it.", "“input” types into any program that reads."
    )


def _waits(view: InstanceView) -> bool:
    return view.attention.state is AttentionState.WAITING and view.attention.asked is not None


def _waiting(view: InstanceView) -> Waiting:
    return Waiting(view.id, view.attention.tool, view.attention)


def _asks_like(view: InstanceView, like: Waiting) -> bool:
    asked, other = view.attention.asked, like.attention.asked
    return asked is not None and other is not None and is_same(view.attention.tool, asked, like.tool, other)


def _gathered(instances: Iterable[InstanceId], answers: list[Future[Any]]) -> Future[Any]:
    """All outcomes, when the last one is there."""
    gathered: Future[Any] = Future()
    given: dict[InstanceId, GivenAnswer] = {}
    order = tuple(instances)

    def receive(instance: InstanceId, outcome: object) -> None:
        if isinstance(outcome, ApiError):
            given[instance] = GivenAnswer(id=instance, taken=False, reason=outcome.message)
        elif isinstance(outcome, Exception):
            settle(gathered, outcome)
        else:
            given[instance] = GivenAnswer(id=instance, taken=True)
        if len(given) == len(order):
            settle(gathered, GivenAnswers(answers=tuple(given[one] for one in order)))

    def cancel() -> None:
        for answer in answers:
            answer.cancel()

    on_cancel(gathered, cancel)
    for instance, answer in zip(order, answers, strict=True):
        when_settled(answer, partial(receive, instance))
    return gathered


def _nothing_asked() -> ApiError:
    return ApiError(409, "no-question", "It asks nothing on its screen.", "Look at its attention first.")


def _another_question() -> ApiError:
    return ApiError(409, "another-question", "It asks something else now.", "Look at it again.")


def _shape(message: str, hint: str = "") -> ApiError:
    return ApiError(422, "bad-shape", message, hint)

"""What hooks and programs tell of their instance: its state, words for the person, the conversation they have."""

from typing import Final

from podium.attention.signals import Claim
from podium.control.api.errors import ApiError
from podium.control.api.instances import Notify, NotifyState
from podium.control.api.shapes import Done
from podium.control.operations.context import OperationContext, require_instance
from podium.core.agent_sessions import tool_session
from podium.core.names import one_line
from podium.core.protocol.reports import NoticeReport

_CLAIMS: Final = {
    NotifyState.WORKING: Claim.BUSY,
    NotifyState.WAITING: Claim.WAITING,
    NotifyState.DONE: Claim.DONE,
    NotifyState.PARTIAL: Claim.DONE,
}


def notify(context: OperationContext, call: Notify) -> Done:
    """Tell it. Raises ApiError."""
    instance = require_instance(context.workspace, call.id)
    if not (call.text or call.state or call.session):
        raise _shape("Say something: “text”, “state”, or “session”.")
    if call.session:
        session = tool_session(call.tool, call.session, call.transcript)
        if session is None:
            raise _shape("“tool” or “session” has characters that no name of a tool or session has.")
        context.workspace.needs.tell_session(instance, session)
    if call.text or call.state:
        claim = _CLAIMS[call.state] if call.state is not None else None
        title, text = one_line(call.title), one_line(call.text)
        notice = NoticeReport(title, text) if text else None
        context.workspace.notify(instance, notice, claim)
        context.noticed(instance, title, text, call.state.value if call.state else "")
    return Done()


def _shape(message: str) -> ApiError:
    return ApiError(422, "bad-shape", message)

"""A terminal and the session of its instance: frames and answers in, requests out."""

from collections.abc import Callable

from podium.core.ids import InstanceId
from podium.core.protocol.command_reports import FailedReport
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    FailedWanted,
    PromptWanted,
    RunAtPrompt,
)
from podium.core.protocol.frames import Frame
from podium.core.protocol.images import ImageReport, ImageWanted
from podium.core.protocol.reports import (
    CommandEndedReport,
    CommandsReport,
    ErrorReport,
    LinesReport,
    StaleReport,
    TextReport,
)
from podium.core.protocol.requests import (
    LinesWanted,
    Request,
    TextWanted,
)
from podium.sessions.hub import SessionHub
from podium.sessions.queries import Reply, SessionGone
from podium.sessions.texts import NoText, whole_text
from podium.ui.terminal.view import TerminalView
from podium.workspace.workspace import Workspace


class PaneSession:
    """Lasts from the pane's making until ``close``."""

    def __init__(
        self,
        hub: SessionHub,
        workspace: Workspace,
        instance: InstanceId,
        terminal: TerminalView,
        tell_end: Callable[[CommandEndedReport], None],
    ) -> None:
        """``tell_end`` is called when a command of its shell has ended that took a while."""
        self.tell_end = tell_end
        self._hub = hub
        self._workspace = workspace
        self._instance = instance
        self._terminal: TerminalView | None = terminal
        self._subscriptions = (
            hub.subscribe_to(instance, Frame, terminal.apply_frame),
            hub.subscribe_to(instance, LinesReport, terminal.apply_lines),
            hub.subscribe_to(instance, CommandEndedReport, lambda report: self.tell_end(report)),
        )
        terminal.requested.connect(self._on_requested)

    def close(self) -> None:
        """The pane goes; what still comes for it is dropped."""
        for subscription in self._subscriptions:
            subscription.cancel()
        if self._terminal is not None:
            self._terminal.requested.disconnect(self._on_requested)
            self._terminal = None

    def _on_requested(self, request: Request) -> None:
        match request:
            case LinesWanted():
                self._hub.ask(self._instance, self._on_lines, request, send=self._send)
            case TextWanted():
                number = request.request
                receive = whole_text(lambda text, failure: self._on_text(number, text, failure))
                self._hub.ask(self._instance, receive, request, send=self._send)
            case ImageWanted():
                self._hub.ask(self._instance, self._on_image, request, send=self._send)
            case CommandsWanted():
                self._hub.ask(self._instance, self._on_commands, request, send=self._send)
            case FailedWanted():
                self._hub.ask(self._instance, self._on_failed, request, send=self._send)
            case PromptWanted():
                self._hub.ask(self._instance, self._on_prompt, request, send=self._send)
            case CommandTextWanted():
                self._hub.ask(self._instance, whole_text(self._on_command_text), request, send=self._send)
            case _:
                self._send(request)

    def run_again(self, text: str) -> None:
        """Type a command line at the shell's prompt and run it."""
        self._hub.ask(self._instance, self._on_run, RunAtPrompt(0, text), send=self._send)

    def _send(self, request: Request) -> bool:
        return self._workspace.send(self._instance, request)

    def _on_lines(self, reply: Reply | SessionGone) -> None:
        if self._terminal is None:
            return
        match reply:
            case LinesReport():
                self._terminal.apply_lines(reply)
            case ErrorReport(message):
                self._workspace.report_error(self._instance, message)

    def _on_image(self, reply: Reply | SessionGone) -> None:
        if self._terminal is None:
            return
        if isinstance(reply, ImageReport):
            self._terminal.pictures.take(reply)
        else:
            self._terminal.pictures.give_up()

    def _on_commands(self, reply: Reply | SessionGone) -> None:
        if self._terminal is not None and isinstance(reply, CommandsReport):
            self._terminal.prompts.take(reply)

    def _on_failed(self, reply: Reply | SessionGone) -> None:
        if self._terminal is not None and isinstance(reply, FailedReport):
            self._terminal.prompts.take_failed(reply)

    def _on_prompt(self, reply: Reply | SessionGone) -> None:
        if self._terminal is not None and isinstance(reply, CommandsReport):
            self._terminal.prompts.take_prompt(reply)

    def _on_command_text(self, text: str, failure: NoText | None) -> None:
        if self._terminal is None or failure is not None:
            return
        if self._terminal.prompts.take_offered(text):
            self.run_again(text)
        elif text:
            self._terminal.run_doubted.emit(text)
        else:
            self._workspace.report_error(self._instance, "The command line is not known, so nothing was run.")

    def _on_run(self, reply: Reply | SessionGone) -> None:
        if isinstance(reply, ErrorReport):
            self._workspace.report_error(self._instance, reply.message)

    def _on_text(self, number: int, text: str, failure: NoText | None) -> None:
        if self._terminal is None:
            return
        match failure:
            case None:
                self._terminal.apply_text(TextReport(number, text))
            case SessionGone():
                # No session answers: what the window knows of the text has to do.
                self._terminal.apply_text(TextReport(number, self._terminal.selected_text()))
            case StaleReport():
                self._terminal.text_is_stale(number)
            case ErrorReport(message):
                self._workspace.report_error(self._instance, message)

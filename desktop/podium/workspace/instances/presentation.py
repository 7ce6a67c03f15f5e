"""What sessions know of their window: the colours, whether there is a clipboard, what agents' screens look like."""

from collections.abc import Mapping

from podium.core.bidi.choice import BidiChoice
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.attention import AgentMarks
from podium.core.protocol.requests import AllowClipboard, Request, SetBidi
from podium.core.themes import ColorScheme
from podium.sessions.hub import SessionHub
from podium.workspace.instances.instance import Instance
from podium.workspace.terminal_bidi import bidi_request
from podium.workspace.terminal_colors import terminal_colors


class Presentation:
    """Belongs to the workspace, whose records it reads. Without a window it is dark, and has no clipboard."""

    def __init__(self, hub: SessionHub, records: Mapping[InstanceId, Instance]) -> None:
        self._hub = hub
        self._records = records
        self._scheme = ColorScheme.DARK
        self._clipboard = False
        self._marks = AgentMarks()
        self._bidi = SetBidi()

    def tell(self, record: Instance) -> None:
        """Tell its session all, before a program starts in it."""
        self._send(record, terminal_colors(record.spec.theme, self._scheme))
        self._send(record, AllowClipboard(self._clipboard))
        self._tell_marks(record)
        self._send(record, self._bidi)

    def tell_colors(self, record: Instance) -> None:
        """Its theme is another one now."""
        self._send(record, terminal_colors(record.spec.theme, self._scheme))

    def set_scheme(self, scheme: ColorScheme) -> None:
        """The appearance is dark or light from now on."""
        if scheme is not self._scheme:
            self._scheme = scheme
            for record in self._records.values():
                self.tell_colors(record)

    def set_clipboard(self, there_is: bool) -> None:
        """Whether a program may write to a clipboard at all from now on."""
        if there_is != self._clipboard:
            self._clipboard = there_is
            for record in self._records.values():
                self._send(record, AllowClipboard(there_is))

    def set_agent_marks(self, marks: AgentMarks) -> None:
        """What shows on the screens of agents' tools."""
        self._marks = marks
        for record in self._records.values():
            self._tell_marks(record)

    def _tell_marks(self, record: Instance) -> None:
        # A mission tells itself what its agents do.
        if self._marks.tools and record.spec.kind is not Kind.MISSION:
            self._send(record, self._marks)

    def set_bidi(self, choice: BidiChoice) -> None:
        """The direction of lines of which no program says anything, from now on."""
        bidi = bidi_request(choice)
        if bidi != self._bidi:
            self._bidi = bidi
            for record in self._records.values():
                self._send(record, bidi)

    def _send(self, record: Instance, request: Request) -> None:
        # A session that does not run yet is told when its program starts.
        self._hub.send(record.spec.id, request)

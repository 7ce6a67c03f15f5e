"""What sessions know of their window: colours, clipboard, pictures, direction, lines to keep, and agents' screens."""

from collections.abc import Mapping

from podium.core.bidi.choice import BidiChoice
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.attention import AgentMarks
from podium.core.protocol.images import AllowGraphics
from podium.core.protocol.requests import AllowClipboard, KeepLines, Request, SetBidi
from podium.core.themes import ColorScheme
from podium.sessions.hub import SessionHub
from podium.workspace.instances.instance import Instance
from podium.workspace.terminal_bidi import bidi_request
from podium.workspace.terminal_colors import terminal_colors


class Presentation:
    """Belongs to the workspace, whose records it reads. Without a window it is dark, and has neither clipboard nor
    pictures.
    """

    def __init__(self, hub: SessionHub, records: Mapping[InstanceId, Instance]) -> None:
        self._hub = hub
        self._records = records
        self._scheme = ColorScheme.DARK
        self._clipboard = False
        self._graphics = False
        self._marks = AgentMarks()
        self._bidi = SetBidi()
        self._lines: KeepLines | None = None
        """None until it is known: then sessions keep what they began with."""

    def tell(self, record: Instance) -> None:
        """Tell its session all, before a program starts in it."""
        self._send(record, terminal_colors(record.spec.theme, self._scheme))
        self._send(record, AllowClipboard(self._clipboard))
        self._tell_graphics(record)
        self._tell_marks(record)
        self._send(record, self._bidi)
        if self._lines is not None:
            self._send(record, self._lines)

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

    def set_graphics(self, wanted: bool) -> None:
        """Whether programs may show pictures from now on."""
        if wanted != self._graphics:
            self._graphics = wanted
            for record in self._records.values():
                self._tell_graphics(record)

    def _tell_graphics(self, record: Instance) -> None:
        # All sessions run on this computer. One on a host that is not trusted gets none, and this is where to say so.
        self._send(record, AllowGraphics(self._graphics))

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

    def set_scrollback(self, lines: int) -> None:
        """How many lines sessions keep above their screens from now on."""
        wanted = KeepLines(lines)
        if wanted != self._lines:
            self._lines = wanted
            for record in self._records.values():
                self._send(record, wanted)

    def _send(self, record: Instance, request: Request) -> None:
        # A session that does not run yet is told when its program starts.
        self._hub.send(record.spec.id, request)

"""What sessions know of how their terminals are shown: the colours, whether there is a clipboard, and pictures."""

from collections.abc import Mapping

from podium.core.ids import InstanceId
from podium.core.protocol.images import AllowGraphics
from podium.core.protocol.requests import AllowClipboard, Request
from podium.core.themes import ColorScheme
from podium.sessions.hub import SessionHub
from podium.workspace.instances.instance import Instance
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

    def tell(self, record: Instance) -> None:
        """Tell its session all, before a program starts in it."""
        self._send(record, terminal_colors(record.spec.theme, self._scheme))
        self._send(record, AllowClipboard(self._clipboard))
        self._tell_graphics(record)

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

    def _send(self, record: Instance, request: Request) -> None:
        # A session that does not run yet is told when its program starts.
        self._hub.send(record.spec.id, request)

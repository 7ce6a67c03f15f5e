"""What programs ask to write to the clipboard (OSC 52), and whether a person lets them."""

from collections.abc import Callable, Mapping

import msgspec
from PySide6.QtCore import QObject, Signal

from podium.core.config.settings import ClipboardAccess
from podium.core.ids import InstanceId
from podium.core.protocol.reports import ClipboardReport
from podium.sessions.hub import SessionHub
from podium.workspace.instances.instance import Instance, in_sight


class ClipboardWrites(QObject):
    """Belongs to the workspace, whose records it works on. Without a window nothing may be written."""

    allowed = Signal(object)
    """A ClipboardReport that is to be written."""
    changed = Signal(str)
    """Something is asked about this instance, or no more."""

    def __init__(
        self, hub: SessionHub, records: Mapping[InstanceId, Instance], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._records = records
        self.access = ClipboardAccess.DENY
        self.has_focus: Callable[[InstanceId], bool] = lambda _: False
        """Whether a person works in this instance just now."""
        hub.subscribe(ClipboardReport, self._on_asked)

    def allow(self, record: Instance) -> None:
        """Write what is asked about."""
        write, record.clipboard_write = record.clipboard_write, None
        if write is not None and self.access is not ClipboardAccess.DENY:
            self.allowed.emit(write)
        self.changed.emit(record.spec.id)

    def allow_always(self, record: Instance) -> None:
        """Write that, and from now on all that this instance's programs ask to."""
        record.spec = msgspec.structs.replace(record.spec, may_write_clipboard=True)
        self.allow(record)

    def deny(self, record: Instance) -> None:
        """Drop it, and ask no more during this run: a program may ask again and again."""
        record.clipboard_write = None
        record.clipboard_denied = True
        self.changed.emit(record.spec.id)

    def _on_asked(self, instance: InstanceId, report: ClipboardReport) -> None:
        record = in_sight(self._records, instance)
        if record is None:
            return
        match self.access:
            case ClipboardAccess.DENY:
                pass
            case _ if record.spec.may_write_clipboard:
                self.allowed.emit(report)
            case ClipboardAccess.FOCUSED if self.has_focus(instance):
                self.allowed.emit(report)
            case ClipboardAccess.ASK if not record.clipboard_denied:
                record.clipboard_write = _joined(record.clipboard_write, report)
                self.changed.emit(instance)


def _joined(before: ClipboardReport | None, now: ClipboardReport) -> ClipboardReport:
    """The newer one; the same text for another selection, as editors send it, is one question."""
    if before is None or before.text != now.text:
        return now
    return ClipboardReport("".join(sorted({*before.selection, *now.selection})), now.text)

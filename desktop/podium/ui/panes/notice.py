"""The notice over rows of a pane: why it failed or restarts, and the way on. It never moves the text."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.instances import Kind
from podium.core.join_names import first_few
from podium.core.themes import load_tokens
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_tip
from podium.ui.theme.state_shapes import paint_state
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.command_tip import CommandTip
from podium.ui.widgets.focus import release_focus
from podium.workspace.meters import attempt_text
from podium.workspace.views import InstanceState, InstanceView

HEIGHT = 62
_TEXT_LEFT = 36
_TITLE_HEIGHT = 18


class NoticeButton(NamedTuple):
    command: CommandId
    text: str
    kind: ButtonKind


class NoticeContent(NamedTuple):
    title: str
    text: str
    buttons: tuple[NoticeButton, ...]
    on_top: bool = False
    """It lies over the first rows: what it is about is a question in the last ones."""


def notice_content(view: InstanceView) -> NoticeContent | None:
    """The notice of ``view``; None when it needs none."""
    match view.state:
        case InstanceState.FAILED:
            title, text = _split(view.reason or "This instance failed.")
            restart = NoticeButton(CommandId.RESTART, "Restart", ButtonKind.PRIMARY)
            buttons: tuple[NoticeButton, ...] = (restart,) if view.startable else ()
            if view.resumable and view.startable:
                resume = NoticeButton(CommandId.RESUME, "Resume", ButtonKind.PRIMARY)
                buttons = (restart._replace(kind=ButtonKind.PLAIN), resume)
            return NoticeContent(title, text or "The text above is kept.", buttons)
        case InstanceState.RESTARTING:
            buttons = (
                NoticeButton(CommandId.STOP, "Do not restart", ButtonKind.PLAIN),
                NoticeButton(CommandId.RESTART, "Restart now", ButtonKind.OUTLINED),
            )
            attempt = attempt_text(view).capitalize()
            text = f"{view.reason} {attempt}; each wait is longer." if attempt else view.reason
            return NoticeContent(view.label, text.strip(), buttons)
        case _ if view.left_behind:
            count = len(view.left_behind)
            title = "1 process is still running" if count == 1 else f"{count} processes are still running"
            buttons = (
                NoticeButton(CommandId.LEAVE_LEFT_BEHIND, "Leave", ButtonKind.PLAIN),
                NoticeButton(CommandId.END_LEFT_BEHIND, "End", ButtonKind.OUTLINED),
            )
            return NoticeContent(title, f"Left behind by this shell: {first_few(view.left_behind)}.", buttons)
        case _ if view.clipboard_write:
            buttons = (
                NoticeButton(CommandId.DENY_CLIPBOARD, "Deny", ButtonKind.PLAIN),
                NoticeButton(CommandId.ALLOW_CLIPBOARD, "Always for this instance", ButtonKind.PLAIN),
                NoticeButton(CommandId.ALLOW_CLIPBOARD_ONCE, "Allow once", ButtonKind.OUTLINED),
            )
            size = f"{view.clipboard_size:,} character" + "s" * (view.clipboard_size != 1)
            text = f"{size}, beginning with “{view.clipboard_write}”."
            return NoticeContent("A program wants to copy to the clipboard", text, buttons)
        case _ if view.prompt_waits_for:
            buttons = (
                NoticeButton(CommandId.DROP_FIRST_PROMPT, "Drop it", ButtonKind.PLAIN),
                NoticeButton(CommandId.COPY_FIRST_PROMPT, "Copy", ButtonKind.OUTLINED),
            )
            return NoticeContent("The first prompt waits", view.prompt_waits_for, buttons, on_top=True)
        case _ if is_ended_shell(view):
            return NoticeContent("The shell has ended", "Enter starts it again, Ctrl+D closes it.", ())
        case _:
            return None


def is_ended_shell(view: InstanceView) -> bool:
    """Whether it is a shell that has run and ended, did not fail and left nothing that is asked about."""
    ended = view.state in (InstanceState.DONE, InstanceState.EXITED)
    return view.spec.kind is Kind.SHELL and ended and view.startable and not view.left_behind


def _split(reason: str) -> tuple[str, str]:
    """The first sentence as title, the rest below it."""
    first, _, rest = (
        reason.strip().partition("\n") if "\n" in reason.strip() else reason.strip().partition(". ")
    )
    return first.rstrip("."), rest.strip()


class Notice(QWidget):
    """Shows a NoticeContent; as high as its text needs, at least HEIGHT."""

    requested = Signal(object)
    """A CommandId."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._state = InstanceState.FAILED
        self._content = NoticeContent("", "", ())
        self._buttons: list[Button] = []
        self.setCursor(Qt.CursorShape.ArrowCursor)
        themes.changed.connect(self.update)
        self.hide()

    def show_view(self, view: InstanceView) -> None:
        """Show what there is to say about ``view``, or nothing."""
        content = notice_content(view)
        if content is None:
            release_focus(self)
            self.hide()
            return
        if content.buttons != self._content.buttons:
            self._offer(content.buttons)
        self._state = view.state
        self._content = content
        self.setAccessibleName(f"{content.title}. {content.text}")
        self.setToolTip(plain_tip(f"{content.title}\n{content.text}"))  # a narrow pane may cut it
        self.show()
        self.raise_()
        self.update()

    @property
    def at_bottom(self) -> bool:
        """Whether it hides the last rows."""
        return not self.isHidden() and not self._content.on_top

    @property
    def at_top(self) -> bool:
        """Whether it hides the first rows."""
        return not self.isHidden() and self._content.on_top

    def height_for(self, width: int) -> int:
        """The height it needs in a pane that gives it ``width`` px."""
        metrics = QFontMetrics(font(Role.SMALL))
        flags = int(Qt.TextFlag.TextWordWrap)
        lines = metrics.boundingRect(
            0, 0, self._text_width(width), 10_000, flags, self._content.text
        ).height()
        return max(HEIGHT, 13 + _TITLE_HEIGHT + lines + 13)

    def _text_width(self, width: int) -> int:
        buttons = sum(button.sizeHint().width() + 8 for button in self._buttons)
        return max(40, width - _TEXT_LEFT - buttons - 16)

    def _offer(self, offered: tuple[NoticeButton, ...]) -> None:
        for button in self._buttons:
            release_focus(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for row in offered:
            button = Button(self._themes, row.text, kind=row.kind, small=True, parent=self)
            CommandTip(button, row.command, row.text)
            button.clicked.connect(lambda _checked=False, row=row: self.requested.emit(row.command))
            button.show()
            self._buttons.append(button)
        self._place_buttons()

    def _place_buttons(self) -> None:
        right = self.width() - 12
        for button in reversed(self._buttons):
            width = button.sizeHint().width()
            button.setGeometry(right - width, (self.height() - button.height()) // 2, width, button.height())
            right -= width + 8

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_buttons()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["card"]
        fill_round(painter, rect, radius, colors.chrome.raised)
        stroke_round(painter, rect, radius, colors.chrome.border_strong)
        tint = colors.state(self._state)
        painter.fillRect(QRectF(0, 10, 3, rect.height() - 20), tint)
        top = 13
        paint_state(painter, 16, top + 4, self._state, tint)
        width = self._text_width(self.width())
        painter.setFont(font(Role.BODY_STRONG))
        title = QRectF(_TEXT_LEFT, top, width, _TITLE_HEIGHT)
        paint_text(painter, title, self._content.title, colors.chrome.text)
        painter.setFont(font(Role.SMALL))
        painter.setPen(colors.chrome.text_2)
        body = QRectF(_TEXT_LEFT, top + _TITLE_HEIGHT + 1, width, rect.height() - top - _TITLE_HEIGHT - 8)
        painter.drawText(body, int(Qt.TextFlag.TextWordWrap), self._content.text)

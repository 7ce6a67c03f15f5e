"""The dialog after a bad end: instances that were running, processes that still are, a report of a crash."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from podium.ui.dialogs.instance_rows import InstanceLine, add_instance_rows
from podium.ui.dialogs.question import Question
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label, wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.workspace.views import InstanceView

_MOST_PROCESSES = 8


class RecoveryDialog(Question):
    """``resume_chosen`` when the person wants all to go on. Whatever is not decided is asked again next time."""

    resume_chosen = Signal()
    end_chosen = Signal()
    """End the processes that were left."""
    leave_chosen = Signal()
    """Let them run, and ask no more."""
    report_chosen = Signal()
    """Show the crash report."""

    def __init__(
        self,
        themes: ThemeManager,
        host: QWidget,
        *,
        interrupted: Sequence[InstanceView] = (),
        processes: Sequence[str] = (),
        report: bool = False,
        screens_kept: bool = False,
    ) -> None:
        """At least one of them is given. ``processes`` are texts like ``tmux: server (412), of zsh``; ``report`` says
        that there is one to show.
        """
        if interrupted:
            title = "Podium ended unexpectedly"
        else:
            title = "Some processes are still running" if processes else "Something went wrong last time"
        super().__init__(themes, host, title, width=480)
        self.body.setSpacing(6)
        self.resume: Button | None = None
        if interrupted:
            self._add_interrupted(interrupted, screens_kept)
        self._decided = QLabel()
        if processes:
            self._add_processes(processes, bool(interrupted))
        if report:
            self._add_report()
        later = Button(themes, "Not now", kind=ButtonKind.OUTLINED)
        later.clicked.connect(self.reject)
        self.buttons.addWidget(later)
        self.later = later
        self.set_safe(later)
        if interrupted:
            count = len(interrupted)
            text = "Resume all" if count > 1 else "Resume"
            self.resume = Button(themes, text, kind=ButtonKind.PRIMARY)
            self.resume.clicked.connect(self.resume_chosen)
            self.resume.clicked.connect(self.accept)
            self.buttons.addWidget(self.resume)

    def _add_interrupted(self, views: Sequence[InstanceView], screens_kept: bool) -> None:
        count = len(views)
        text = "This instance was running." if count == 1 else f"These {count} instances were running."
        how = "Missions and agents continue where they stopped, shells start in their last folder,"
        how += " commands start again."
        self.body.addWidget(_paragraph(f"{text} {how}"))
        add_instance_rows(self.body, self._themes, [InstanceLine(view, view.label) for view in views])
        if screens_kept:
            kept = "Their last lines are shown dimmed. They are kept on disk and may contain secrets;"
            self.body.addWidget(_small(f"{kept} the setting privacy.keep_screens turns that off."))
        self.body.addSpacing(6)

    def _add_processes(self, processes: Sequence[str], crashed: bool) -> None:
        count = len(processes)
        if crashed:
            self.body.addWidget(
                _heading(
                    "1 process is still running" if count == 1 else f"{count} processes are still running"
                )
            )
        else:
            self.body.addWidget(_paragraph("They were started by instances that have ended."))
        shown = QVBoxLayout()
        shown.setSpacing(2)
        for text in processes[:_MOST_PROCESSES]:
            shown.addWidget(_small(text))
        if count > _MOST_PROCESSES:
            shown.addWidget(_small(f"and {count - _MOST_PROCESSES} more"))
        self.body.addLayout(shown)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.end_processes = Button(self._themes, "End", kind=ButtonKind.OUTLINED, small=True)
        self.leave_processes = Button(self._themes, "Leave", small=True)
        row.addWidget(self.end_processes)
        row.addWidget(self.leave_processes)
        row.addWidget(self._decided)
        row.addStretch()
        self.body.addLayout(row)
        self.end_processes.clicked.connect(lambda: self._decide("They are being ended.", self.end_chosen))
        self.leave_processes.clicked.connect(lambda: self._decide("They keep running.", self.leave_chosen))

    def _decide(self, text: str, chosen: SignalInstance) -> None:
        self._decided.setText(text)
        self._decided.setFont(font(Role.SMALL))
        # Before its buttons go: Qt would pass the focus on to the next one, and a space typed later would press that.
        self.later.setFocus()
        for button in (self.end_processes, self.leave_processes):
            button.hide()
        chosen.emit()
        if self.resume is None:
            self.accept()

    def _add_report(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(_small("There is a report of what went wrong."), 1)
        self.show_report = Button(self._themes, "Show report", small=True)
        self.show_report.clicked.connect(self.report_chosen)
        row.addWidget(self.show_report)
        self.body.addLayout(row)


class ReportDialog(Sheet):
    """A crash report, to read and to copy."""

    copy_chosen = Signal()

    def __init__(self, themes: ThemeManager, host: QWidget, text: str, path: str) -> None:
        super().__init__(themes, host, "Crash report", width=720)
        self.body.setSpacing(8)
        self.text = QPlainTextEdit()
        self.text.setPlainText(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Crash report")
        self.text.setFont(font(Role.SMALL))
        self.text.setFixedHeight(320)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.body.addWidget(self.text)
        self.body.addWidget(_small(f"Kept in {path}"))
        copy = Button(themes, "Copy", kind=ButtonKind.OUTLINED)
        copy.clicked.connect(self.copy_chosen)
        done = Button(themes, "Close", kind=ButtonKind.PRIMARY)
        self.set_purpose(done)
        done.clicked.connect(self.accept)
        self.buttons.addWidget(copy)
        self.buttons.addWidget(done)

    def first_focus(self) -> QWidget:
        return self.text


def _paragraph(text: str) -> QLabel:
    label = wrapped_label(text)
    label.setFont(font(Role.BODY))
    label.setProperty("role", "secondary")
    return label


def _heading(text: str) -> QLabel:
    label = plain_label(text)
    label.setFont(font(Role.BODY_STRONG))
    return label


def _small(text: str) -> QLabel:
    label = wrapped_label(text)
    label.setFont(font(Role.SMALL))
    label.setProperty("role", "secondary")
    return label

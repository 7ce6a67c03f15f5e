"""A look into the mission file that is entered: what it would do at most, or what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.config.toml_file import Fault
from podium.core.missions.faults import MissionFileError
from podium.core.missions.spec import Mission
from podium.core.visible_text import visible
from podium.ui.dialogs.lookups import Check, Lookups, full_path
from podium.ui.widgets.field import Field

_TYPING_MS: Final = 250
"""Between two keys that belong together."""
_SHOWN_KEY: Final = 100
_SHOWN_REASON: Final = 600
"""Characters: a fault quotes the file, which may hold a megabyte in one word."""


class MissionCheck(QObject):
    """Shows below the field what the file says, a moment after the last key. What is not there yet is no fault: only
    *Create* says so.
    """

    def __init__(self, mission: Field, folder: Field, lookups: Lookups, parent: QObject) -> None:
        super().__init__(parent)
        self._mission = mission
        self._folder = folder
        self._lookups = lookups
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(self.look)
        mission.edit.textChanged.connect(self._on_changed)
        folder.edit.textChanged.connect(self._on_changed)

    def look(self) -> None:
        """Look now."""
        asked = self._mission.text, self._folder.text

        def answer(check: Check) -> None:
            if asked == (self._mission.text, self._folder.text) and not self._mission.edit.isHidden():
                (self._mission.show_remark if check.good else self._mission.show_error)(check.message)

        self._lookups.ask(lambda: mission_facts(*asked), answer)

    def _on_changed(self) -> None:
        self._timer.start()


def mission_facts(text: str, folder: str) -> Check:
    """What the mission file ``text``, below ``folder``, says. Touches the disk."""
    from podium.core.missions.file import load_mission  # Only here: most forms are for something else.

    file = Path(full_path(text, folder))
    try:
        if not text.strip() or not file.is_file():
            return Check(True)
        mission = load_mission(file)
    except MissionFileError as error:
        return Check(False, faults_text(error.faults))
    except OSError as error:
        return Check(False, f"This file can't be read: {error.strerror}.")
    return Check(True, _facts(mission))


def faults_text(faults: Sequence[Fault]) -> str:
    """The first fault, and how many others there are."""
    more = f" {len(faults) - 1} more: podium mission check FILE." if len(faults) > 1 else ""
    return fault_text(faults[0]) + more


def fault_text(fault: Fault) -> str:
    """The fault without its file, which is named once."""
    where = f"{_cut(fault.key, _SHOWN_KEY)}: " if fault.key else ""
    return visible(f"{where}{_cut(fault.reason, _SHOWN_REASON)} {fault.fix}")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _facts(mission: Mission) -> str:
    budget = f"${mission.budget_usd:,.2f} at most" if mission.budget_usd is not None else "no budget"
    return ", ".join(
        (
            _count(len(mission.agents), "agent"),
            _count(len(mission.gates), "gate"),
            f"{_count(mission.max_rounds, 'round')} at most",
            budget,
        )
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

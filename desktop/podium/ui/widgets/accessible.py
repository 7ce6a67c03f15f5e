"""Roles and states of painted widgets, as assistive technology is told them.

PySide6 takes an object for the interface of a kind, and an empty pointer for none; an integer, also the one that its
own base class returns, ends the process.
"""

from collections.abc import Mapping
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleStateChangeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QScrollBar, QToolButton, QWidget
from shiboken6 import VoidPtr

_NONE: Final = VoidPtr(0)


@runtime_checkable
class HasRole(Protocol):
    """A widget that is something else than Qt takes it for."""

    accessible_role: QAccessible.Role


@runtime_checkable
class CanBeSelected(Protocol):
    """One of several, of which one is chosen."""

    def is_selected(self) -> bool: ...


class _Press(QAccessibleActionInterface):
    """What a click does."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__()
        self._button = button

    def actionNames(self) -> list[str]:
        return ["Press"] if self._button.isEnabled() else []

    def localizedActionDescription(self, _name: str) -> str:
        return self._button.toolTip()

    def doAction(self, _name: str) -> None:
        self._button.click()

    def keyBindingsForAction(self, _name: str) -> list[str]:
        return []


class WidgetAccessible(QAccessibleWidget):
    """A widget's accessible object; it keeps ``interfaces``, the further ones that it has."""

    def __init__(
        self, widget: QWidget, role: QAccessible.Role, interfaces: Mapping[QAccessible.InterfaceType, object]
    ) -> None:
        super().__init__(widget, role)
        self._interfaces = interfaces

    def interface_cast(self, kind: QAccessible.InterfaceType) -> object:  # type: ignore[override]
        return self._interfaces.get(kind, _NONE)


class _Accessible(WidgetAccessible):
    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        press = (
            {QAccessible.InterfaceType.ActionInterface: _Press(widget)}
            if isinstance(widget, QAbstractButton)
            else {}
        )
        super().__init__(widget, role, press)
        self._widget = widget

    def state(self) -> QAccessible.State:
        state = super().state()
        widget = self._widget
        if isinstance(widget, CanBeSelected):
            state.selectable = True
            state.selected = widget.is_selected()
        elif isinstance(widget, QAbstractButton) and widget.isCheckable():
            state.checkable = True
            state.checked = widget.isChecked()
        return state


def make_interface(_class_name: str, subject: QObject) -> QAccessibleInterface | None:
    """A factory for ``QAccessible.installFactory``; None for what Qt tells right."""
    if isinstance(subject, QScrollBar | QToolButton) and not subject.accessibleName():
        subject.setAccessibleName(_usual_name(subject))
    if not isinstance(subject, QWidget) or not isinstance(subject, HasRole):
        return None
    # Python has to keep it as long as Qt has it: as long as its widget.
    made = _Accessible(subject, subject.accessible_role)
    subject.__dict__["_accessible"] = made
    return made


def _usual_name(part: QScrollBar | QToolButton) -> str:
    """A name for what Qt adds to lists and fields without one."""
    if isinstance(part, QScrollBar):
        return "Scroll bar"
    return part.text() or ("Clear" if "clear" in part.objectName() else "Search")


def tell_selected(widget: QWidget) -> None:
    """It is the chosen one now, or is not any more."""
    if QAccessible.isActive():
        state = QAccessible.State()
        state.selected = True
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(widget, state))


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say ``text``; ``urgent`` interrupts what it says."""
    if not QAccessible.isActive() or not text:
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)

"""The tab bar: tabs, +, overflow, waiting chip, page, tabs | grid, menu. It draws the workspace's state."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.themes import load_tokens
from podium.ui.attention import Attention
from podium.ui.tabs.tab import Tab, TabCall
from podium.ui.tabs.tab_bar_controls import LayoutSwitch
from podium.ui.tabs.tab_metrics import GAP, TabPlan, plan_tabs
from podium.ui.tabs.waiting_chip import InboxChevron, WaitingChip
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.painting import fill_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.pulse import Pulse
from podium.ui.theme.spoken import state_word
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.command_tip import CommandTip
from podium.ui.widgets.drag import DragGesture
from podium.workspace.arrangement import Arrangement, Layout
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace

_EDGE = 8
_TOP = 5
_OVERFLOW_WIDTH = 56


class TabBar(QWidget):
    """One tab for each instance of the window, and the window's own controls."""

    accessible_role = QAccessible.Role.PageTabList

    requested = Signal(object, str)
    """A CommandId and the instance it is for ("" for the current one)."""
    menu_requested = Signal(QPoint)
    new_menu_requested = Signal(QPoint)
    instance_menu_requested = Signal(str, QPoint)

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        attention: Attention,
        themes: ThemeManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._attention = attention
        self._themes = themes
        self._tabs: dict[InstanceId, Tab] = {}
        self._plan = TabPlan(0, 0, 0)
        self._insert_at: int | None = None
        self._compact = self._icons_only = self._many_wait = False
        self.setFixedHeight(load_tokens().size["tab_bar"])
        self.setAccessibleName("Instances")
        self._build_controls()
        self._pulse = Pulse(themes, self)
        self._pulse.changed.connect(self._on_pulse_changed)
        themes.changed.connect(self.update)
        for signal in (workspace.instance_added, workspace.instance_removed):
            signal.connect(self._on_instances_changed)
        workspace.instance_changed.connect(self._on_instance_changed)
        self._arrangement.changed.connect(self._on_instances_changed)
        attention.changed.connect(self._on_attention_changed)
        attention.waiting_changed.connect(self._on_waiting_changed)
        self._on_instances_changed()

    def _build_controls(self) -> None:
        themes = self._themes
        self.sidebar_button = self._button("sidebar", "Sidebar")
        CommandTip(self.sidebar_button, CommandId.TOGGLE_SIDEBAR)
        self.sidebar_button.clicked.connect(lambda: self.requested.emit(CommandId.TOGGLE_SIDEBAR, ""))
        self.new_button = self._button("plus", "New instance")
        self.new_button.clicked.connect(lambda: self._ask_menu(self.new_menu_requested, self.new_button))
        self.overflow_button = Button(themes, small=True, parent=self)
        self.overflow_button.clicked.connect(self._open_overflow)
        self.chip = WaitingChip(themes, self)
        self.chip.clicked.connect(self._on_chip_clicked)
        self.chevron = InboxChevron(themes, self)
        self.chevron.clicked.connect(lambda: self.requested.emit(CommandId.INBOX, ""))
        self.page_button = Button(themes, small=True, parent=self)
        self._page_tip = CommandTip(self.page_button, CommandId.NEXT_PAGE)
        self.page_button.setFont(font(Role.SMALL, 500))
        self.page_button.clicked.connect(self._on_page_clicked)
        self.switch = LayoutSwitch(themes, self)
        self.switch.chosen.connect(self._arrangement.set_layout)
        self.toggle_button = self._button("grid", "Switch tabs and grid")
        CommandTip(self.toggle_button, CommandId.TOGGLE_LAYOUT)
        self.toggle_button.clicked.connect(lambda: self.requested.emit(CommandId.TOGGLE_LAYOUT, ""))
        self.menu_button = self._button("more", "Menu")
        self.menu_button.clicked.connect(lambda: self._ask_menu(self.menu_requested, self.menu_button))

    def _button(self, icon_name: str, name: str) -> Button:
        return Button(self._themes, icon=icon_name, small=True, name=name, parent=self)

    def _ask_menu(self, signal: object, button: QWidget) -> None:
        signal.emit(button.mapToGlobal(QPoint(0, button.height() + 4)))  # type: ignore[attr-defined]

    def set_compact(self, compact: bool, *, icons_only: bool) -> None:
        """``compact`` adds the sidebar button and drops what a narrow window has no room for."""
        if (compact, icons_only) == (self._compact, self._icons_only):
            return
        self._compact, self._icons_only = compact, icons_only
        self.switch.set_icon_only(icons_only)
        self.refresh()

    def tab(self, instance: InstanceId) -> Tab:
        return self._tabs[instance]

    def hidden_instances(self) -> tuple[InstanceId, ...]:
        """Instances whose tab did not fit."""
        return tuple(id for id in self._arrangement.order if id in self._tabs and self._tabs[id].isHidden())

    # what there is

    def _on_instances_changed(self, _instance: str = "") -> None:
        ids = self._arrangement.order
        for gone in [id for id in self._tabs if id not in ids]:
            tab = self._tabs.pop(gone)
            tab.hide()
            tab.deleteLater()
        for id in ids:
            if id not in self._tabs:
                self._tabs[id] = self._make_tab(id)
        self.refresh()

    def _make_tab(self, id: InstanceId) -> Tab:
        tab = Tab(self._themes, self._workspace.view(id), self)
        tab.clicked.connect(lambda: self._arrangement.select(id))
        tab.close_clicked.connect(lambda: self.requested.emit(CommandId.CLOSE, id))
        tab.rename_requested.connect(lambda: self.requested.emit(CommandId.RENAME, id))
        tab.customContextMenuRequested.connect(
            lambda at: self.instance_menu_requested.emit(id, tab.mapToGlobal(at))
        )
        gesture = DragGesture(tab, tab)
        gesture.moved.connect(self._on_drag_moved)
        gesture.dropped.connect(lambda at: self._on_dropped(id, at))
        gesture.cancelled.connect(lambda: self._end_drag(id))
        return tab

    def _on_instance_changed(self, instance: str) -> None:
        id = InstanceId(instance)
        if id in self._tabs:
            self._show(id)

    def _on_attention_changed(self, instance: str) -> None:
        self._on_instance_changed(instance)
        self._show_waiting()

    def _on_waiting_changed(self) -> None:
        if self._attention.many is not self._many_wait:
            self._many_wait = self._attention.many
            for id in self._tabs:
                self._show(id)
        before = self.chip.sizeHint(), self.chip.isHidden()
        self._show_waiting()
        if (self.chip.sizeHint(), self.chip.isHidden()) != before:
            self._lay_out()  # the chip takes room from the tabs

    def refresh_ages(self) -> None:
        """Draw how long those in sight have waited."""
        for id, tab in self._tabs.items():
            if tab.view.state is InstanceState.WAITING and not tab.isHidden():
                self._show(id)

    def refresh(self) -> None:
        """Rebuild everything; it is a handful of widgets."""
        for id in self._tabs:
            self._show(id)
        self._lay_out()

    def _show(self, id: InstanceId) -> None:
        tab, attention = self._tabs[id], self._attention
        call = TabCall(attention.needs_attention(id), attention.many, attention.unseen(id))
        if call.needs_attention and not tab.needs_attention and attention.may_disturb(id):
            self._pulse.start()
        tab.show_view(self._workspace.view(id), current=id == self._arrangement.current, call=call)

    def _show_waiting(self) -> None:
        hidden = set(self.hidden_instances())
        hidden_needs_attention = any(self._attention.needs_attention(id) for id in hidden)
        self.chip.show_count(self._attention.count, filled=hidden_needs_attention, short=self._compact)
        self.chevron.setVisible(not self.chip.isHidden())
        self.chevron.fill(hidden_needs_attention)
        self.overflow_button.setText(f"+{len(hidden)}")
        self.overflow_button.set_filled(hidden_needs_attention)

    # layout

    def _on_page_clicked(self) -> None:
        self.requested.emit(CommandId.ZOOM if self._arrangement.zoomed else CommandId.NEXT_PAGE, "")

    def _show_page(self, grid: bool) -> None:
        """Which of the instances are in sight; a zoomed pane is one of several, which nothing else says."""
        order, zoomed = self._arrangement.order, self._arrangement.zoomed
        self.page_button.setVisible(grid and len(order) > (1 if zoomed else self._arrangement.page_size))
        first = self._arrangement.page * self._arrangement.page_size
        last = min(first + self._arrangement.page_size, len(order))
        if zoomed and self._arrangement.current is not None:
            shown, does = str(order.index(self._arrangement.current) + 1), "zoomed, show the others again"
        else:
            shown, does = f"{first + 1}–{last}" if last > first + 1 else str(last), "show the next page"
        self.page_button.setText(f"{shown} of {len(order)}")
        self.page_button.setAccessibleName(f"{self.page_button.text()}, {does}")
        self._page_tip.set_command(
            *((CommandId.ZOOM, "Show the others again") if zoomed else (CommandId.NEXT_PAGE, ""))
        )

    def _lay_out(self) -> None:
        order = self._arrangement.order
        size = load_tokens().size
        grid = self._arrangement.layout is Layout.GRID
        self._show_waiting()
        self.switch.show_layout(self._arrangement.layout)
        self.toggle_button.set_icon("tabs" if grid else "grid")
        self.sidebar_button.setVisible(self._compact)
        self.switch.setVisible(not self._compact)
        self.toggle_button.setVisible(self._compact)
        self._show_page(grid)
        if self._compact:
            self.page_button.hide()
        right = self._place_right()
        left = _EDGE
        if self._compact:
            left = self._place(self.sidebar_button, left) + _EDGE
        new_width = 0 if self._compact and order else self.new_button.sizeHint().width() + 6
        current = order.index(self._arrangement.current) if self._arrangement.current in order else 0
        plan = self._plan = plan_tabs(
            len(order),
            current,
            right - left - new_width - 6,
            self._wanted_width(),
            _OVERFLOW_WIDTH,
            self._plan,
            held=self.underMouse(),
        )
        for index, id in enumerate(order):
            tab = self._tabs.get(id)
            if tab is None:
                continue
            tab.setVisible(plan.first <= index < plan.first + plan.shown)
            if not tab.isHidden():
                tab.setGeometry(left, _TOP, plan.width, size["tab_height"])
                left += plan.width + GAP
        hidden = plan.shown < len(order)
        self._show_waiting()
        self.overflow_button.setVisible(hidden)
        if hidden:
            left = self._place(self.overflow_button, left + 2)
        self.new_button.setVisible(new_width > 0)
        self._place(self.new_button, left + (2 if order else 0))

    def _wanted_width(self) -> int:
        return max((tab.wanted_width() for tab in self._tabs.values()), default=0)

    def _place_right(self) -> int:
        """Place the right-hand controls; returns where they begin."""
        right = self.width() - _EDGE - 4
        for control, gap in (
            (self.menu_button, 6),
            (self.toggle_button, 6),
            (self.switch, 10),
            (self.page_button, 10),
            (self.chevron, 0),
            (self.chip, 10),
        ):
            if not control.isHidden():
                hint = control.sizeHint()
                control.setGeometry(right - hint.width(), self._centred(hint), hint.width(), hint.height())
                right -= hint.width() + gap
        return right

    def _place(self, control: QWidget, left: int) -> int:
        hint = control.sizeHint()
        control.setGeometry(left, self._centred(hint), hint.width(), hint.height())
        return left + hint.width()

    def _centred(self, hint: QSize) -> int:
        return (self.height() - hint.height()) // 2

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.fillRect(self.rect(), chrome.chrome)
        painter.fillRect(0, self.height() - 1, self.width(), 1, chrome.border)
        if self._insert_at is not None:
            line = QRectF(self._insert_at - 1, _TOP, 2, load_tokens().size["tab_height"])
            fill_round(painter, line, 1, chrome.focus_ring)

    # intentions

    def _on_chip_clicked(self) -> None:
        waiting = self._attention.waiting()
        if waiting:
            self._arrangement.select(waiting[0])

    def _open_overflow(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for id in self.hidden_instances():
            view = self._workspace.view(id)
            action = menu.addAction(f"{view.spec.name} — {state_word(view)}".replace("&", "&&"))
            theme = self._themes.colors.theme(view.spec.theme)
            action.setIcon(icon("terminals", color(theme.accent_ui)))
            action.triggered.connect(lambda _checked=False, id=id: self._arrangement.select(id))
        menu.popup(self.overflow_button.mapToGlobal(QPoint(0, self.overflow_button.height() + 4)))

    def _on_pulse_changed(self) -> None:
        for id, tab in self._tabs.items():
            if tab.needs_attention:
                tab.set_fill_opacity(self._pulse.opacity if self._attention.may_disturb(id) else 1.0)

    # dragging

    def _drop_index(self, at: QPoint) -> int:
        x = self.mapFromGlobal(at).x()
        shown = [id for id in self._arrangement.order if not self._tabs[id].isHidden()]
        for id in shown:
            if x < self._tabs[id].geometry().center().x():
                return self._arrangement.order.index(id)
        return self._arrangement.order.index(shown[-1]) + 1 if shown else 0

    def _on_drag_moved(self, at: QPoint) -> None:
        index = self._drop_index(at)
        order = self._arrangement.order
        if index < len(order) and not self._tabs[order[index]].isHidden():
            self._insert_at = self._tabs[order[index]].x() - GAP // 2
        else:
            self._insert_at = self._tabs[order[index - 1]].geometry().right() + 1 + GAP // 2
        self.update()

    def _on_dropped(self, id: InstanceId, at: QPoint) -> None:
        index = self._drop_index(at)
        own = self._arrangement.order.index(id)
        self._end_drag(id)
        target = index - 1 if index > own else index
        if target != own:
            self._arrangement.move(id, target)

    def _end_drag(self, id: InstanceId) -> None:
        self._insert_at = None
        if id in self._tabs:
            self._tabs[id].setDown(False)
        self.update()

"""Tokens as a style sheet and a palette, for what Qt paints: fields, labels, menus, lists, scroll bars, tips."""

from typing import Final

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import app_icon
from podium.ui.theme.palette import WindowColors


def prepare_application(app: QApplication) -> None:
    """Give ``app`` the base style, font and icon. Once, before the first window."""
    # A program may print any script there is; which fonts lack it would fill the person's terminal.
    QLoggingCategory.setFilterRules("qt.text.font.db.warning=false")
    app.setStyle("Fusion")  # the one style that looks the same on every system under a style sheet
    app.setFont(font(Role.BODY))
    app.setWindowIcon(app_icon())


def palette(colors: WindowColors) -> QPalette:
    """``colors`` as a QPalette, for what no style sheet reaches."""
    chrome = colors.chrome
    made = QPalette()
    role = QPalette.ColorRole
    for target, value in (
        (role.Window, chrome.chrome),
        (role.WindowText, chrome.text),
        (role.Base, chrome.sunken),
        (role.AlternateBase, chrome.surface),
        (role.ToolTipBase, chrome.overlay),
        (role.ToolTipText, chrome.text),
        (role.PlaceholderText, chrome.text_3),
        (role.Text, chrome.text),
        (role.Button, chrome.raised),
        (role.ButtonText, chrome.text),
        (role.BrightText, chrome.danger_text),
        (role.Highlight, chrome.primary),
        (role.HighlightedText, chrome.on_primary),
        (role.Link, chrome.link),
    ):
        made.setColor(target, value)
    for disabled in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, disabled, chrome.text_disabled)
    return made


def style_sheet(colors: WindowColors) -> str:
    """``colors`` as a style sheet for the window and its dialogs. Fonts are never set here: fonts.py has them."""
    values = {name: _css(value) for name, value in colors.chrome._asdict().items()}
    return _SHEET.format_map(values)


def _css(value: QColor) -> str:
    if value.alpha() == 255:
        return value.name()
    return f"rgba({value.red()}, {value.green()}, {value.blue()}, {value.alpha()})"


_SHEET: Final = """
QLabel {{ color: {text}; background: transparent; }}
QLabel[role="secondary"] {{ color: {text_2}; }}
QLabel[role="tertiary"] {{ color: {text_3}; }}
QLabel[role="error"] {{ color: {danger_text}; }}
QLineEdit {{
    background: {sunken}; color: {text}; border: 1px solid {control_border}; border-radius: 6px;
    padding: 0 11px; min-height: 28px; max-height: 28px;
    selection-background-color: {primary}; selection-color: {on_primary};
}}
QLineEdit#palette, QLineEdit#palette:focus {{
    background: transparent; border: none; padding: 0; min-height: 47px; max-height: 47px;
}}
QLineEdit[quiet="true"] {{ border-color: {border}; padding: 0 7px; }}
QLineEdit[wrong="true"] {{ border-color: {danger_text}; }}
QLineEdit:focus {{ border: 2px solid {focus_ring}; padding: 0 10px; min-height: 26px; max-height: 26px; }}
QLineEdit[quiet="true"]:focus {{ padding: 0 6px; }}
QLineEdit:disabled {{ color: {text_disabled}; border-color: {border}; }}
QPlainTextEdit {{
    background: {sunken}; color: {text}; border: 1px solid {border_strong}; border-radius: 6px; padding: 6px;
    selection-background-color: {primary}; selection-color: {on_primary};
}}
QPlainTextEdit:focus {{ border: 2px solid {focus_ring}; padding: 5px; }}
QListView {{ background: transparent; border: none; outline: none; color: {text}; }}
QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
QMenu {{
    background: {overlay}; color: {text}; border: 1px solid {border_strong}; border-radius: 8px; padding: 5px;
}}
QMenu::item {{ padding: 6px 16px 6px 8px; border-radius: 4px; min-height: 18px; }}
QMenu::item:selected {{ background: {selected}; }}
QMenu::item:disabled {{ color: {text_disabled}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 5px 8px; }}
QToolTip {{
    background: {overlay}; color: {text}; border: 1px solid {border_strong}; padding: 4px 7px;
}}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {border_strong}; border-radius: 2px; min-height: 24px; margin: 0 2px; }}
QScrollBar::handle:vertical:hover {{ background: {control_border}; margin: 0; border-radius: 4px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: none; height: 0; width: 0;
}}
QCheckBox {{ color: {text}; spacing: 8px; }}
"""

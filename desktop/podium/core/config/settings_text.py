"""The text of a new settings file, with every setting and its prose."""

import textwrap
from typing import Final

import msgspec

from podium.core.config.declared import SettingRow, SettingSection, declared_sections

_WIDTH: Final = 100
_HEAD: Final = """\
# Podium's settings. Podium reads this file when it starts: change a value, save, and start it again.
# A line that begins with # is a remark. Take a key out to have its usual value back.
"""


def default_settings_text() -> str:
    """A settings file with every key at its usual value, below the prose that says what it does."""
    return "\n".join((_HEAD, *map(_section_text, declared_sections())))


def _section_text(section: SettingSection) -> str:
    rows = "\n".join(_row_text(row) for row in section.rows)
    return f"{_remark(section.prose)}\n[{section.name}]\n{rows}"


def _row_text(row: SettingRow) -> str:
    return f"{_remark(row.prose)}\n{row.key} = {_value(row.default)}\n"


def _remark(prose: str) -> str:
    return "\n".join(f"# {line}" for line in textwrap.wrap(prose, _WIDTH))


def _value(value: object) -> str:
    # What JSON writes of texts, numbers, true and false is TOML too.
    return msgspec.json.encode(value).decode()

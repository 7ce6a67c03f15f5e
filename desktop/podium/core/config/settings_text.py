"""The text of a new settings file, with every setting and its prose."""

import textwrap
from typing import Final

import msgspec

from podium.core.config.declared import SettingRow, SettingSection, declared_sections

_WIDTH: Final = 100
_HEAD: Final = """\
# Podium's settings. Change a value and save: Podium reads this file again at once.
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


def changed_settings_text(text: str, section: str, key: str, value: object | None) -> str:
    """The settings file ``text`` with another value of a key; None takes the key out. Remarks and order stay.

    ``value`` is as TOML has it: text, a number, true or false, a list of texts, or a table of such. Raises ValueError
    when ``text`` is not TOML, or has something else in the section's place.
    """
    import tomlkit
    from tomlkit.items import InlineTable, Table

    document = tomlkit.parse(text)
    table = document.get(section)
    if table is None:
        if value is None:
            return text
        table = tomlkit.table()
        if document:
            document.add(tomlkit.nl())
        document.append(section, table)
    if not isinstance(table, Table | InlineTable):
        raise ValueError(f"{section} is not a section")
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
    return tomlkit.dumps(document)

"""The settings file as text: a new one with all that can be set, and one value changed with the remarks kept."""

import textwrap
from typing import Final

import msgspec

from podium.core.config.settings import SettingRow, SettingSection, declared_sections
from podium.core.config.toml_checks import WrongValue

_WIDTH: Final = 100
_HEAD: Final = """\
# Podium's settings. Podium reads this file when it starts: change a value, save, and start it again.
# A line that begins with # is a remark. Take a key out to have its usual value back.
"""


def default_settings_text() -> str:
    """A settings file with every key at its usual value, below the prose that says what it does."""
    return "\n".join((_HEAD, *map(_section_text, declared_sections())))


def with_setting(text: str, key: str, value: str | float | bool) -> str:
    """The settings file ``text`` with ``key`` (``"privacy.keep_screens"``) set; all else stays as it is written.

    Raises ValueError for a key that there is not, a value it can't have, and a text that is not TOML.
    """
    import tomlkit  # Only here: reading needs no more than the standard library.
    from tomlkit.exceptions import TOMLKitError

    section, row = _declared(key)
    try:
        row.check(value)
    except WrongValue as wrong:
        raise ValueError(f"{key}: {wrong.reason} {wrong.fix}") from wrong
    try:
        document = tomlkit.parse(text)
        if not isinstance(document.get(section.name, {}), dict):
            raise ValueError(f"{section.name} is not a section.")
        if section.name not in document:
            document[section.name] = tomlkit.table()
        document[section.name][row.key] = value
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise ValueError(f"This is not TOML: {error}") from error


def _declared(key: str) -> tuple[SettingSection, SettingRow]:
    name, _, last = key.partition(".")
    for section in declared_sections():
        for row in section.rows:
            if (section.name, row.key) == (name, last):
                return section, row
    raise ValueError(f"There is no setting {key}.")


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

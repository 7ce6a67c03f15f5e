"""Reading the settings file: what counts of it, and everything that does not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from podium.core.config.declared import SettingSection, declared_sections
from podium.core.config.settings import Settings
from podium.core.config.toml_checks import WrongValue, kind
from podium.core.config.toml_file import Fault, UnreadableToml, likely_name, read_toml_text
from podium.core.config.toml_lines import line_of


class Stray(msgspec.Struct, frozen=True):
    """A fault with unknown names; of an unknown section, those of its keys too."""

    fault: Fault
    names: tuple[str, ...]


class LoadedSettings(msgspec.Struct, frozen=True):
    """The settings as they count, and everything in the file that does not."""

    settings: Settings
    faults: tuple[Fault, ...] = ()
    readable: bool = True
    """False: nothing is known of what the file says."""
    strays: tuple[Stray, ...] = ()
    """Those of the faults that are about unknown names."""

    def faults_of(self, section: str) -> tuple[Fault, ...]:
        """The faults of a section, as far as is known: a file that can't be read may say anything, and a
        misspelt name may be meant for it.
        """
        if not self.readable:
            return self.faults
        declared = next(one for one in declared_sections() if one.name == section)
        strays = {stray.fault: stray.names for stray in self.strays}
        return tuple(
            fault
            for fault in self.faults
            if fault.key.split(".")[0] == section
            or any(_may_mean(name, declared) for name in strays.get(fault, ()))
        )


def load_settings(path: Path, before: Settings | None = None) -> LoadedSettings:
    """Read the settings file. Faulty entries are ignored and all reported: what counted ``before`` stays for them,
    else the usual value.

    A missing file is as good as an empty one. Touches the disk.
    """
    try:
        document, text = read_toml_text(path, "a settings file")
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except UnreadableToml as unreadable:
        return LoadedSettings(before or Settings(), (unreadable.fault,), readable=False)
    reading = _Reading(str(path), text, before or Settings())
    sections = reading.sections(document)
    return LoadedSettings(Settings(**sections), tuple(reading.faults), strays=tuple(reading.strays))


class _Reading:
    """One reading of one file; collects faults as it goes."""

    def __init__(self, file: str, text: str, before: Settings) -> None:
        self._file = file
        self._text = text
        self._before = before
        self.faults: list[Fault] = []
        self.strays: list[Stray] = []

    def sections(self, document: Mapping[str, Any]) -> dict[str, Any]:
        names = [section.name for section in declared_sections()]
        for name in document:
            if name not in names:
                self._unknown(name, name, names, document, "section")
        return {
            section.name: self._section(section, document[section.name])
            for section in declared_sections()
            if section.name in document
        }

    def _section(self, section: SettingSection, table: object) -> msgspec.Struct:
        before = getattr(self._before, section.name)
        assert isinstance(before, msgspec.Struct)
        if isinstance(table, dict):
            return section.type(**self._values(section, table, before))
        fix = f"Begin it with a line [{section.name}], in brackets."
        self._fault(section.name, f"This is {kind(table)}, not a section.", fix)
        return before

    def _values(
        self, section: SettingSection, table: Mapping[str, Any], before: msgspec.Struct
    ) -> dict[str, Any]:
        names = [row.key for row in section.rows]
        for name in table:
            if name not in names:
                self._unknown(f"{section.name}.{name}", name, names, table, "key")
        values = {}
        for row in section.rows:
            if row.key in table:
                try:
                    values[row.key] = row.check(table[row.key])
                except WrongValue as wrong:
                    self._fault(f"{section.name}.{row.key}", wrong.reason, wrong.fix)
                    values[row.key] = getattr(before, row.key)
        return values

    def _unknown(self, path: str, name: str, names: list[str], table: Mapping[str, Any], what: str) -> None:
        near = likely_name(name, names, table)
        fix = f"Write “{near}”." if near else f"Take it out; the {what}s are {', '.join(names)}."
        self._fault(path, f"There is no such {what}.", fix)
        inside = table[name]
        self.strays.append(Stray(self.faults[-1], (name, *(inside if isinstance(inside, dict) else ()))))

    def _fault(self, key: str, reason: str, fix: str) -> None:
        section, _, name = key.partition(".")
        self.faults.append(Fault(self._file, key, reason, fix, line_of(self._text, section, name)))


def _may_mean(name: str, section: SettingSection) -> bool:
    return bool(likely_name(name.lower(), [section.name, *(row.key for row in section.rows)], ()))

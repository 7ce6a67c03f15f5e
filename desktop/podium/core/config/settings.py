"""The settings: each is declared once, with its usual value and its prose, and everything else follows from that.

A field of a section below is a key of the file. Its type says what may be written, ``Meta`` in which range and
what the file says about it. To add a key, add a field; to add a section, write a struct for it and give it a
field in ``Settings``.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, inspect

from podium.core.config.notify_settings import Notify
from podium.core.config.shell_settings import Shell
from podium.core.config.terminal_settings import ClipboardAccess as ClipboardAccess
from podium.core.config.terminal_settings import Terminal as Terminal
from podium.core.config.toml_checks import (
    WrongValue,
    kind,
    matching,
    number,
    one_of,
    text,
    true_or_false,
    whole_number,
    words,
)
from podium.core.config.toml_file import Fault, UnreadableToml, likely_name, read_toml
from podium.core.editors import Editor


class Leftovers(StrEnum):
    """The choice for processes that a crash left, at the next start."""

    ASK = "ask"
    END = "end"
    LEAVE = "leave"


class InstancesMay(StrEnum):
    """The rights of programs inside instances on the control API."""

    OWN = "own"
    ALL = "all"


class LogLevel(StrEnum):
    """From which level on something is logged; in the order of how much that is."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ConfirmPaste(StrEnum):
    """The pastes that are asked about first."""

    ALWAYS = "always"
    UNSAFE = "unsafe"
    NEVER = "never"


AGENT_TOOLS: Final = ("claude", "codex", "gemini", "opencode")


class Workers(msgspec.Struct, frozen=True):
    leftovers: Annotated[
        Leftovers,
        Meta(
            description="What to do at the next start with processes that a crash of Podium left running: "
            '"ask", "end" them, or "leave" them.'
        ),
    ] = Leftovers.ASK
    keep_awake: Annotated[
        bool, Meta(description="Keep the machine from going to sleep while a mission runs.")
    ] = True


class Privacy(msgspec.Struct, frozen=True):
    keep_screens: Annotated[
        bool,
        Meta(
            description="Keep the last screen and the last 1,000 lines of each instance on disk, to show them "
            "at the next start. They may contain secrets; only your account can read them."
        ),
    ] = True


class History(msgspec.Struct, frozen=True):
    keep_days: Annotated[
        int,
        Meta(
            ge=1,
            le=36_500,
            description="How many days a run and its single costs stay in the history. The sum of each day is kept "
            "without limit.",
        ),
    ] = 365
    keep_runs: Annotated[
        int, Meta(ge=1, le=1_000_000, description="The largest number of runs in the history.")
    ] = 10_000


class Control(msgspec.Struct, frozen=True):
    enabled: Annotated[
        bool,
        Meta(
            description="Let your own programs control Podium through a socket that only your account can use "
            "(podium ctl, scripts, agents' hooks)."
        ),
    ] = True
    listen: Annotated[
        str,
        Meta(
            description='Serve the control API over TCP too, on this machine only: "127.0.0.1:8765", or "127.0.0.1:0" '
            "for any free port. Clients then need the token in the file “token” beside the socket."
        ),
    ] = ""
    instances_may: Annotated[
        InstancesMay,
        Meta(
            description="What programs inside instances (shells and agents too) may do through the control "
            'API: "own" lets them report the state of their own instance, "all" lets them do everything.'
        ),
    ] = InstancesMay.OWN


class Logs(msgspec.Struct, frozen=True):
    level: Annotated[
        LogLevel,
        Meta(
            description='How much is logged: "debug", "info", "warning" or "error". Logs never hold what you '
            "type, what is on a screen, or environment variables."
        ),
    ] = LogLevel.INFO


class Updates(msgspec.Struct, frozen=True):
    check: Annotated[
        bool,
        Meta(
            description="Look for a newer version at the start, once a day at most. This sends one request to the "
            "release feed, with Podium's version and nothing about you."
        ),
    ] = False
    feed: Annotated[
        str,
        Meta(
            description="The https address of the release feed, in the form of GitHub's “latest release”. If it is "
            "empty, the feed that this Podium was built with is used."
        ),
    ] = ""


class Missions(msgspec.Struct, frozen=True):
    day_budget_usd: Annotated[
        float,
        Meta(
            ge=0,
            le=1_000_000,
            description="US dollars that all missions together may cost in a day, such as 20.0; 0 sets no budget. "
            "At 80 % a mission warns, at 100 % no agent is started and running agents are asked to end. What agents "
            "that you work with yourself cost is told beside it, and stops nothing.",
        ),
    ] = 0.0


class Keys(msgspec.Struct, frozen=True):
    newline_tools: Annotated[
        tuple[str, ...],
        Meta(
            description="Programs in which Shift+Enter and Ctrl+Enter begin a new line. While one of them runs in the "
            "foreground it gets Escape and Enter, or Shift+Enter for both if it has asked for a keyboard protocol that "
            "tells these keys apart."
        ),
    ] = AGENT_TOOLS


class Pasting(msgspec.Struct, frozen=True):
    confirm: Annotated[
        ConfirmPaste,
        Meta(
            description='Which pastes to ask about first: "always" all of them, "unsafe" those with control or hidden '
            "characters, and where the program can't tell them from typed keys also those with line breaks or sudo, "
            '"never" none.'
        ),
    ] = ConfirmPaste.UNSAFE
    image_tools: Annotated[
        tuple[str, ...],
        Meta(
            description="Programs that take a picture by its path: pasting a picture into one saves it to a file that "
            "only your account can read, and types the path."
        ),
    ] = AGENT_TOOLS


class Links(msgspec.Struct, frozen=True):
    editor: Annotated[
        Editor,
        Meta(
            description='What opens a file that a terminal names (Ctrl+click on it): "system" (its usual app), '
            '"vscode", "jetbrains", "vim" in a new instance, or "editor" ($VISUAL or $EDITOR in a new instance).'
        ),
    ] = Editor.SYSTEM
    ask: Annotated[
        bool,
        Meta(
            description="Ask before a link of the web is opened, and show where it leads. You can also agree for one "
            "host when you are asked."
        ),
    ] = True


class Window(msgspec.Struct, frozen=True):
    reduced_motion: Annotated[
        bool,
        Meta(
            description="Let nothing in the window move: the bar of an instance that begins to wait for you gets a "
            "thicker outline for five seconds instead of pulsing three times."
        ),
    ] = False


class Settings(msgspec.Struct, frozen=True):
    """All settings, section by section."""

    workers: Annotated[Workers, Meta(description="The processes behind the instances")] = Workers()
    terminal: Annotated[Terminal, Meta(description="Terminals")] = Terminal()
    keys: Annotated[Keys, Meta(description="Keys")] = Keys()
    paste: Annotated[Pasting, Meta(description="Pasting")] = Pasting()
    links: Annotated[Links, Meta(description="Links in terminals")] = Links()
    window: Annotated[Window, Meta(description="The window")] = Window()
    notify: Annotated[Notify, Meta(description="What calls for you outside the window")] = Notify()
    privacy: Annotated[Privacy, Meta(description="What is kept of the instances' screens")] = Privacy()
    shell: Annotated[Shell, Meta(description="Shells and what they tell about their commands")] = Shell()
    history: Annotated[History, Meta(description="The history of runs")] = History()
    control: Annotated[Control, Meta(description="The control API")] = Control()
    logs: Annotated[Logs, Meta(description="The logs")] = Logs()
    missions: Annotated[Missions, Meta(description="Missions")] = Missions()
    updates: Annotated[Updates, Meta(description="Updates of Podium itself")] = Updates()


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


class SettingRow(msgspec.Struct, frozen=True):
    """One key as it is declared above."""

    key: str
    default: object
    """As TOML has it: text, a number, true or false, a list."""
    prose: str
    check: Callable[[object], Any]
    """Returns the value, or raises WrongValue."""


class SettingSection(msgspec.Struct, frozen=True):
    name: str
    prose: str
    type: type[msgspec.Struct]
    rows: tuple[SettingRow, ...]


def load_settings(path: Path) -> LoadedSettings:
    """Read the settings file. Faulty entries are ignored and all reported.

    A missing file is as good as an empty one. Touches the disk.
    """
    try:
        document = read_toml(path, "a settings file")
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except UnreadableToml as unreadable:
        return LoadedSettings(Settings(), (unreadable.fault,), readable=False)
    reading = _Reading(str(path))
    sections = reading.sections(document)
    return LoadedSettings(Settings(**sections), tuple(reading.faults), strays=tuple(reading.strays))


class _Reading:
    """One reading of one file; collects faults as it goes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []
        self.strays: list[Stray] = []

    def sections(self, document: Mapping[str, Any]) -> dict[str, Any]:
        names = [section.name for section in declared_sections()]
        for name in document:
            if name not in names:
                self._unknown(name, name, names, document, "section")
        return {
            section.name: section.type(**self._values(section, document[section.name]))
            for section in declared_sections()
            if section.name in document
        }

    def _values(self, section: SettingSection, table: object) -> dict[str, Any]:
        if not isinstance(table, dict):
            fix = f"Begin it with a line [{section.name}], in brackets."
            self._fault(section.name, f"This is {kind(table)}, not a section.", fix)
            return {}
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
        return values

    def _unknown(self, path: str, name: str, names: list[str], table: Mapping[str, Any], what: str) -> None:
        near = likely_name(name, names, table)
        fix = f"Write “{near}”." if near else f"Take it out; the {what}s are {', '.join(names)}."
        self._fault(path, f"There is no such {what}.", fix)
        inside = table[name]
        self.strays.append(Stray(self.faults[-1], (name, *(inside if isinstance(inside, dict) else ()))))

    def _fault(self, key: str, reason: str, fix: str) -> None:
        self.faults.append(Fault(self._file, key, reason, fix))


def _may_mean(name: str, section: SettingSection) -> bool:
    return bool(likely_name(name.lower(), [section.name, *(row.key for row in section.rows)], ()))


@cache
def declared_sections() -> tuple[SettingSection, ...]:
    """The declarations above as rows, for code that writes them down or lets a person change them."""
    sections = []
    for field in _fields(Settings):
        section, prose = _described(field.type)
        assert isinstance(section, inspect.StructType)
        rows = tuple(_row(row) for row in section.fields)
        sections.append(SettingSection(field.name, prose, section.cls, rows))
    return tuple(sections)


def _row(field: inspect.Field) -> SettingRow:
    type_, prose = _described(field.type)
    default = msgspec.to_builtins(field.default)
    if isinstance(default, tuple):
        default = list(default)
    return SettingRow(field.name, default, prose, _check(type_, _example(field.type)))


def _check(type_: inspect.Type, example: str) -> Callable[[object], Any]:
    """The check for values of this declared type."""
    match type_:
        case inspect.BoolType():
            return true_or_false
        case inspect.IntType(ge=int(low), le=int(high)):
            return whole_number(low, high)
        case inspect.FloatType(ge=low, le=high) if low is not None and high is not None:
            return number(low, high)
        case inspect.StrType(pattern=str(pattern)):
            return matching(pattern, example)
        case inspect.StrType():
            return text
        case inspect.VarTupleType(item_type=inspect.StrType()):
            return words
        case inspect.EnumType(cls=choices):
            checked = one_of([word.value for word in choices])
            return lambda value: choices(checked(value))
    raise TypeError(f"A setting can't be of type {type_}.")


def _fields(struct: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    type_ = inspect.type_info(struct)
    assert isinstance(type_, inspect.StructType)
    return type_.fields


def _example(type_: inspect.Type) -> str:
    """The first example of a declared type, "" without one."""
    schema = type_.extra_json_schema or {} if isinstance(type_, inspect.Metadata) else {}
    return str(next(iter(schema.get("examples", ())), ""))


def _described(type_: inspect.Type) -> tuple[inspect.Type, str]:
    """A declared type without its description, and the description."""
    if isinstance(type_, inspect.Metadata):
        return type_.type, str((type_.extra_json_schema or {}).get("description", ""))
    return type_, ""

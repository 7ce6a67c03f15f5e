"""The settings file: what counts of it, every fault with its fix in one go, and the text with its remarks."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import podium
from podium.core.config.declared import declared_sections
from podium.core.config.loading import LoadedSettings, load_settings
from podium.core.config.settings import History, Leftovers, LogLevel, Settings
from podium.core.config.settings_text import changed_settings_text, default_settings_text

PODIUM = Path(podium.__file__).parent
CONFIG = PODIUM / "core" / "config"


def loaded(folder: Path, text: str | bytes) -> LoadedSettings:
    path = folder / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = load_settings(path)
    for fault in found.faults:
        assert fault.file == str(path)
        assert fault.reason
        assert fault.fix
    return found


def test_a_missing_or_empty_file_gives_the_usual_values(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == LoadedSettings(Settings())
    assert loaded(tmp_path, "") == LoadedSettings(Settings())
    assert Settings().history == History(365, 10_000)
    assert Settings().workers.leftovers is Leftovers.ASK
    assert Settings().privacy.keep_screens
    assert Settings().workers.keep_awake


def test_what_is_written_counts(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        """
        [workers]
        leftovers = "end"
        keep_awake = false
        [privacy]
        keep_screens = false
        [history]
        keep_days = 30
        [logs]
        level = "debug"
        [keys]
        newline_tools = ["aider"]
        [paste]
        image_tools = []
        """,
    )
    assert found.faults == ()
    assert found.settings.workers.leftovers is Leftovers.END
    assert not found.settings.workers.keep_awake
    assert not found.settings.privacy.keep_screens
    assert found.settings.history == History(keep_days=30)
    assert found.settings.logs.level is LogLevel.DEBUG
    assert found.settings.keys.newline_tools == ("aider",)
    assert found.settings.paste.image_tools == ()


def test_every_fault_is_told_in_one_go_and_the_good_keys_still_count(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        """
        colour = "red"
        logs = "debug"
        [worker]
        [workers]
        leftover = "end"
        keep_awake = "yes"
        [privacy]
        keep_screens = false
        [history]
        keep_days = 0
        keep_runs = 2.5
        pages = 3
        """,
    )
    told = {fault.key: (fault.reason, fault.fix) for fault in found.faults}
    take_it_out = f"Take it out; the sections are {', '.join(Settings.__struct_fields__)}."
    assert told == {
        "colour": ("There is no such section.", take_it_out),
        "worker": ("There is no such section.", take_it_out),
        "logs": ("This is text, not a section.", "Begin it with a line [logs], in brackets."),
        "workers.leftover": ("There is no such key.", "Write “leftovers”."),
        "workers.keep_awake": ("This is text.", "Write true or false, without quotes."),
        "history.keep_days": (
            "0 is out of range.",
            "Write a whole number from 1 to 36500, without quotes.",
        ),
        "history.keep_runs": (
            "This is not a whole number.",
            "Write a whole number from 1 to 1000000, without quotes.",
        ),
        "history.pages": ("There is no such key.", "Take it out; the keys are keep_days, keep_runs."),
    }
    assert not found.settings.privacy.keep_screens
    assert found.settings.history == History()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[workers]\nleftovers = "kill"', 'is not one of the choices. Write "ask", "end" or "leave".'),
        ("[workers]\nleftovers = 3", 'This is a number, not text. Write "ask", "end" or "leave".'),
        ("[history]\nkeep_runs = true", "This is true or false, not a number."),
        ("[privacy]\nkeep_screens = 1", "This is a number. Write true or false"),
        (
            '[keys]\nnewline_tools = "claude"',
            'This is text, not a list. Write a list, such as ["claude", "codex"]',
        ),
        ("[keys]\nnewline_tools = [3]", "Item 0 is a number, not text. Put every item in quotes."),
        ('[keys]\nnewline_tools = ["claude", ""]', "Item 1 is empty."),
        ("workers = [1]", "This is a list, not a section."),
    ],
)
def test_a_wrong_value_says_what_to_write(tmp_path: Path, text: str, fault: str) -> None:
    found = loaded(tmp_path, text)
    assert len(found.faults) == 1
    assert fault in str(found.faults[0])
    assert found.settings == Settings()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[logs]\nlevel = debug\n", "line 2, column 9"),
        (b"# ok\n# \xff\n", "line 2"),
        ("[logs\n", "line 1, column 6"),
        ("n = " + "9" * 5000, ""),
        ("#" * (1 << 20) + "\n", ""),
    ],
)
def test_a_file_that_is_not_toml_changes_nothing_and_the_line_is_told(
    tmp_path: Path, text: str | bytes, key: str
) -> None:
    found = loaded(tmp_path, text)
    assert found.settings == Settings()
    assert [fault.key for fault in found.faults] == [key]


@pytest.mark.parametrize(
    "address", ["http://example.org/s3cret", " https://ntfy.sh/s3cret", "ntfy.sh/s3cret"]
)
def test_an_address_is_a_secret_also_where_it_is_wrong(tmp_path: Path, address: str) -> None:
    (fault,) = loaded(tmp_path, f'[notify]\nurl = "{address}"\n').faults
    assert fault.key == "notify.url"
    assert "s3cret" not in f"{fault.reason} {fault.fix}"


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    found = load_settings(tmp_path)
    assert found.settings == Settings()
    assert found.faults[0].reason == "This is a folder."


def test_the_new_file_says_all_there_is_and_changes_nothing(tmp_path: Path) -> None:
    text = default_settings_text()
    assert loaded(tmp_path, text) == LoadedSettings(Settings())
    document = tomllib.loads(text)
    for section in declared_sections():
        for row in section.rows:
            assert document[section.name][row.key] == row.default
            assert row.prose
            assert row.prose.split()[0] in text
    assert all(len(line) <= 110 for line in text.splitlines())


def test_every_section_and_key_is_documented() -> None:
    for section in declared_sections():
        assert section.prose, section.name
        for row in section.rows:
            assert row.prose.endswith("."), f"{section.name}.{row.key} has no sentence that says what it does"


def test_something_reads_every_setting() -> None:
    declared = {(section.name, row.key) for section in declared_sections() for row in section.rows}
    mention = re.compile(rf"\.(?:{'|'.join(key for _, key in declared)})\b")
    sources = (path.read_text() for path in PODIUM.rglob("*.py") if CONFIG not in path.parents)
    read = settings_read(*filter(mention.search, sources))  # Parsing all the others takes seconds.
    assert declared - read == set(), "nothing reads these settings"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("loaded.settings.history.keep_days", {("history", "keep_days")}),
        ("def prune(keep: History) -> None: keep.keep_runs", {("history", "keep_runs")}),
        ("def prune(keep: 'History') -> None: keep.keep_runs", {("history", "keep_runs")}),
        ("history.keep_days = 3", set()),
        ("'history.keep_days'", set()),
        ("keep.keep_days", set()),
        ("history.keep_days", set()),
    ],
)
def test_a_reader_is_told_from_a_mention(source: str, found: set[tuple[str, str]]) -> None:
    assert settings_read(source) & {("history", "keep_days"), ("history", "keep_runs")} == found


def settings_read(*sources: str) -> set[tuple[str, str]]:
    """Settings that are read as ``….section.key``, or as ``name.key`` where ``name`` is a parameter of the section's
    type.
    """
    sections = {section.type.__name__: section.name for section in declared_sections()}
    found = set()
    for source in sources:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                typed = {arg.arg: sections.get(_type_name(arg.annotation), "") for arg in node.args.args}
                found |= {
                    (typed[read.value.id], read.attr)
                    for read in (_reads(node) if any(typed.values()) else ())
                    if isinstance(read.value, ast.Name) and typed.get(read.value.id)
                }
        found |= {
            (read.value.attr, read.attr) for read in _reads(tree) if isinstance(read.value, ast.Attribute)
        }
    return found


def _reads(node: ast.AST) -> Iterator[ast.Attribute]:
    for inside in ast.walk(node):
        if isinstance(inside, ast.Attribute) and isinstance(inside.ctx, ast.Load):
            yield inside


def _type_name(annotation: ast.expr | None) -> str:
    match annotation:
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            return name
    return ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[terminal]",
        "# mine\r\n[terminal]\r\nligatures = true # so\r\n",
        "terminal = {ligatures = true}\n",
        '"terminal" = {}\n',
        "terminal.ligatures = true\n[links]\nask = true\n",
        "[links]\nask = true\n\n\n# the end\n",
        "unknown = 1\n[x]\n[[x.y]]\nz = 1\n",
    ],
)
def test_a_value_is_written_wherever_a_person_has_put_its_section(text: str) -> None:
    changed = changed_settings_text(text, "terminal", "ligatures", False)
    document = tomllib.loads(changed)
    assert document["terminal"]["ligatures"] is False
    for line in text.splitlines():
        if "ligatures" not in line and "terminal" not in line:
            assert line in changed.splitlines()
    reset = tomllib.loads(changed_settings_text(changed, "terminal", "ligatures", None))
    assert "ligatures" not in reset.get("terminal", {})
    assert {name: part for name, part in reset.items() if name != "terminal"} == {
        name: part for name, part in tomllib.loads(text).items() if name != "terminal"
    }


@pytest.mark.parametrize("text", ["terminal = 3\n", "[terminal\n", "[[terminal]]\n"])
def test_what_has_no_place_for_a_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        changed_settings_text(text, "terminal", "ligatures", False)

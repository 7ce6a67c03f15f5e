"""Declarations in, pages out: nothing that Podium declares is missing from the page about it."""

import ast
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from podium.control.api.events import EVENTS
from podium.control.api.routes import ROUTES
from podium.control.ctl import exits as ctl_exits
from podium.control.ctl.parser import build_parser as ctl_parser
from podium.core.adapters.registry import SHIPPED
from podium.core.commands import COMMANDS
from podium.core.config.declared import declared_sections
from podium.core.missions.keys import AGENT_KEYS, GATE_KEYS, MISSION_KEYS, WORKSPACE_KEYS
from podium.core.missions.spec import AgentSpec, GateSpec
from podium.core.protocol.events import PROGRAM_EVENTS
from podium.core.system import fault_reports
from podium.core.themes import ThemeVariant, load_tokens
from podium.core.workspace_files.example import EXAMPLE
from podium.core.workspace_files.keys import INSTANCE_KEYS, WORKSPACE_FILE_KEYS
from podium.missions.actions.new import templates
from podium.missions.command_line import build_parser as mission_parser
from podium.missions.rounds import exits as mission_exits

Page = Callable[[str], str]
ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"


def section(text: str, title: str) -> str:
    """A page's part below the heading that begins with ``title``."""
    after = text.partition(f"\n## {title}")[2]
    assert after, f"There is no “## {title}”."
    return after.partition("\n## ")[0]


def codes_of(text: str) -> set[int]:
    return {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}


def constants(module: ModuleType) -> set[int]:
    return {value for name, value in vars(module).items() if name.isupper() and isinstance(value, int)}


def test_each_command_stands_with_its_keys_and_its_help(page: Page) -> None:
    rows = [line for line in page("shortcuts").splitlines() if line.startswith("| ")]
    for command in COMMANDS:
        row = next(row for row in rows if row.endswith(f"| `{command.id.value}` |"))
        assert command.help in row
        assert [key for key in command.keys if f"`{key}`" not in row] == []


def test_each_setting_stands_with_its_usual_value_and_its_prose(page: Page) -> None:
    for declared in declared_sections():
        part = section(page("settings"), f"`[{declared.name}]`")
        for row in declared.rows:
            assert f"| `{row.key}` | `{json.dumps(row.default)}` | {row.prose} |" in part


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("The mission", MISSION_KEYS),
        ("`[workspace]`", WORKSPACE_KEYS),
        ("`[[agents]]`", AGENT_KEYS),
        ("`[[gates]]`", GATE_KEYS),
    ],
    ids=["mission", "workspace", "agents", "gates"],
)
def test_each_key_of_the_mission_file_stands_in_its_section(page: Page, title: str, keys: tuple) -> None:
    part = section(page("mission-file"), title)
    for key in keys:
        row = next(line for line in part.splitlines() if line.startswith(f"| `{key.name}` |"))
        assert key.about in row
        assert ("**Required.**" in row) == key.required


def test_the_keys_of_the_mission_file_stand_with_their_usual_values(page: Page) -> None:
    agents, gates = (
        section(page("mission-file"), "`[[agents]]`"),
        section(page("mission-file"), "`[[gates]]`"),
    )
    assert f"| `{json.dumps(AgentSpec('').permission)}` |" in row_of(agents, "permission")
    assert "| – |" in row_of(agents, "budget_usd")
    assert f"| `{json.dumps(GateSpec('', ()).timeout)}` |" in row_of(gates, "timeout")


def row_of(text: str, key: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| `{key}` |"))


@pytest.mark.parametrize(
    ("title", "keys"),
    [("The workspace", WORKSPACE_FILE_KEYS), ("`[[instances]]`", INSTANCE_KEYS)],
    ids=["workspace", "instances"],
)
def test_each_key_of_the_workspace_file_stands_in_its_section(page: Page, title: str, keys: tuple) -> None:
    part = section(page("workspace-file"), title)
    for key in keys:
        row = next(line for line in part.splitlines() if line.startswith(f"| `{key.name}` |"))
        assert key.about in row
        assert ("**Required.**" in row) == key.required


def test_the_guide_shows_the_example_that_is_a_workspace() -> None:
    """Its decoding is tested beside the file's reader."""
    assert f"```toml\n{EXAMPLE}```" in (DOCS / "guide" / "opening.md").read_text(encoding="utf-8")


def test_all_templates_adapters_and_roles_are_named(page: Page) -> None:
    assert [name for name in templates() if f"`{name}`" not in page("mission-file")] == []
    assert [name for name in SHIPPED if f"| `{name}` |" not in page("agents")] == []
    roles = [path.stem for path in (ROOT / "resources" / "podium_resources" / "roles").glob("*.md")]
    assert [role for role in roles if f"`{role}`" not in page("agents")] == []


def test_each_exit_code_has_its_meaning(page: Page) -> None:
    text = page("exit-codes")
    assert codes_of(section(text, "podium mission")) == constants(mission_exits)
    assert codes_of(section(text, "podium ctl")) == constants(ctl_exits)
    window = codes_of(section(text, "podium, podium run"))
    assert {fault_reports.FAULT, fault_reports.UNWRITTEN, fault_reports.INTERRUPTED} < window


def test_the_exit_code_of_a_server_is_the_one_it_ends_with(docs_pages: ModuleType) -> None:
    # Read, not imported: the script must not need Qt, and this test needs no more than it.
    source = ROOT / "desktop" / "podium" / "app" / "startup" / "serve_session.py"
    declared = [
        ast.literal_eval(node.value)
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AnnAssign) and node.value and ast.unparse(node.target) == "NOT_SERVED"
    ]
    assert declared == [docs_pages.NOT_SERVED]


def test_a_comma_in_a_meaning_begins_no_code(docs_pages: ModuleType) -> None:
    told = "exit codes: 0 done (all of it, or 3 things), 3 done, but not all, 5 late. Then: 128 and more, 9 in all."
    assert docs_pages.read_exits(told) == (
        {0: "done (all of it, or 3 things)", 3: "done, but not all", 5: "late"},
        "Then: 128 and more, 9 in all.",
    )


def test_the_help_of_each_subcommand_stands(page: Page, docs_pages: ModuleType) -> None:
    text = page("command-line")
    names = [
        *(f"podium {name}" for name in ("run", "demo", "serve")),
        *(f"podium mission {name}" for name in docs_pages.subcommands(mission_parser())),
        *(f"podium ctl {name}" for name in docs_pages.subcommands(ctl_parser())),
    ]
    assert [name for name in names if f"\n### {name}\n" not in text] == []
    assert "usage: podium ctl send" in text


def test_each_route_event_and_type_of_the_api_stands(page: Page, docs_pages: ModuleType) -> None:
    text = page("api")
    assert [r.path for r in ROUTES if f"\n### {r.method} {r.path}\n\n{r.summary}" not in text] == []
    assert [name for name in EVENTS if f"| `{name}` |" not in text] == []
    served = json.loads(docs_pages.generated_pages()["reference/openapi.json"])
    assert [name for name in served["components"]["schemas"] if f"\n### {name}\n" not in text] == []


def test_each_event_of_programs_stands(page: Page) -> None:
    assert [name for name in PROGRAM_EVENTS if f"\n## {name}\n" not in page("events")] == []
    assert "| `maxRounds` |" in section(page("events"), "round:start")


def test_the_pages_are_the_same_in_every_surrounding(
    docs_pages: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = docs_pages.generated_pages()
    assert "`~/.config/podium/settings.toml`" in usual["reference/files.md"]
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("COLUMNS", "50")
    before = dict(os.environ)
    assert docs_pages.generated_pages() == usual
    assert dict(os.environ) == before


def test_the_page_on_themes_names_every_key() -> None:
    text = (DOCS / "extend" / "themes.md").read_text(encoding="utf-8")
    assert [key for key in ThemeVariant.__struct_fields__ if f"`{key}`" not in text] == []


def test_the_page_on_names_has_every_state() -> None:
    text = (DOCS / "reference" / "names.md").read_text(encoding="utf-8")
    words = [re.sub(r"{\w+}", "…", state.word) for state in load_tokens().state.values()]
    assert [word for word in words if f"| {word} |" not in text] == []

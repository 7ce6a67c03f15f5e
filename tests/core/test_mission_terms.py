"""After one agreement, what allows more is asked about, what allows less is not; every fact is shown."""

import os
from pathlib import Path

import pytest

from podium.core.missions.file import load_mission
from podium.core.missions.spec import Isolation, Mission
from podium.core.missions.terms import Term, allows_more, shown_changes, shown_terms, terms_of
from podium.core.missions.trust import agreed_terms, is_trusted, trust
from podium.core.system.app_dirs import config_folder, state_folder

TEXT = """
name = "Try"
max_rounds = 5
max_concurrency = 2
budget_usd = 5.0
round_timeout = 100
stop_when = "never"

[workspace]
isolation = "worktree"
base = "main"
setup = "make setup"
teardown = "make clean"
copy = [".env"]
setup_timeout = 60

[[agents]]
id = "a"
adapter = "tool"
permission = "edit"
model = "small"
max_model = "big"
prompt = "Repair it."
budget_usd = 2.0
timeout = 600
silence_timeout = 60
owns = ["src/**"]

[[agents]]
id = "b"
command = ["sh", "-c", "echo $PODIUM_PROMPT"]
prompt_file = "task.md"
role = "role.md"
type = "continuous"
min_frequency_rounds = 2

[[gates]]
name = "tests"
command = "make test"
timeout = 60
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    adapters = config_folder() / "adapters"
    adapters.mkdir(parents=True)
    (adapters / "tool.toml").write_text('extends = "claude"\nprogram = "sh"\n')
    project = tmp_path / "p"
    project.mkdir()
    (project / "sub").mkdir()
    (project / "task.md").write_text("Read docs.\n")
    (project / "role.md").write_text("You are careful.\n")
    return project


def read(folder: Path, text: str = TEXT) -> Mission:
    file = folder / "mission.toml"
    file.write_text(text)
    return load_mission(file)


def terms(folder: Path, text: str = TEXT) -> tuple[Term, ...]:
    return terms_of(read(folder, text))


WIDER = {
    "isolation": ('isolation = "worktree"', 'isolation = "shared"'),
    "isolation left to the folder": ('isolation = "worktree"', ""),
    "rounds": ("max_rounds = 5", "max_rounds = 6"),
    "concurrency": ("max_concurrency = 2", "max_concurrency = 3"),
    "budget": ("budget_usd = 5.0", "budget_usd = 5.01"),
    "no budget": ("budget_usd = 5.0", ""),
    "no time for a round": ("round_timeout = 100", ""),
    "more time for a round": ("round_timeout = 100", "round_timeout = 101"),
    "ends": ('stop_when = "never"', 'stop_when = "agents-done"'),
    "folder": ('name = "Try"', 'name = "Try"\nfolder = "sub"'),
    "base": ('base = "main"', 'base = "other"'),
    "setup": ("make setup", "make setup2"),
    "teardown": ("make clean", "make clean2"),
    "copies": ('[".env"]', '[".env", "secrets/**"]'),
    "time for setup": ("setup_timeout = 60", "setup_timeout = 600"),
    "tool": ('adapter = "tool"\npermission = "edit"', 'command = ["sh"]'),
    "permission": ('permission = "edit"', 'permission = "full"'),
    "model": ('model = "small"', 'model = "dear"'),
    "no model": ('\nmodel = "small"', ""),
    "model after failures": ('max_model = "big"', 'max_model = "bigger"'),
    "prompt": ("Repair it.", "Delete it."),
    "agent's budget": ("budget_usd = 2.0", "budget_usd = 3"),
    "agent without a budget": ("budget_usd = 2.0", ""),
    "turns may be longer": ("timeout = 600", "timeout = 601"),
    "no limit of silence": ("silence_timeout = 60", ""),
    "owns": ('owns = ["src/**"]', ""),
    "command": ("echo $PODIUM_PROMPT", "eval $PODIUM_PROMPT"),
    "works more often": ("min_frequency_rounds = 2", "min_frequency_rounds = 1"),
    "never done": ('model = "small"', 'model = "small"\ntype = "continuous"'),
    "another prompt file": ("task.md", "role.md"),
    "role": ('role = "role.md"', 'role = "builder"'),
    "another agent": ("[[gates]]", '[[agents]]\nid = "c"\ncommand = ["true"]\n[[gates]]'),
    "gate's command": ("make test", "make tests"),
    "gate's time": ('test"\ntimeout = 60', 'test"\ntimeout = 61'),
    "gate is optional": ('"make test"', '"make test"\nrequired = false'),
    "gate is gone": (TEXT[TEXT.index("[[gates]]") :], ""),
    "another gate": ("[[gates]]", '[[gates]]\nname = "more"\ncommand = "true"\n[[gates]]'),
}
NOT_WIDER = {
    "name": ('name = "Try"', 'name = "Better"\ndescription = "x"'),
    "agent's name": ('id = "a"', 'id = "a"\nname = "Anna"'),
    "fewer rounds": ("max_rounds = 5", "max_rounds = 1"),
    "one at once": ("max_concurrency = 2", "max_concurrency = 1"),
    "smaller budget": ("budget_usd = 5.0", "budget_usd = 1"),
    "less time": ("round_timeout = 100", "round_timeout = 10"),
    "read only": ('permission = "edit"', 'permission = "read"'),
    "no setup": ('setup = "make setup"', ""),
    "nothing copied": ('copy = [".env"]', ""),
    "no model after failures": ('max_model = "big"', ""),
    "done once": ('type = "continuous"\nmin_frequency_rounds = 2', ""),
    "order": ('id = "b"', 'id = "b"\ndepends_on = ["a"]'),
    "an agent less": (TEXT[TEXT.index('[[agents]]\nid = "b"') : TEXT.index("[[gates]]")], ""),
    "no prompt": ('prompt_file = "task.md"', ""),
}


@pytest.mark.fault("C3")
@pytest.mark.parametrize("name", WIDER)
def test_what_allows_more_is_asked_about_as_a_diff(folder: Path, name: str) -> None:
    old = terms(folder)
    new = terms(folder, TEXT.replace(*WIDER[name]))
    assert allows_more(old, new)
    lines = shown_changes(old, new)
    assert lines
    assert all(line[:2] in ("- ", "+ ") for line in lines)
    assert len(lines) < len(shown_terms(new))


@pytest.mark.fault("C3")
@pytest.mark.parametrize("name", NOT_WIDER)
def test_what_allows_no_more_is_not_asked_about(folder: Path, name: str) -> None:
    old = terms(folder)
    text = TEXT.replace(*NOT_WIDER[name])
    assert text != TEXT
    assert not allows_more(old, terms(folder, text))


@pytest.mark.fault("C3")
def test_a_prompt_that_changed_far_down_is_another_one(folder: Path) -> None:
    long = "line\n" * 2000
    (folder / "task.md").write_text(long + "the end")
    old = terms(folder)
    (folder / "task.md").write_text(long + "another end")
    new = terms(folder)
    assert allows_more(old, new)
    assert shown_changes(old, new) == [
        "+ agent b, prompt: it is another text (10,007 characters before, 10,011 now), not all of which is shown here"
    ]
    (folder / "role.md").write_text("You are careless.\n")
    assert "- agent b, role: You are careful." in shown_changes(new, terms(folder))


@pytest.mark.fault("C3")
def test_a_long_prompt_that_changed_says_that_not_all_of_it_is_compared(folder: Path) -> None:
    long = "line\n" * 2000
    (folder / "task.md").write_text("before\n" + long)
    old = terms(folder)
    (folder / "task.md").write_text("beyond\n" + long)
    first, second, last = shown_changes(old, terms(folder))
    assert (first, second) == ("- agent b, prompt: before", "+ agent b, prompt: beyond")
    assert last.endswith("(10,007 characters before, 10,007 now), not all of which is shown here")


@pytest.mark.fault("C3")
def test_limits_that_went_down_and_up_again_were_agreed_to(folder: Path) -> None:
    trust(read(folder))
    assert is_trusted(read(folder, TEXT.replace("max_rounds = 5", "max_rounds = 2")))
    assert is_trusted(read(folder))
    assert not is_trusted(read(folder, TEXT.replace("max_rounds = 5", "max_rounds = 6")))


@pytest.mark.fault("C2")
def test_everything_that_counts_is_shown(folder: Path) -> None:
    text = TEXT.replace('"make setup"', '"make \\u202e setup\\u001b]\\ntouch X"').replace(
        "Repair it.", "Repair\\nit." + "\\nx" * 20
    )
    lines = shown_terms(terms(folder, text))
    for line in (
        f"folder: {folder}",
        "agents work: in worktrees of their own; the folder itself stays as it is",
        "starts from: main",
        "rounds: 5 at most",
        "agents at once: 2 at most",
        "budget: $5.00",
        "ends: after its last round",
        "setup: make \\u202e setup\\x1b] ⏎ touch X",
        "teardown: make clean",
        "copies into worktrees: .env",
        "agent a: the tool tool, which is sh",
        "  may: edit files",
        "  model: small",
        "  model after failures: big",
        "  budget: $2.00",
        "  prompt: Repair",
        "    │ it.",
        "    │ … and 28 more characters",
        "agent b: sh -c 'echo $PODIUM_PROMPT'",
        "  budget: no limit",
        "  prompt file: task.md",
        "  prompt: Read docs.",
        "  role file: role.md",
        "gate tests: make test",
        "  must pass: yes",
    ):
        assert line in lines
    assert not any("\x1b" in line or "\u202e" in line for line in lines)
    assert "x" * 90_000 in shown_terms(terms(folder, TEXT.replace("make test", "x" * 90_000)))[-3]


@pytest.mark.fault("C4")
@pytest.mark.parametrize("key", ["prompt_file", "role"])
@pytest.mark.parametrize("how", ["path", "home", "dots", "link", "folder link"])
def test_a_file_from_outside_the_project_is_named_and_not_shown(folder: Path, key: str, how: str) -> None:
    secret = Path.home() / ".ssh" / "key.md"
    secret.parent.mkdir(parents=True)
    secret.write_text("SECRET\n")
    (folder / "link.md").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent)
    written = {
        "path": str(secret),
        "home": "~/.ssh/key.md",
        "dots": os.path.relpath(secret, folder),
        "link": "./link.md",
        "folder link": "linked/key.md",
    }[how]
    text = TEXT.replace('"task.md"' if key == "prompt_file" else '"role.md"', f'"{written}"')
    what = "prompt" if key == "prompt_file" else "role"
    old, new = terms(folder), terms(folder, text)
    line = f"  reads from outside the project and sends, as its {what}: {secret}"
    assert line in shown_terms(new)
    assert "SECRET" not in "\n".join((*shown_terms(new), *shown_changes(old, new), *shown_changes(new, old)))
    assert allows_more(old, new)
    assert f"+ agent b, {line.strip()}" in shown_changes(old, new)
    mission = read(folder, text)
    trust(mission)
    assert "SECRET" not in (state_folder() / "trusted-missions.json").read_text()


@pytest.mark.fault("C4")
def test_a_link_that_is_turned_outside_later_is_asked_about(folder: Path) -> None:
    inside = terms(folder)
    secret = folder.parent / "secret"
    secret.write_text("Read docs.\n")  # The same text: its place alone is new.
    (folder / "task.md").unlink()
    (folder / "task.md").symlink_to(secret)
    assert allows_more(inside, terms(folder))


@pytest.mark.fault("C3")
@pytest.mark.parametrize(
    "broken", [b"", b"{", b'{"version": 3}', b"\xff\xfe", b"[" * 100_000, b'{"version": "x"}']
)
def test_a_broken_file_of_agreements_is_set_aside(folder: Path, broken: bytes) -> None:
    path = state_folder() / "trusted-missions.json"
    for number in range(2):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(broken)
        mission = read(folder)
        assert not is_trusted(mission)
        assert path.read_bytes() == broken
        aside = trust(mission)
        assert aside is not None
        assert aside.name == "trusted-missions.json.unreadable" + ("" if number == 0 else "-2")
        assert aside.read_bytes() == broken
        assert is_trusted(mission)


@pytest.mark.fault("C3")
def test_fingerprints_of_an_older_podium_are_asked_about_once_more(folder: Path) -> None:
    path = state_folder() / "trusted-missions.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('["0123456789abcdef"]')
    mission = read(folder)
    assert agreed_terms(mission) is None
    assert trust(mission) is None
    assert is_trusted(mission)


@pytest.mark.fault("C3")
def test_the_file_of_agreements_does_not_grow_without_bound(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podium.core.missions.trust._MOST_BYTES", 20_000)
    monkeypatch.setattr("podium.core.missions.trust._MOST_OF_ONE", 4000)
    text = TEXT.replace("Repair it.", "word " * 15_000)
    for number in range(12):
        other = folder.parent / f"p{number}"
        other.mkdir()
        for name in ("task.md", "role.md"):
            (other / name).write_text("x" * 50_000)
        trust(read(other, text))
    assert (state_folder() / "trusted-missions.json").stat().st_size < 30_000
    newest = read(folder.parent / "p11", text)
    assert is_trusted(newest)
    assert is_trusted(read(folder.parent / "p10", text)), "there is room for more than one without its texts"
    assert not is_trusted(read(folder.parent / "p0", text))
    assert not is_trusted(read(folder.parent / "p11", text.replace("word ", "w0rd ", 1)))


@pytest.mark.fault("C3")
def test_the_missions_agreed_to_last_are_remembered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podium.core.missions.trust._MOST", 3)
    missions = []
    for number in range(5):
        other = folder.parent / f"p{number}"
        other.mkdir()
        for name in ("task.md", "role.md"):
            (other / name).write_text("x")
        missions.append(read(other))
        trust(missions[-1])
    assert [is_trusted(mission) for mission in missions] == [False, False, True, True, True]


@pytest.mark.fault("C3")
def test_the_last_agreement_to_a_mission_stands_for_those_before(folder: Path) -> None:
    trust(read(folder))
    trust(read(folder, TEXT.replace("max_rounds = 5", "max_rounds = 6")))
    assert is_trusted(read(folder, TEXT.replace("max_rounds = 5", "max_rounds = 6")))
    trust(read(folder, TEXT.replace("max_rounds = 5", "max_rounds = 2")))
    assert not is_trusted(read(folder))


@pytest.mark.fault("C3")
def test_where_agents_really_work_counts(folder: Path) -> None:
    mission = read(folder, TEXT.replace('isolation = "worktree"', ""))
    trust(mission, terms_of(mission, Isolation.WORKTREE))
    assert is_trusted(mission, terms_of(mission, Isolation.WORKTREE))
    assert not is_trusted(mission, terms_of(mission, Isolation.SHARED))
    assert is_trusted(mission)


def test_paths_that_are_no_utf8_can_be_agreed_to(folder: Path) -> None:
    odd = folder.parent / os.fsdecode(b"odd\xff")
    odd.mkdir()
    for name in ("task.md", "role.md"):
        (odd / name).write_text("x")
    mission = read(odd)
    trust(mission)
    assert is_trusted(mission)
    assert "odd\\\\xff" in shown_terms(terms_of(mission))[0]

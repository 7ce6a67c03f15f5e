"""argv in, options out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from podium.app.main import main
from podium.app.startup.arguments import DemoOptions, OpenOptions, RunOptions, WindowOptions, parse
from podium.app.startup.display import go_offscreen, has_display
from podium.core.instances import ThemeName


def test_nothing_opens_the_window() -> None:
    assert parse([]) == WindowOptions()


@pytest.mark.parametrize("arguments", [["--no-pool", "demo"], ["demo", "--no-pool"]])
def test_no_pool_may_stand_anywhere(arguments: list[str]) -> None:
    assert parse(arguments) == DemoOptions(pool=False)


def test_run_takes_everything_after_the_dashes() -> None:
    options = parse(["run", "--theme", "rose", "--folder", "/tmp", "--", "npm", "run", "dev", "--", "--host"])
    assert options == RunOptions(
        command=("npm", "run", "dev", "--", "--host"), name="npm", theme=ThemeName.ROSE, folder=Path("/tmp")
    )


def test_run_takes_an_agents_tool_with_its_first_prompt() -> None:
    options = parse(["run", "--agent", "claude", "--prompt", " Mend it\r\n\x1b[2J"])
    assert options == RunOptions(name="claude", agent="claude", prompt="Mend it\n[2J")


@pytest.mark.parametrize(
    "arguments", [[], ["--prompt", "x"], ["--prompt", "x", "--", "ls"], ["--agent", "claude", "--", "ls"]]
)
def test_run_says_what_does_not_go_together(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["run", *arguments])
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_files_are_opened_by_their_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "my mission.toml"
    file.touch()
    monkeypatch.chdir(tmp_path)
    for given in (["open", "my mission.toml", "."], ["open", file.as_uri(), str(tmp_path)]):
        assert parse(given) == OpenOptions(paths=(file, tmp_path))
    assert parse(["open"]) == OpenOptions(), "the menu entry"


@pytest.mark.parametrize("form", [Path.as_uri, str, lambda path: path.name], ids=["url", "path", "name"])
def test_a_file_may_stand_where_a_command_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Callable[[Path], str]
) -> None:
    file = tmp_path / "shop.podium.toml"
    file.touch()
    monkeypatch.chdir(tmp_path)
    assert parse([form(file)]) == OpenOptions(paths=(file,))


@pytest.mark.parametrize(
    "given", [["open", "https://e/x.toml"], ["https://e/x.toml"], ["open", ""], ["open", *["/"] * 17]]
)
def test_what_is_elsewhere_or_too_much_is_not_opened(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(given)
    assert ended.value.code == 2
    assert "usage: podium" in capsys.readouterr().err


def test_what_is_not_there_is_told_where_it_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "/", "/nowhere.toml"]) == 2
    assert capsys.readouterr().err == "podium: there is no file or folder /nowhere.toml. Check the path.\n"


@pytest.mark.parametrize(
    "arguments", [["fly"], ["run"], ["run", "--theme", "pink", "--", "x"], ["demo", "--summary", "x.json"]]
)
def test_bad_input_is_a_usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert "usage: podium" in capsys.readouterr().err


def test_a_display_is_seen_and_its_lack_made_up_for() -> None:
    assert has_display({"DISPLAY": ":0"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert not has_display({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})
    bare = {"QT_QPA_PLATFORM": ""}
    assert not has_display(bare)
    assert go_offscreen(bare) == ("QT_QPA_PLATFORM",)
    assert go_offscreen(bare) == ()


def test_a_theme_that_does_not_exist_is_answered_with_those_that_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["run", "--theme", "pink", "--", "x"])
    said = capsys.readouterr().err
    assert all(theme in said for theme in ThemeName)
    assert "ThemeName" not in said

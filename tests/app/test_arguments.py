"""argv in, options out."""

from pathlib import Path

import pytest

from podium.app.startup.arguments import DemoOptions, RunOptions, WindowOptions, parse
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

"""Commands of the table over the API, with and without a window."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.commands import ListCommands, RunCommand
from podium.control.api.instances import Configure
from podium.control.api.window import ArrangeWindow, GetWindow, LayoutName
from podium.control.operations.commands import podium_handlers, windowless_handlers
from podium.core.commands import COMMANDS, Command, CommandId
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel, Kind
from podium.core.protocol.requests import ClearScrollback
from tests.control.bench import ONE, Bench


class Window:
    """A window in which everything is possible but quitting."""

    def __init__(self) -> None:
        self.ran: list[tuple[CommandId, InstanceId | None]] = []

    def refusal(self, command: CommandId, _instance: InstanceId | None) -> str:
        return "It must stay." if command is CommandId.QUIT else ""

    def run(self, command: CommandId, instance: InstanceId | None) -> None:
        self.ran.append((command, instance))

    def open_paths(self, paths: Sequence[Path], activation: str) -> None:
        raise AssertionError("nothing is to be opened")

    def take_picture(self, receive: Callable[[bytes], None]) -> None:
        receive(b"")


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def run(bench: Bench, id: str, **more: Any) -> Any:
    (outcome,) = bench.call(RunCommand(command=id, **more))
    return outcome


def test_every_row_that_needs_no_window_has_a_handler_without_one(bench: Bench) -> None:
    handlers = {*windowless_handlers(bench.workspace), *podium_handlers(bench.workspace)}
    assert handlers == {row.id for row in COMMANDS if row.window_only is None}


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.id)
def test_without_a_window_a_command_works_or_says_that_it_needs_one(bench: Bench, row: Command) -> None:
    bench.create("one", Kind.COMMAND)
    bench.backend.run("one")
    (outcome,) = bench.call(RunCommand(command=row.id.value, instance="one"))
    if row.window_only is not None:
        assert (outcome.status, outcome.code) == (409, "no-window")
    else:
        # What can't be done now is refused by the workspace, in its own words.
        assert getattr(outcome, "code", "refused") == "refused"


def test_without_a_window_the_list_says_what_would_do_anything(bench: Bench) -> None:
    def possible() -> set[str]:
        (listed,) = bench.call(ListCommands())
        return {row.id for row in listed.commands if row.possible}

    of_podium = {"do-not-disturb", "disturb-again"}
    assert possible() == of_podium
    (listed,) = bench.call(ListCommands())
    assert all(bool(row.reason) is not row.possible for row in listed.commands)
    bench.create("one", Kind.COMMAND)
    bench.backend.run("one")
    alerts = {"alert-normal", "alert-important", "alert-muted"}
    always = {"clear-scrollback", "reset-terminal", "close-instance", *alerts, *of_podium}
    assert possible() == {"stop-instance", "restart-instance", *always}
    bench.backend.exit("one", 0)
    assert possible() == {"start-instance", "restart-instance", "remove-instance", *always}


def test_a_window_carries_out_what_it_can(bench: Bench) -> None:
    window = Window()
    bench = Bench(window)
    bench.create("one")
    assert run(bench, "show-shortcuts").ok
    assert run(bench, "close-instance", instance="one").ok
    assert window.ran == [(CommandId.SHOW_SHORTCUTS, ONE), (CommandId.CLOSE, ONE)]
    refused = run(bench, "quit")
    assert (refused.status, refused.code) == (409, "not-now")
    assert refused.message == "“Quit” can't be done now. It must stay."
    (listed,) = bench.call(ListCommands())
    assert [(row.id, row.reason) for row in listed.commands if not row.possible] == [
        ("quit", "It must stay.")
    ]


def test_what_needs_an_instance_says_so(bench: Bench) -> None:
    assert run(bench, "start-instance").code == "no-instance"
    assert run(bench, "rename-instance", argument="Other").code == "no-instance"
    assert run(bench, "start-instance", instance="nobody").status == 404
    assert run(bench, "fly").code == "unknown-command"


def test_arguments_take_the_place_of_a_dialog(bench: Bench) -> None:
    bench.create("one")
    bench.create("two")
    assert run(bench, "switch-instance", argument=2).ok
    assert bench.workspace.arrangement.current == "two"
    assert run(bench, "switch-instance", argument=3).status == 404
    assert run(bench, "switch-instance", argument="two").status == 422
    assert run(bench, "rename-instance", instance="one", argument="Other").ok
    assert bench.workspace.view(ONE).spec.name == "Other"
    assert run(bench, "change-theme", instance="one", argument="mauve").status == 422
    assert run(bench, "change-theme", instance="one", argument="amber").ok
    assert bench.workspace.view(ONE).spec.theme == "amber"
    assert run(bench, "stop-instance", instance="one", argument="x").status == 422


def test_a_window_is_arranged_that_has_the_instance_to_focus(bench: Bench) -> None:
    for name in ("one", "two", "three"):
        bench.create(name)
    arrangements = bench.workspace.arrangements
    second = arrangements.open()
    arrangements.move(InstanceId("two"), second)
    arrangements.move(InstanceId("three"), second)
    (info,) = bench.call(ArrangeWindow(focus="three", layout=LayoutName.GRID, zoomed=True))
    assert (info.current, info.layout, info.visible) == ("three", "grid", ("three",))
    assert second.zoomed
    (info,) = bench.call(GetWindow())
    assert (info.current, info.layout) == ("one", "tabs"), "a person works in the first one"
    arrangements.activate(second)
    (info,) = bench.call(GetWindow())
    assert info.current == "three"
    assert run(bench, "switch-instance", argument=1).ok
    assert second.current == "two"
    assert run(bench, "switch-instance", argument=3).status == 404


def test_a_terminal_is_cleared_and_reset_without_a_window(bench: Bench) -> None:
    bench.create("one")
    bench.backend.run("one")
    run(bench, "clear-scrollback", instance="one")
    run(bench, "reset-terminal", instance="one")
    assert bench.backend.requests("one", ClearScrollback) == [ClearScrollback(), ClearScrollback(reset=True)]


def test_without_a_window_a_person_can_still_want_quiet(bench: Bench) -> None:
    quiet = bench.workspace.alerts.do_not_disturb
    assert run(bench, "do-not-disturb").ok
    assert quiet.active
    assert run(bench, "disturb-again").ok
    assert not quiet.active


def test_how_an_instance_may_call_is_set_by_command_and_by_configuring_it(bench: Bench) -> None:
    bench.create("one", Kind.COMMAND)
    assert run(bench, "alert-muted", instance="one").ok
    (info,) = bench.call(Configure(id="one"))
    assert info.alerts == "muted"
    (info,) = bench.call(Configure(id="one", alerts=AlertLevel.IMPORTANT))
    assert info.alerts == "important"
    assert bench.workspace.specs()[0].alerts is AlertLevel.IMPORTANT

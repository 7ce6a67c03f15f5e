"""The command table: every row says where it stands, when it is possible and whether it needs a window."""

import pytest

from podium.core.commands import (
    COMMANDS,
    ArgumentType,
    Command,
    CommandId,
    CommandTarget,
    NoMenu,
    Place,
    Section,
    Situation,
    command,
    commands_in,
)
from podium.core.instances import Kind
from podium.core.resources import resource

STOPPED = CommandTarget(
    kind=Kind.MISSION,
    startable=True,
    busy=False,
    idle=False,
    starting=False,
    running=False,
    finishing=False,
    restarting=False,
    resumable=False,
    left_behind=False,
    asks_for_clipboard=False,
    prompt_waits=False,
)


_OF_PODIUM = (CommandId.DO_NOT_DISTURB, CommandId.DISTURB_AGAIN)
"""Without a window they are for who is told by other ways."""


def situation(instances: int = 1, pages: int = 1, grid: bool = False, **target: object) -> Situation:
    values = {name: getattr(STOPPED, name) for name in CommandTarget.__struct_fields__}
    return Situation(
        instances=instances, pages=pages, grid=grid, target=CommandTarget(**{**values, **target})
    )


def test_every_id_has_one_row() -> None:
    assert [row.id for row in COMMANDS] == list(dict.fromkeys(row.id for row in COMMANDS))
    assert {row.id for row in COMMANDS} == set(CommandId)
    assert all(command(id).id is id for id in CommandId)


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.id)
def test_every_row_has_a_place_or_a_reason_for_none(row: Command) -> None:
    if isinstance(row.places, NoMenu):
        assert row.places.reason.endswith(".")
        assert row.keys, "no menu shows it and no key calls it"
    else:
        assert row.places
        assert all(place.kinds for place in row.places)


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.id)
def test_every_row_works_without_a_window_or_says_why_not(row: Command) -> None:
    if row.window_only is None:
        assert row.needs_instance or row.id in _OF_PODIUM, "without a window there is nothing but instances"
    else:
        assert row.window_only.reason.endswith(".")


@pytest.mark.parametrize("row", [row for row in COMMANDS if row.icon], ids=lambda row: row.id)
def test_every_icon_is_there(row: Command) -> None:
    assert resource("icons", f"{row.icon}.svg").is_file()


def test_no_two_commands_of_a_section_have_one_position() -> None:
    for section in Section:
        for kind in Kind:
            positions = [
                place.position
                for row in commands_in(section, kind)
                if not isinstance(row.places, NoMenu)
                for place in row.places
                if place.section is section
            ]
            assert positions == sorted(set(positions)), (section, kind)
        assert commands_in(section, None), section


def test_no_two_commands_have_one_key() -> None:
    keys = [key for row in COMMANDS for key in row.keys]
    assert len(keys) == len(set(keys))


def test_our_keys_leave_the_program_its_own() -> None:
    fixed = {*(f"Ctrl+{number}" for number in range(10)), "Ctrl++", "Ctrl+=", "Ctrl+-"}
    for row in COMMANDS:
        for key in row.keys:
            assert key in fixed or key.startswith(("Ctrl+Shift+", "Shift+")), key


def test_on_macos_the_usual_keys_are_bound_and_those_of_the_system_are_left_alone() -> None:
    rows = [row.on("darwin") for row in COMMANDS]
    keys = {row.id: row.keys for row in rows}
    assert keys[CommandId.COPY] == ("Ctrl+C",), "Command: what programs know as Ctrl+C is another key there"
    assert keys[CommandId.PASTE] == ("Ctrl+V",)
    assert keys[CommandId.QUIT] == ("Ctrl+Q",)
    all_keys = [key for row in rows for key in row.keys]
    assert len(all_keys) == len(set(all_keys))
    assert "Ctrl+Shift+Q" not in all_keys, "it logs the person out"


def test_other_systems_keep_their_keys() -> None:
    assert all(row.on(platform) == row for row in COMMANDS for platform in ("linux", "win32"))


def test_titles_and_helps_are_for_people() -> None:
    assert command(CommandId.SWITCH).argument is ArgumentType.NUMBER
    for row in COMMANDS:
        assert row.title[0].isupper()
        assert row.help.endswith(".")


def test_a_section_keeps_its_order_and_leaves_out_what_is_for_other_kinds() -> None:
    mission = [row.id for row in commands_in(Section.RUN, Kind.MISSION)]
    assert mission == [
        CommandId.START,
        CommandId.RESUME,
        CommandId.FINISH_ROUND,
        CommandId.STOP_NOW,
        CommandId.RESTART,
    ]
    shell = [row.id for row in commands_in(Section.RUN, Kind.SHELL)]
    assert shell == [CommandId.START, CommandId.STOP, CommandId.RESTART]


def test_what_needs_an_instance_is_not_possible_without_one() -> None:
    empty = Situation(instances=0, pages=1, grid=True)
    possible = {row.id for row in COMMANDS if row.possible(empty)}
    assert possible == {
        CommandId.NEW_MISSION,
        CommandId.NEW_SHELL,
        CommandId.SHELL_HERE,
        CommandId.NEW_COMMAND,
        CommandId.NEW_AGENT,
        CommandId.OPEN_FILE,
        CommandId.WATCH_DEMO,
        CommandId.TOGGLE_LAYOUT,
        CommandId.INBOX,
        CommandId.NEW_WINDOW,
        CommandId.SHOW_TERMINALS,
        CommandId.SHOW_SETTINGS,
        CommandId.SHOW_HISTORY,
        CommandId.NEXT_REGION,
        CommandId.PREVIOUS_REGION,
        CommandId.TOGGLE_SIDEBAR,
        CommandId.TOGGLE_COLORS,
        *_OF_PODIUM,
        CommandId.OPEN_SETTINGS,
        CommandId.COPY_DIAGNOSTICS,
        CommandId.COMMAND_PALETTE,
        CommandId.SHOW_SHORTCUTS,
        CommandId.CHANGE_SHORTCUTS,
        CommandId.OPEN_HELP,
        CommandId.CHECK_FOR_UPDATES,
        CommandId.QUIT,
    }


@pytest.mark.parametrize(
    ("id", "yes", "no"),
    [
        (CommandId.START, [{}, {"idle": True}], [{"busy": True}, {"startable": False}]),
        (
            CommandId.RESUME,
            [{"resumable": True}],
            [{}, {"resumable": True, "busy": True}, {"resumable": True, "startable": False}],
        ),
        (
            CommandId.STOP,
            [{"running": True}, {"finishing": True}, {"starting": True}, {"restarting": True}],
            [{}, {"idle": True}, {"busy": True}],
        ),
        (
            CommandId.RESTART,
            [{}, {"running": True}],
            [{"idle": True}, {"starting": True}, {"startable": False}],
        ),
        (
            CommandId.FINISH_ROUND,
            [{"running": True}],
            [{}, {"finishing": True}, {"running": True, "kind": Kind.SHELL}],
        ),
        (
            CommandId.STOP_NOW,
            [{"running": True}, {"finishing": True}, {"starting": True}],
            [{}, {"restarting": True}, {"running": True, "kind": Kind.COMMAND}],
        ),
        (CommandId.REMOVE, [{}], [{"busy": True}]),
        (CommandId.END_LEFT_BEHIND, [{"left_behind": True}], [{}]),
        (CommandId.LEAVE_LEFT_BEHIND, [{"left_behind": True}], [{}]),
        (CommandId.ALLOW_CLIPBOARD_ONCE, [{"asks_for_clipboard": True}], [{}]),
        (CommandId.ALLOW_CLIPBOARD, [{"asks_for_clipboard": True}], [{}]),
        (CommandId.DENY_CLIPBOARD, [{"asks_for_clipboard": True}], [{}]),
        (CommandId.ALLOW_QUESTION, [{"can_be_allowed": True}], [{}, {"can_be_denied": True}]),
        (CommandId.DENY_QUESTION, [{"can_be_denied": True}], [{}, {"can_be_allowed": True}]),
        (CommandId.COPY_FIRST_PROMPT, [{"prompt_waits": True}], [{}]),
        (CommandId.DROP_FIRST_PROMPT, [{"prompt_waits": True}], [{}]),
        (CommandId.CLOSE, [{}, {"busy": True}], []),
    ],
)
def test_what_is_possible_follows_from_the_instance(
    id: CommandId, yes: list[dict[str, object]], no: list[dict[str, object]]
) -> None:
    for target in yes:
        assert command(id).possible(situation(**target)), target  # type: ignore[arg-type]
    for target in no:
        assert not command(id).possible(situation(**target)), target  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("id", "yes", "no"),
    [
        (CommandId.NEXT, situation(2), situation(1)),
        (CommandId.PREVIOUS, situation(2), situation(1)),
        (CommandId.SWITCH, situation(1), situation(0)),
        (CommandId.ZOOM, situation(2, grid=True), situation(1, grid=True)),
        (CommandId.ZOOM, situation(2, grid=True), situation(2)),
        (CommandId.NEXT_PAGE, situation(5, 2, grid=True), situation(5, 2)),
        (CommandId.NEXT_PAGE, situation(5, 2, grid=True), situation(4, 1, grid=True)),
        (CommandId.PREVIOUS_PAGE, situation(5, 2, grid=True), situation(5, 2)),
    ],
)
def test_what_is_possible_follows_from_the_arrangement(id: CommandId, yes: Situation, no: Situation) -> None:
    assert command(id).possible(yes)
    assert not command(id).possible(no)


def test_a_place_counts_for_all_kinds_unless_it_says_otherwise() -> None:
    assert Place(Section.END, 1).kinds == frozenset(Kind)


def _situations() -> list[Situation]:
    """Every combination of facts that a command may go by, one fact of the target changed at a time."""
    arranged = [(0, 1, False), (1, 1, False), (1, 1, True), (2, 1, True), (5, 2, True), (5, 2, False)]
    facts = [name for name in CommandTarget.__struct_fields__ if name != "kind"]
    made = [Situation(instances=count, pages=pages, grid=grid) for count, pages, grid in arranged]
    for kind in Kind:
        for name in facts:
            changed = {"kind": kind, name: not getattr(STOPPED, name)}
            made += [situation(count, pages, grid, **changed) for count, pages, grid in arranged if count]
    return made


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.id)
def test_what_is_not_possible_says_why_in_a_sentence(row: Command) -> None:
    for facts in _situations():
        reason = row.refusal(facts)
        assert row.possible(facts) is (reason == "")
        if reason:
            assert reason[0].isupper(), reason
            assert reason.endswith("."), reason
            assert len(reason) <= 60, "it stands in one row beside the title"


@pytest.mark.parametrize(
    ("id", "target", "reason"),
    [
        (CommandId.START, {"busy": True}, "It runs already."),
        (CommandId.START, {"startable": False}, "Podium is closing."),
        (CommandId.RESUME, {}, "Nothing of it was interrupted."),
        (CommandId.STOP, {}, "It does not run."),
        (CommandId.RESTART, {"idle": True}, "It was not started yet."),
        (CommandId.FINISH_ROUND, {"kind": Kind.SHELL, "running": True}, "Only missions have rounds."),
        (CommandId.FINISH_ROUND, {"finishing": True}, "It ends after this round already."),
        (CommandId.FINISH_ROUND, {}, "It does not run."),
        (CommandId.STOP_NOW, {"kind": Kind.COMMAND, "running": True}, "Only missions have agents to end."),
        (CommandId.REMOVE, {"busy": True}, "It runs; stop it first."),
        (CommandId.ZOOM, {}, "The grid is not shown."),
        (CommandId.NEXT, {}, "There is no other instance."),
    ],
)
def test_the_reason_is_the_one_that_counts(id: CommandId, target: dict[str, object], reason: str) -> None:
    assert command(id).refusal(situation(**target)) == reason  # type: ignore[arg-type]

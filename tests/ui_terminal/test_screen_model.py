"""Frames in, rows out. No Qt."""

from podium.core.protocol.frames import Attributes, Line, MovedRow, Run, ScreenMode
from podium.core.protocol.reports import LinesReport
from podium.ui.terminal.model.screen_model import ScreenModel, line_text
from tests.ui_terminal.view_frames import FrameMaker


def texts(model: ScreenModel) -> list[str]:
    return [line_text(row) for row in model.rows]


def test_changed_rows_replace_only_themselves(maker: FrameMaker) -> None:
    model = ScreenModel()
    assert not model.has_content
    model.apply(maker.frame(["one", "two", "three"]))
    effect = model.apply(maker.frame({1: "TWO"}))
    assert texts(model) == ["one", "TWO", "three", "", ""]
    assert effect is not None
    assert effect.changed_lines == (1,)


def test_moves_are_all_done_at_once_from_the_old_rows(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["a", "b", "c", "d", "e"]))
    effect = model.apply(
        maker.frame({4: "f"}, moved=tuple(MovedRow(y, y + 1) for y in range(4)), first_line=1)
    )
    assert texts(model) == ["b", "c", "d", "e", "f"]
    assert effect is not None
    assert effect.changed_lines == ()
    model.apply(maker.frame({}, moved=(MovedRow(0, 1), MovedRow(1, 0)), first_line=1))
    assert texts(model) == ["c", "b", "d", "e", "f"]


def test_a_new_attribute_epoch_forgets_table_and_rows(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame([[("red", Attributes(1))], "plain"]))
    old = model.rows[0]
    other = FrameMaker()
    frame = other.frame([[("green", Attributes(2))]], attribute_epoch=1, number=9)
    model.apply(frame)
    assert texts(model) == ["green", "", "", "", ""]
    assert model.rows[0].table[1] == Attributes(2)
    assert old.table[1] == Attributes(1), "lines kept elsewhere keep their own table"


def test_parts_show_only_when_the_last_has_come(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["a", "b", "c", "d", "e"]))
    moved = (MovedRow(0, 4),)
    assert model.apply(maker.frame({4: "new"}, number=5, more=True)) is None
    assert texts(model) == ["a", "b", "c", "d", "e"]
    model.apply(maker.frame({1: "B"}, number=5, moved=moved))
    assert texts(model) == ["e", "B", "c", "d", "new"], "moves come from the rows before the first part"


def test_parts_of_an_abandoned_frame_are_dropped(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame({0: "lost"}, number=3, more=True))
    model.apply(maker.frame({1: "kept"}, number=4))
    assert texts(model)[:2] == ["", "kept"]


def test_a_lower_number_is_another_session(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["old", "old"], number=50))
    effect = model.apply(maker.frame(["new"], number=1))
    assert texts(model) == ["new", "", "", "", ""]
    assert effect is not None
    assert effect.lines_renumbered


def test_lines_that_scroll_off_are_known_but_still_asked_for(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["a", "b", "c", "d", "e"]))
    model.apply(
        maker.frame({3: "f", 4: "g"}, moved=tuple(MovedRow(y, y + 2) for y in range(3)), first_line=2)
    )
    assert [line_text(model.line_at(n)) for n in range(7)] == list("abcdefg")  # type: ignore[arg-type]
    assert model.line_at(7) is None
    assert model.unconfirmed(-5, 50) == [0, 1], "the program may have changed them before they went"
    report = LinesReport(1, 0, 0, (Line((Run("A"),)), Line((Run("B"),))), ())
    assert model.add_lines(report)
    assert model.unconfirmed(0, 2) == []
    assert line_text(model.line_at(0)) == "A"  # type: ignore[arg-type]


def test_the_alternate_screen_leaves_no_scrollback(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["vim"], modes=int(ScreenMode.ALTERNATE_SCREEN)))
    model.apply(maker.frame(["shell"], first_line=3))
    assert model.line_at(0) is None


def test_a_new_line_epoch_drops_the_cache_and_answers_from_before(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["a"], first_line=10))
    report = LinesReport(1, 0, 5, (Line((Run("x"),)),), ())
    assert model.add_lines(report)
    assert model.line_at(5) is not None
    effect = model.apply(maker.frame(["a"], first_line=10, line_epoch=1))
    assert effect is not None
    assert effect.lines_renumbered
    assert model.line_at(5) is None
    assert not model.add_lines(report)


def test_the_oldest_line_bounds_what_is_known(maker: FrameMaker) -> None:
    model = ScreenModel()
    model.apply(maker.frame(["a"], first_line=10))
    model.add_lines(LinesReport(1, 0, 0, tuple(Line((Run(str(n)),)) for n in range(10)), ()))
    model.apply(maker.frame({}, first_line=10, oldest_line=4))
    assert model.line_at(3) is None
    assert model.line_at(4) is not None
    assert model.unconfirmed(0, 10) == []

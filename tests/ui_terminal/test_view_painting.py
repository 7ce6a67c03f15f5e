"""Pixels of the view: colours land at the right cells, the cursor shows how things are."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from podium.core.instances import ThemeName
from podium.core.protocol.cell_colors import contrast
from podium.core.protocol.frames import (
    PALETTE_BACKGROUND,
    RGB_FLAG,
    Attributes,
    Cursor,
    CursorShape,
    MovedRow,
    Run,
    ScreenMode,
    Style,
    Underline,
)
from podium.core.themes import load_theme
from podium.ui.terminal import TerminalView
from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.model.screen_model import ScreenModel
from podium.ui.terminal.painting.canvas import Canvas
from podium.ui.terminal.painting.colors import Palette
from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache
from tests.ui_terminal.view_frames import FrameMaker, Piece

THEME = load_theme(ThemeName.INDIGO).dark
WIDTH, HEIGHT = 8, 18


def shot(view: TerminalView) -> QImage:
    return view.grab().toImage()


def rgb_of(color: QColor | str) -> tuple[int, int, int]:
    made = QColor(color)
    return made.red(), made.green(), made.blue()


def corner(image: QImage, column: int, row: int) -> str:
    """The colour of a cell's top left pixel."""
    return image.pixelColor(10 + column * WIDTH, 8 + row * HEIGHT).name()


def colors_in(image: QImage, column: int, row: int, columns: int = 1) -> set[str]:
    return {
        image.pixelColor(10 + column * WIDTH + x, 8 + row * HEIGHT + y).name()
        for x in range(columns * WIDTH)
        for y in range(HEIGHT)
    }


def test_before_the_first_frame_there_is_only_background(view: TerminalView) -> None:
    image = shot(view)
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert colors == {THEME.background}


def test_backgrounds_land_at_their_cells(view: TerminalView, maker: FrameMaker) -> None:
    rgb = Attributes(background=RGB_FLAG | 0x102030)
    view.apply_frame(
        maker.frame(
            {
                1: ["ab", ("  ", Attributes(background=1)), (" ", Attributes(background=12)), (" ", rgb)],
                2: [(" ", Attributes(background=16 + 36 * 5)), (" ", Attributes(background=255))],
            }
        )
    )
    image = shot(view)
    expected = [THEME.background] * 2 + [THEME.ansi[1]] * 2 + [THEME.bright[4], "#102030", THEME.background]
    assert [corner(image, column, 1) for column in range(7)] == expected
    assert [corner(image, column, 2) for column in range(3)] == ["#ff0000", "#eeeeee", THEME.background]
    assert colors_in(image, 2, 1, 2) == {THEME.ansi[1]}


def test_text_is_painted_in_its_colour_and_face(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([[("M", Attributes(2)), ("M", Attributes(2, style=int(Style.BOLD)))]]))
    image = shot(view)
    assert THEME.ansi[2] in colors_in(image, 0, 0)

    def ink(column: int) -> int:
        return sum(
            image.pixelColor(10 + column * WIDTH + x, 8 + y).green()
            for x in range(WIDTH)
            for y in range(HEIGHT)
        )

    assert ink(1) > ink(0) * 1.1


def test_reverse_dim_hidden_and_the_reversed_screen(view: TerminalView, maker: FrameMaker) -> None:
    rows = [[(" ", Attributes(style=int(Style.REVERSE))), ("X", Attributes(style=int(Style.HIDDEN)))]]
    view.apply_frame(maker.frame(rows))
    image = shot(view)
    assert corner(image, 0, 0) == THEME.foreground
    assert colors_in(image, 1, 0) == {THEME.background}
    view.apply_frame(maker.frame({}, modes=int(ScreenMode.REVERSE_SCREEN)))
    image = shot(view)
    assert corner(image, 0, 0) == THEME.background
    assert corner(image, 5, 3) == THEME.foreground
    palette = Palette(THEME)
    dim = palette.run_style(Attributes(style=int(Style.DIM))).text.lightness()
    assert palette.background.lightness() < dim < palette.foreground.lightness()


@pytest.mark.parametrize("underline", list(Underline)[1:])
def test_underlines_have_their_own_colour(
    view: TerminalView, maker: FrameMaker, underline: Underline
) -> None:
    attributes = Attributes(underline=int(underline), underline_color=RGB_FLAG | 0x00FF00)
    view.apply_frame(maker.frame([[("  ", attributes)], "  "]))
    image = shot(view)
    assert any(QColor(color).green() > 200 for color in colors_in(image, 0, 0, 2))
    assert colors_in(image, 0, 1, 2) == {THEME.background}


def test_strike_overline_and_links(view: TerminalView, maker: FrameMaker) -> None:
    style = int(Style.STRIKE | Style.OVERLINE)
    view.apply_frame(
        maker.frame([[(" ", Attributes(1, style=style)), (" ", Attributes(link="https://example.org"))]])
    )
    image = shot(view)
    reds = [y for y in range(HEIGHT) if image.pixelColor(12, 8 + y).name() == THEME.ansi[1]]
    assert len(reds) == 2
    assert reds[0] == 0
    assert THEME.link in colors_in(image, 1, 0)


def test_wide_characters_cover_two_cells(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(
        maker.frame(
            [[Run("漢", maker.number_of(Attributes(background=1)), 2), (" ", Attributes(background=2))]]
        )
    )
    image = shot(view)
    assert [corner(image, column, 0) for column in range(3)] == [THEME.ansi[1], THEME.ansi[1], THEME.ansi[2]]
    assert len(colors_in(image, 0, 0)) > 2, "ink in the left half"
    assert len(colors_in(image, 1, 0)) > 2, "ink in the right half"


def test_box_drawing_joins_across_cells_and_rows(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["┌──┐", "│  │", "├──┤", "└──┘"]))
    image = shot(view)
    middle_x, middle_y = 10 + (WIDTH - 1) // 2, 8 + (HEIGHT - 1) // 2
    for x in range(middle_x, middle_x + 3 * WIDTH):
        assert image.pixelColor(x, middle_y).name() == THEME.foreground
        assert image.pixelColor(x, middle_y + 2 * HEIGHT).name() == THEME.foreground
    for y in range(middle_y, middle_y + 3 * HEIGHT):
        assert image.pixelColor(middle_x, y).name() == THEME.foreground


def test_the_cursor_is_filled_with_focus_and_hollow_without(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["abc"], cursor=Cursor(1, 0)))
    image = shot(view)
    assert corner(image, 1, 0) == THEME.cursor
    inside = image.pixelColor(10 + WIDTH + 1, 8 + 1).name()
    assert inside == THEME.cursor
    assert THEME.foreground not in colors_in(image, 1, 0), "the character takes the cursor's text colour"
    view.clearFocus()
    image = shot(view)
    assert corner(image, 1, 0) == THEME.cursor
    assert image.pixelColor(10 + WIDTH + 1, 8 + 1).name() == THEME.background
    assert corner(image, 0, 0) == THEME.background


def test_cursor_shapes_and_places(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([], cursor=Cursor(2, 1, shape=CursorShape.BAR)))
    image = shot(view)
    assert corner(image, 2, 1) == THEME.cursor
    assert image.pixelColor(10 + 2 * WIDTH + 4, 8 + HEIGHT).name() == THEME.background
    view.apply_frame(maker.frame([], cursor=Cursor(3, 2, shape=CursorShape.UNDERLINE)))
    image = shot(view)
    assert corner(image, 2, 1) == THEME.background
    assert corner(image, 3, 2) == THEME.background
    assert image.pixelColor(10 + 3 * WIDTH, 8 + 3 * HEIGHT - 1).name() == THEME.cursor
    view.apply_frame(maker.frame({0: [Run("漢", 0, 2)]}, cursor=Cursor(0, 0)))
    assert corner(shot(view), 1, 0) == THEME.cursor


def test_no_cursor_when_hidden_or_the_program_is_gone(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["kept"], cursor=Cursor(6, 0)))
    before = shot(view)
    assert corner(before, 6, 0) == THEME.cursor
    view.set_live(False)
    image = shot(view)
    assert corner(image, 6, 0) == THEME.background
    assert colors_in(image, 0, 0, 4) == colors_in(before, 0, 0, 4), "the last screen keeps its contrast"
    view.set_live(True)
    view.apply_frame(maker.frame({}, cursor=Cursor(6, 0, visible=False)))
    assert corner(shot(view), 6, 0) == THEME.background


def test_the_selection_lies_under_text_of_its_own_colour(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["", "hello"], first_line=0))
    view.select_all()
    image = shot(view)
    assert corner(image, 0, 1) == THEME.selection
    assert corner(image, 19, 0) == THEME.selection
    assert max(QColor(color).lightness() for color in colors_in(image, 0, 1)) > 200
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    assert corner(shot(view), 0, 1) == THEME.background


def test_selected_text_can_be_read_whatever_background_it_was_meant_for(
    view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([[("MMMM", Attributes(style=int(Style.REVERSE)))]]))
    view.select_all()
    selection = rgb_of(THEME.selection)
    found = (rgb_of(color) for color in colors_in(shot(view), 0, 0, 4))
    assert max(contrast(color, selection) for color in found) > 2.5
    assert Palette(THEME).selected_text(Palette(THEME).run_style(Attributes())).name() == THEME.foreground


def test_marks_from_another_font_lie_over_their_letter() -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    for text in ("a\u0321", "g\u0321\u0322", "Z\u0351\u0343"):
        for run in glyphs._cluster(text, 0, 1).runs:
            assert run.rawFont().pixelSize() == 13, "not made smaller to have place beside it"
            assert -2 <= run.boundingRect().center().x() <= 10


def test_dots_of_neighbouring_underlines_go_on_at_the_same_distance(
    view: TerminalView, maker: FrameMaker
) -> None:
    view.set_font_size(11)  # seven pixels a cell
    font = view._canvas.font
    dotted = [Attributes(color, underline=int(Underline.DOTTED)) for color in (1, 2, 3)]
    view.apply_frame(maker.frame([[(" ", one) for one in dotted] + [("   ", dotted[0])]]))
    image = shot(view)
    y = 8 + font.underline
    inked = [image.pixelColor(10 + x, y).name() != THEME.background for x in range(6 * font.width)]
    assert inked == [x % 2 == 0 for x in range(6 * font.width)]


def test_a_theme_and_a_programs_own_colours_repaint_everything(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([[(" ", Attributes(background=1))]]))
    shot(view)
    light = load_theme(ThemeName.ROSE).light
    view.set_theme(light)
    image = shot(view)
    assert corner(image, 0, 0) == light.ansi[1]
    assert image.pixelColor(1, 1).name() == light.background
    view.apply_frame(maker.frame({}, palette={PALETTE_BACKGROUND: 0x203040, 1: 0x111111}))
    image = shot(view)
    assert corner(image, 0, 0) == "#111111"
    assert corner(image, 3, 3) == "#203040"
    view.apply_frame(maker.frame({}))
    assert corner(shot(view), 0, 0) == light.ansi[1]


def test_faint_colours_are_raised_in_light_themes_only() -> None:
    yellow = Attributes(foreground=RGB_FLAG | 0xFFFF99)
    light = load_theme(ThemeName.INDIGO).light
    raised = Palette(light).run_style(yellow)
    assert contrast(rgb_of(raised.text), rgb_of(light.background)) >= 3
    assert raised.foreground.name() == "#ffff99", "graphics keep what was sent"
    assert Palette(THEME).run_style(yellow).text.name() == "#ffff99"
    on_dark = Palette(light).run_style(Attributes(foreground=1, background=RGB_FLAG | 0x3B1A21))
    assert contrast(rgb_of(on_dark.text), (0x3B, 0x1A, 0x21)) >= 3
    assert Palette(light).run_style(Attributes(foreground=1)).text.name() == light.ansi[1]


def test_only_rows_that_changed_are_painted(view: TerminalView, maker: FrameMaker) -> None:
    image_of = view._canvas
    view.apply_frame(maker.frame(["a", "b", "c", "d", "e"]))
    shot(view)
    view.apply_frame(maker.frame({3: "D"}))
    shot(view)
    assert image_of.image.rows_painted == 1
    view.apply_frame(maker.frame({4: "f"}, moved=tuple(MovedRow(y, y + 1) for y in range(4)), first_line=1))
    moved = shot(view)
    assert image_of.image.rows_painted == 1, "the others were moved as pixels"
    fresh = TerminalView()
    fresh.resize(view.size())
    fresh.apply_frame(FrameMaker().frame(["b", "c", "D", "e", "f"], first_line=1))
    clean = fresh.grab().toImage()
    area = moved.rect().adjusted(10, 8, -10, -8)
    assert moved.copy(area) == clean.copy(area)
    shot(view)
    assert image_of.image.rows_painted == 0


def test_moving_a_region_leaves_the_rest(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["top", "one", "two", "three", "status"]))
    shot(view)
    view.apply_frame(maker.frame({1: "zero"}, moved=(MovedRow(2, 1), MovedRow(3, 2))))
    moved = shot(view)
    fresh = TerminalView()
    fresh.resize(view.size())
    fresh.apply_frame(FrameMaker().frame(["top", "zero", "one", "two", "status"]))
    assert moved == fresh.grab().toImage()


@pytest.mark.parametrize(("size", "ratio"), [(13, 1.0), (9, 1.5), (13, 2.0)])
def test_a_row_painted_alone_looks_as_it_did_among_the_others(qtbot: QtBot, size: int, ratio: float) -> None:
    """Ink that reached into the next row would get darker there, or be gone."""
    drawn = [
        map(chr, codes) for codes in (range(0x2500, 0x25A0), range(0xE0B0, 0xE0C0), range(0x23BA, 0x23BE))
    ]
    tall: list[Piece] = [
        "ẤỖÅǛỵẬ",
        ("ẤỖÅǛỵẬgj", Attributes(underline=int(Underline.CURLY))),
        Run("Z\u0351\u0343\u0353", width=-1),
    ]
    maker, model = FrameMaker(160, 8), ScreenModel()
    model.apply(maker.frame([row for text in map("".join, drawn) for row in (text, tall)]))
    canvas = Canvas(Palette(THEME), size, ratio, 2600, 400)
    rows = [RowContent(row) for row in model.rows]
    canvas.image.show(rows)
    before = canvas.image.pixmap.toImage()
    for y in range(len(rows)):
        canvas.image.show([RowContent(row.line, (9, 9) if y == z else None) for z, row in enumerate(rows)])
        assert canvas.image.rows_painted == (1 if y == 0 else 2)
    canvas.image.show(rows)
    assert canvas.image.pixmap.toImage() == before


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("offset", [QPoint(0, 0), QPoint(7, 3)])
def test_pixels_are_copied_as_they_are_at_any_scale(view: TerminalView, ratio: float, offset: QPoint) -> None:
    """A checkerboard of one-pixel strokes would blur or lose lines if cells did not start at device pixels."""
    maker, model = FrameMaker(20, 5), ScreenModel()
    model.apply(maker.frame([[("▌" * 20, Attributes(1, 4))], "─│" * 10, "text"]))
    canvas = Canvas(Palette(THEME), 13, ratio, 300, 120)
    image = QImage(round(340 * ratio), round(150 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.translate(offset)
    rows = [RowContent(row) for row in model.rows]
    canvas.paint(painter, view.rect(), rows, None)
    painter.end()
    grid = canvas.image.pixmap.toImage()
    left = round(offset.x() * ratio) + canvas.geometry.left
    top = round(offset.y() * ratio) + canvas.geometry.top
    font = canvas.font
    for y in range(3 * font.height):
        for x in range(20 * font.width):
            assert image.pixelColor(left + x, top + y) == grid.pixelColor(x, y)
    halves = {grid.pixelColor(x, 1).name() for x in range(20 * font.width)}
    assert halves == {THEME.ansi[1], THEME.ansi[4]}


def test_wide_letters_look_the_same_however_they_were_found(view: TerminalView, maker: FrameMaker) -> None:
    """The second time a letter is looked up in the font the first one was laid out with."""
    glyphs = GlyphCache(CellFont(13, 1.0))
    if 0 in glyphs._cluster("漢", 0, 2).runs[0].glyphIndexes():
        pytest.skip("no font here has ideographs")
    first, second = glyphs.shape("漢字", 0, 2), glyphs.shape("漢", 0, 2)
    for shape in (first, second):
        assert len(shape.glyphs) == 1
        assert not shape.clusters
    laid_out = glyphs._cluster("漢", 0, 2).runs[0]
    assert second.glyphs[0].glyphIndexes() == laid_out.glyphIndexes()
    assert second.glyphs[0].positions()[0].x() == laid_out.positions()[0].x()
    emoji = glyphs.shape("😀", 0, 2)
    assert len(emoji.clusters) == 1


def test_lines_and_blocks_that_touch_are_filled_at_once() -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    for text, count in (("─" * 100, 1), ("═" * 100, 2), ("█" * 100, 1), ("─ ─", 2), ("┌──┐", 3), ("░░▒▒", 2)):
        assert sum(len(placed.rects) for placed in glyphs.shape(text, 0, 1).rects) == count, text
    assert (
        glyphs.shape("│ a │", 0, 1).glyphs[0].glyphIndexes()
        == glyphs.shape("a", 0, 1).glyphs[0].glyphIndexes()
    )


def test_views_of_one_size_share_their_shapes(qtbot: QtBot, view: TerminalView) -> None:
    other = TerminalView()
    qtbot.addWidget(other)
    assert other._canvas.font is view._canvas.font
    other.set_font_size(14)
    assert other._canvas.font is not view._canvas.font


def test_a_hidden_view_keeps_no_pixels_and_is_right_when_shown(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([[(" ", Attributes(background=1))]]))
    shot(view)
    view.hide()
    assert view._canvas._image is None
    view.apply_frame(maker.frame([[(" ", Attributes(background=2))]]))
    assert view._canvas._image is None
    view.show()
    assert corner(shot(view), 0, 0) == THEME.ansi[2]


def test_a_cursor_behind_the_last_column_shows_on_it(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["x" * 20], cursor=Cursor(20, 0)))
    assert corner(shot(view), 19, 0) == THEME.cursor


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066", "\u200d", "\ufeff"])
def test_what_hides_in_text_is_shown_by_a_mark_and_turns_nothing_around(
    view: TerminalView, maker: FrameMaker, hidden: str
) -> None:
    view.apply_frame(maker.frame(["abc"]))
    plain = shot(view)
    view.apply_frame(maker.frame([[Run("a" + hidden, width=-1), Run("bc")]]))
    marked = shot(view)
    assert marked.copy(10 + WIDTH, 8, 2 * WIDTH, HEIGHT) == plain.copy(10 + WIDTH, 8, 2 * WIDTH, HEIGHT)
    edge = 10 + WIDTH - 1
    assert {marked.pixelColor(edge, 8 + y).name() for y in range(HEIGHT)} == {THEME.foreground}
    assert plain.pixelColor(edge, 8).name() == THEME.background


def test_joiners_that_spell_an_emoji_are_no_hiding(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([[Run("\U0001f468\u200d\U0001f469", width=-2)]]))
    edge = 10 + 2 * WIDTH - 1
    assert shot(view).pixelColor(edge, 8).name() == THEME.background

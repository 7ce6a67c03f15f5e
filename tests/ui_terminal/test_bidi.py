"""Text that runs from right to left: where its cells show, where a click on them goes, and what is copied."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from podium.core.links.targets import WebLink
from podium.core.protocol.frames import Attributes, Bidi, Cursor, Line, Run, ScreenMode
from podium.core.protocol.requests import MouseInput, SetBidi
from podium.ui.terminal import TerminalView
from podium.ui.terminal.model.line_orders import MOST_ROWS, PARAGRAPHS_KEPT, LineOrders
from podium.ui.terminal.model.screen_model import ScreenModel
from podium.ui.terminal.model.visual_order import VisualOrder, paragraph_orders
from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache
from podium.ui.terminal.painting.joined_words import lay_out_word
from podium.ui.terminal.painting.visual_line import Word, pieces
from tests.ui_terminal.test_view_links import Links, underlined
from tests.ui_terminal.test_view_mouse import at, drag, move
from tests.ui_terminal.view_frames import FrameMaker, Seen

LETTERS = str.maketrans("ABCDEFGHIJKLM", "אבגדהוזחטיךכל")
"""In the lines below A to M are Hebrew letters."""
IMPLICIT = int(Bidi.ASKED | Bidi.IMPLICIT)
AUTO = int(Bidi.ASKED | Bidi.IMPLICIT | Bidi.AUTODETECT)
LEFT = int(Bidi.ASKED | Bidi.RIGHT_TO_LEFT)
ON, OFF = SetBidi(int(Bidi.IMPLICIT)), SetBidi(allowed=False)


def row(text: str, bidi: int = IMPLICIT, wrapped: bool = False) -> Line:
    return Line((Run(text.translate(LETTERS)),), wrapped, bidi=bidi)


def shown(orders: LineOrders, model: ScreenModel, number: int) -> str:
    """The columns of a line as they show, "" for a line that shows as it is."""
    order = orders.of(number)
    styled = model.line_at(number)
    assert styled is not None
    if order is None:
        return ""
    text = "".join(run.text for run in styled.line.runs).ljust(len(order.columns))
    back = {letter: chr(written) for written, letter in LETTERS.items()}
    return "".join(text[column] for column in order.columns).translate(back)


@pytest.mark.parametrize(
    ("setting", "rows", "expected"),
    [
        (SetBidi(), [row("ab CDE", 0)], [""]),
        (SetBidi(), [row("ab CDE")], ["ab EDC"]),
        (SetBidi(), [row("plain")], [""]),
        (SetBidi(), [row("CDE ab", AUTO)], [f"{'ab EDC':>20}"]),
        (SetBidi(), [row("ab CDE", AUTO)], ["ab EDC"]),
        (SetBidi(), [row("123", AUTO | LEFT)], [f"{'123':>20}"]),
        (SetBidi(), [row("ABC 12", LEFT)], [f"{'21 CBA':>20}"]),
        (ON, [row("ab CDE", 0)], ["ab EDC"]),
        (ON, [row("ab CDE", int(Bidi.ASKED))], [""]),
        (OFF, [row("ab CDE"), row("ab", LEFT)], ["", ""]),
        # What wraps is one paragraph: its rows go by its first one's flags, and its beginning says the direction.
        (SetBidi(), [row("ABC", IMPLICIT), row("DEF", 0)], ["CBA", ""]),
        (SetBidi(), [row("12345678901234567 AB", AUTO, True), row("cd", AUTO)],
         ["BA 12345678901234567", f"{'cd':>20}"]),
        (SetBidi(), [row("A" * 20, IMPLICIT, True), row("12", IMPLICIT), row("34 B", IMPLICIT)],
         ["A" * 20, "12", "34 B"]),
        (SetBidi(), [row("A" * 19 + " ", IMPLICIT, True), row("B")], ["A" * 19 + " ", "B"]),
        (SetBidi(), [row("A 1", IMPLICIT, True), row("+2")], [f"{'1 A':<20}", "2+"]),
        (SetBidi(), [row("A" * 20, 0, True), row("B", IMPLICIT)], ["", ""]),
    ],
)  # fmt: skip
def test_lines_are_shown_in_the_order_that_was_asked_for(
    setting: SetBidi, rows: list[Line], expected: list[str], maker: FrameMaker
) -> None:
    model = ScreenModel()
    orders = LineOrders(model)
    orders.set_bidi(setting)
    model.apply(maker.frame(rows))
    assert [shown(orders, model, number) for number in range(len(rows))] == expected


def test_a_very_long_paragraph_is_looked_at_in_part(maker: FrameMaker) -> None:
    maker.lines = 300
    model = ScreenModel()
    orders = LineOrders(model)
    model.apply(maker.frame([row("A" * 20, AUTO, True), *[row("b" * 20, AUTO, True)] * 299]))
    assert shown(orders, model, MOST_ROWS) == "b" * 20
    assert orders.of(MOST_ROWS + 1) is None


def test_a_line_that_changes_gets_another_order(maker: FrameMaker) -> None:
    model = ScreenModel()
    orders = LineOrders(model)
    model.apply(maker.frame([row("A" * 20, AUTO, True), row("b", AUTO)]))
    assert shown(orders, model, 1) == f"{'b':>20}"
    model.apply(maker.frame({0: row("a" * 20, AUTO, True)}))
    assert orders.of(1) is None


def test_orders_are_kept_for_what_is_in_view_alone(maker: FrameMaker) -> None:
    model = ScreenModel()
    orders = LineOrders(model)
    for number in range(PARAGRAPHS_KEPT + 10):
        model.apply(maker.frame([row(f"A {number}")]))
        assert shown(orders, model, 0) == f"{number} A"
    assert len(orders._paragraphs) <= PARAGRAPHS_KEPT


def test_columns_and_places_belong_to_each_other() -> None:
    cells = [*"ab ", "ש\u05b8", "ל", "漢", "", "ם", "┌", "1"]
    (order,) = paragraph_orders([cells], 12, 1, True, mirrors_boxes=True)
    assert order is not None
    assert sorted(order.columns) == list(range(12))
    assert [order.place(order.column(place)) for place in range(14)] == list(range(14))
    assert order.column(order.place(5)) + 1 == order.column(order.place(5) + 1) == 6
    assert [order.is_left(column) for column in (-1, 0, 3, 5, 9, 11, 12)] == [
        False, False, True, False, False, True, False,
    ]  # fmt: skip


def test_selected_columns_may_show_in_several_places() -> None:
    (order,) = paragraph_orders([list("ab CDE 12 f".translate(LETTERS))], 20, 0, True)
    assert order is not None
    assert order.spans(0, 5) == [(0, 3), (7, 9)]
    assert order.spans(3, 6) == [(6, 9)]
    assert order.spans(4, 4) == []


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((Run("ab CDE [f]"),), [("ab ", 0, None), ("EDC", 3, None), (" [f]", 6, None)]),
        ((Run("A(b)C"),), [("A", 0, None), ("(b)", 1, None), ("C", 4, None)]),
        ((Run("(A)B", 1), Run("C", 2)), [
            ("(", 0, None), ("A", 1, None), (")", 2, None), ("B", 4, None), ("C", 3, None)]),
        ((Run("A(B)", 1), Run("C", 2)), [("(B)A", 1, None), ("C", 0, None)]),
        ((Run("سلا"), Run("م", 1)), [("سلا", 1, ("سلام", 0)), ("م", 0, ("سلام", 3))]),
        ((Run("ب"), Run("بُ", 0, -1), Run("ب, x")), [
            ("ب", 2, ("ببُب", 0)), ("بُ", 1, ("ببُب", 1)), ("ب", 0, ("ببُب", 2)), (", x", 3, None)]),
        ((Run("ب A"),), [("ب", 2, ("ب", 0)), ("A ", 0, None)]),
        ((Run("ᠮᠣ x"),), [("ᠮᠣ", 0, ("ᠮᠣ", 0)), (" x", 2, None)]),
        ((Run("漢字", 0, 2), Run("A")), [("漢字", 0, None), ("A", 4, None)]),
    ],
)  # fmt: skip
def test_a_line_is_painted_piece_by_piece(
    runs: tuple[Run, ...], expected: list[tuple[str, int, tuple[str, int] | None]]
) -> None:
    runs = tuple(Run(run.text.translate(LETTERS), run.attribute, run.width) for run in runs)
    cells: list[str] = []
    for run in runs:
        for text in run.text if run.width > 0 else (run.text,):
            cells += [text, *[""] * (abs(run.width) - 1)]
    (order,) = paragraph_orders([cells], 20, 0, True)
    found = pieces(runs, order)
    back = {letter: chr(written) for written, letter in LETTERS.items()}
    assert [
        (
            piece.run.text.translate(back),
            piece.place,
            piece.word and ("".join(piece.word.cells), piece.first),
        )
        for piece in found
    ] == expected
    assert sum(piece.run.columns for piece in found) == len(cells)


def ink(font: CellFont, word: Word) -> dict[int, tuple[float, float]]:
    """Where the ink of each part's letter begins and ends, in columns of the part from the left."""
    found: dict[int, tuple[float, float]] = {}
    for part in lay_out_word(font, word, 0):
        edges: list[float] = []
        for start, cluster in part.clusters:
            for run in cluster.runs:
                raw = run.rawFont()
                for glyph, point in zip(run.glyphIndexes(), run.positions(), strict=True):
                    area = raw.boundingRect(glyph).translated(point)
                    edges += [start + area.left() * cluster.across, start + area.right() * cluster.across]
        found[part.first] = (min(edges) / font.width, max(edges) / font.width)
    return found


@pytest.mark.parametrize("size", [9, 13, 24])
def test_joined_letters_reach_to_their_neighbours(size: int, qtbot: QtBot) -> None:
    font = CellFont(size, 1.0)
    pixel = 1.3 / font.width
    letters = ink(font, Word(tuple("بيتك"), True))
    assert set(letters) == {0, 1, 2, 3}
    for place, (left, right) in letters.items():
        assert left <= pixel or place == 3
        assert right >= 1 - pixel or place == 0
        assert -0.4 < left < right < 1.4
    apart = ink(font, Word(tuple("اد"), True))
    assert all(-pixel < left < right < 1 + pixel for left, right in apart.values())


def test_one_glyph_for_two_letters_takes_the_columns_of_both(qtbot: QtBot) -> None:
    font = CellFont(13, 1.0)
    parts = lay_out_word(font, Word(("س", "ل", "ا", "م"), True), 0)
    assert [(part.first, part.cells) for part in parts] == [(0, 1), (1, 2), (3, 1)]
    marked = lay_out_word(font, Word(("مُ", "حَ", "مَّ", "د"), True), 0)
    assert [part.cells for part in marked] == [1, 1, 1, 1]
    assert lay_out_word(font, Word(("\U0001e922",) * 2, True), 0)[0].cells == 1


def test_what_hides_in_a_word_is_marked_and_turns_nothing_around(qtbot: QtBot) -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    plain = glyphs.word_shape(Word(("ب", "ي"), True), 0, 0, 2)
    marked = glyphs.word_shape(Word(("ب\u202d", "ي"), True), 0, 0, 2)
    assert [cluster.x for cluster in marked.clusters] == [cluster.x for cluster in plain.clusters]
    assert not plain.rects
    width = glyphs.font.width
    assert all(width <= rect.left() <= 2 * width for rects in marked.rects for rect in rects.rects)


def test_a_word_in_two_colours_is_the_word_in_one(view: TerminalView, maker: FrameMaker) -> None:
    red = Attributes(foreground=1)
    view.apply_frame(maker.frame([row("سلام"), row("سلام")]))
    before = view.grab().toImage()
    view.apply_frame(maker.frame([Line(maker.line([("سل", red), ("ام", red)]).runs, bidi=IMPLICIT)]))
    after = view.grab().toImage()
    background = before.pixelColor(100, 40)
    for x in range(10, 10 + 4 * 8):
        for y in range(8, 8 + 18):
            inked = before.pixelColor(x, y) != background
            assert inked == (after.pixelColor(x, y) != background)


def test_text_is_selected_where_it_shows_and_copied_as_it_reads(
    view: TerminalView, maker: FrameMaker, qtbot: QtBot
) -> None:
    view.apply_frame(maker.frame([row("ab CDE f")]))
    # It shows as "ab EDC f": from the right half of E, where it begins, to the left half of C, where it ends.
    drag(view, at(3.9, 0), at(5.1, 0))
    assert view._state.selected_text() == "D".translate(LETTERS)
    drag(view, at(5.9, 0), at(3.1, 0))
    assert view._state.selected_text() == "CDE".translate(LETTERS)
    drag(view, at(0.1, 0), at(4.9, 0))
    assert view._state.selected_text() == "ab C".translate(LETTERS)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at(4.5, 0))
    assert view._state.selected_text() == "CDE".translate(LETTERS)


def test_the_selection_is_painted_over_the_cells_that_are_selected(
    view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([row("ab CDE f")]))
    before = view.grab().toImage()
    view._state.selection.begin(0, 1, False, view._state.selection._mode)
    view._state.selection.extend(0, 4, False)
    view.refresh()
    after = view.grab().toImage()
    changed = {
        (x - 10) // 8 for x in range(10, 10 + 20 * 8) if before.pixelColor(x, 10) != after.pixelColor(x, 10)
    }
    assert changed == {1, 2, 5}


@pytest.mark.parametrize(
    ("column", "flags", "place"),
    [(0, IMPLICIT, 0), (3, IMPLICIT, 5), (5, IMPLICIT, 3), (7, IMPLICIT, 7), (0, LEFT, 19), (6, LEFT, 13)],
)
def test_the_cursor_shows_where_its_cell_does(
    column: int, flags: int, place: int, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([row("ab CDE f", flags)], cursor=Cursor(column, 0)))
    cursor = view._hit_tester.cursor(focused=True)
    assert cursor is not None
    assert cursor.columns == (place, place + 1)


@pytest.mark.parametrize(
    ("point", "modes", "cell", "pixel"),
    [
        (4.5, ScreenMode.MOUSE_CLICKS, (4, 0), (-1, -1)),
        (3.5, ScreenMode.MOUSE_CLICKS, (5, 0), (-1, -1)),
        (7.5, ScreenMode.MOUSE_CLICKS, (7, 0), (-1, -1)),
        (3.5, ScreenMode.MOUSE_CLICKS | ScreenMode.MOUSE_PIXELS, (5, 0), (5 * 8 + 4, 9)),
    ],
)
def test_a_program_hears_of_the_cell_that_is_clicked(
    point: float,
    modes: int,
    cell: tuple[int, int],
    pixel: tuple[int, int],
    view: TerminalView,
    maker: FrameMaker,
    seen: Seen,
) -> None:
    view.apply_frame(maker.frame([row("ab CDE f")], modes=int(modes)))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(point, 0))
    pressed = seen.of(MouseInput)[0]
    assert isinstance(pressed, MouseInput)
    assert (pressed.x, pressed.y) == cell
    assert (pressed.pixel_x, pressed.pixel_y) == pixel


def test_a_link_is_where_its_text_shows(view: TerminalView, maker: FrameMaker, qtbot: QtBot) -> None:
    link = Attributes(link="https://example.org/")
    links = Links(view)
    line = maker.line([("AB".translate(LETTERS), link), " cd"])
    view.apply_frame(maker.frame([Line(line.runs, bidi=LEFT)]))
    assert view._hit_tester.text_cell(at(19.5, 0).toPointF()) == (0, 0)
    assert view._hit_tester.text_cell(at(14.5, 0).toPointF()) == (0, 5)
    move(view, at(18.5, 0))
    qtbot.waitUntil(lambda: links.told == [WebLink("https://example.org/", "AB".translate(LETTERS))])
    assert underlined(view, 0, 19)
    assert not underlined(view, 0, 1)


def test_a_setting_changes_what_is_shown(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([row("ABC", 0)]))
    pictures = []
    for setting in (SetBidi(), ON, OFF):
        view.set_bidi(setting)
        pictures.append(view.grab().toImage())
    assert pictures[0] != pictures[1]
    assert pictures[0] == pictures[2]


def test_an_order_without_columns_is_the_usual_one() -> None:
    order = VisualOrder((), (), ())
    assert (order.place(3), order.column(3), order.is_left(0), order.spans(1, 3)) == (3, 3, False, [(1, 3)])

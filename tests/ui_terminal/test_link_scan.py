"""Rows in, links out with the cells that lead to them. No Qt."""

import pytest

from podium.core.links.targets import Answer, CommitCandidate, CommitLink, FileCandidate, FileLink, WebLink
from podium.core.protocol.frames import Attributes, Line, Run
from podium.ui.terminal.links.hints import MAX_HINTS, Act, Choice, Hints, Phase
from podium.ui.terminal.links.labels import labels
from podium.ui.terminal.links.scan import MAX_FOUND, Link, Scan, scan_cell, scan_view
from podium.ui.terminal.model.screen_model import ScreenModel
from podium.ui.terminal.selection.logical_text import MAX_OUTSIDE, Span, logical_text
from tests.ui_terminal.view_frames import FrameMaker


def model_of(*rows: object, columns: int = 20, maker: FrameMaker | None = None) -> ScreenModel:
    maker, model = maker or FrameMaker(columns, len(rows)), ScreenModel()
    model.apply(maker.frame(list(rows)))  # type: ignore[arg-type]
    return model


def wrapped(text: str, columns: int = 20) -> list[Line]:
    parts = [text[start : start + columns] for start in range(0, len(text), columns)]
    return [Line((Run(part),), wrapped=part is not parts[-1]) for part in parts]


def answered(scan: Scan, *existing: str) -> list[Answer | None]:
    answers: list[Answer | None] = []
    for _, candidate in scan.wanted:
        answer = None
        if isinstance(candidate, CommitCandidate) and candidate.id in existing:
            answer = Answer(CommitLink(candidate.id, "/"))
        elif isinstance(candidate, FileCandidate):
            for number, reading in enumerate(candidate.readings):
                if answer is None and reading.path in existing:
                    answer = Answer(FileLink(reading.path, reading.line, reading.column), number)
        answers.append(answer)
    return answers


def links(model: ScreenModel, *existing: str) -> list[Link]:
    scan = scan_view(model, 0, model.lines)
    return scan.links(model, answered(scan, *existing))


def test_the_cells_of_a_link_are_columns_and_not_characters() -> None:
    model = model_of(
        Line((Run("漢字", 0, 2), Run(" a.py:3 "), Run("👨‍👩‍👧", 0, -2), Run(" https://x.io"))), columns=40
    )
    assert links(model, "a.py") == [
        Link(FileLink("a.py", 3), (Span(0, 5, 11),)),
        Link(WebLink("https://x.io"), (Span(0, 15, 27),)),
    ]


def test_wide_characters_in_a_link_are_covered_whole() -> None:
    model = model_of(Line((Run("資料", 0, 2), Run("/"), Run("図", 0, 2), Run(".md"))))
    [link] = links(model, "資料/図.md")
    assert link.spans == (Span(0, 0, 10),)
    assert link.covers(0, 1)
    assert link.covers(0, 6)
    assert not link.covers(0, 10)


def test_a_link_goes_on_over_wrapped_rows() -> None:
    rows = wrapped("see https://example.org/" + "a" * 30 + ". And")
    model = model_of(*rows)
    [link] = links(model)
    assert link == Link(
        WebLink("https://example.org/" + "a" * 30), (Span(0, 4, 20), Span(1, 0, 20), Span(2, 0, 14))
    )
    assert scan_cell(model, 2).links(model, ()) == [link]


def test_a_row_that_ends_in_blanks_or_before_a_wide_character_is_joined_right() -> None:
    wide = Line((Run("https://x.io/abcdef"),), wrapped=True, filler=True)
    [link] = links(model_of(wide, Line((Run("漢", 0, 2),))))
    assert link.target == WebLink("https://x.io/abcdef漢")
    blank = Line((Run("https://x.io/abc"),), wrapped=True)
    [link] = links(model_of(blank, "def"))
    assert link.target == WebLink("https://x.io/abc")


def test_rows_that_are_not_wrapped_are_lines_of_their_own() -> None:
    assert [link.target for link in links(model_of("https://x.io/abcdefg", "h"))] == [
        WebLink("https://x.io/abcdefg")
    ]


def test_a_very_long_line_is_read_in_part_and_what_is_cut_is_no_link() -> None:
    rows = wrapped("https://x.io/" + "a" * (3 * MAX_OUTSIDE), 100)
    model = model_of(*rows, columns=100)
    middle = len(rows) // 2
    text = logical_text(model, middle, middle, middle + 1)
    assert len(text.text) <= 2 * MAX_OUTSIDE + 100
    assert text.cut_above
    assert text.cut_below
    assert scan_cell(model, middle).links(model, ()) == []
    long = "https://x.io/" + "a" * 1486
    urls = model_of(*wrapped(f"{long} " * 20, 100), columns=100)
    found = scan_cell(urls, 150).links(urls, ())
    assert 4 <= len(found) <= 6
    assert {link.target for link in found} == {WebLink(long)}
    words = model_of(*wrapped("https://x.io/a " * 1500, 100), columns=100)
    assert len(scan_cell(words, 100).links(words, ())) > 300


def test_what_a_program_linked_counts_more_than_its_text() -> None:
    maker = FrameMaker(40, 2)
    link = Attributes(link="https://evil.org/")
    model = model_of([("https://good.org", link), " https://x.io"], maker=maker)
    assert [one.target for one in links(model)] == [
        WebLink("https://evil.org/", "https://good.org"),
        WebLink("https://x.io"),
    ]


def test_a_programs_link_of_several_runs_and_rows_is_one_and_a_bad_one_is_none() -> None:
    maker = FrameMaker(10, 3)
    url = "https://x.io/a"
    first = Line((Run("ab"), Run("c" * 4, maker.number_of(Attributes(link=url))),
                  Run("d" * 4, maker.number_of(Attributes(link=url, style=1)))), wrapped=True)  # fmt: skip
    second = maker.line([("e", Attributes(link=url)), " x"])
    bad = maker.line([("https://x.io", Attributes(link="javascript:alert(1)"))])
    model = ScreenModel()
    model.apply(maker.frame([first, second, bad]))
    assert links(model) == [Link(WebLink(url, "ccccdddde"), (Span(0, 2, 10), Span(1, 0, 1)))]


def test_a_programs_link_to_a_file_is_looked_up() -> None:
    maker = FrameMaker(40, 1)
    model = model_of([("here", Attributes(link="file:///srv/a%20b.py#L3"))], maker=maker)
    assert links(model, "/srv/a b.py") == [Link(FileLink("/srv/a b.py", 3), (Span(0, 0, 4),))]
    assert links(model) == []


def test_a_file_is_named_above_its_lines_and_above_the_view() -> None:
    model = model_of("src/a.js", "  3:5  error", "  4:1  error", "", "  5:1  text")
    found = links(model, "src/a.js")
    assert [link.target for link in found] == [
        FileLink("src/a.js"),
        FileLink("src/a.js", 3, 5),
        FileLink("src/a.js", 4, 1),
    ]
    scan = scan_view(model, 2, 4)
    assert scan.links(model, answered(scan, "src/a.js")) == found[2:]
    scan = scan_cell(model, 2)
    assert scan.links(model, answered(scan, "src/a.js")) == found[2:]


def test_a_line_that_changed_meanwhile_has_no_links() -> None:
    maker = FrameMaker(20, 2)
    model = ScreenModel()
    model.apply(maker.frame(["https://a.io", "https://b.io"]))
    scan = scan_view(model, 0, 2)
    model.apply(maker.frame({0: "https://a.iq", 1: "https://b.io"}))
    assert [link.target for link in scan.links(model, ())] == [WebLink("https://b.io")]


def test_a_view_full_of_what_could_be_links_is_bounded() -> None:
    model = model_of(*["a/b " * 50] * 200, columns=200)
    scan = scan_view(model, 0, 200)
    assert len(scan.wanted) == 1000
    assert MAX_FOUND <= len(links(model_of(*["http://a.b " * 18] * 600, columns=200))) < MAX_FOUND + 18


@pytest.mark.parametrize("count", [0, 1, 9, 10, 17, 18, 81, 82, 500])
def test_labels_are_short_and_none_begins_another(count: int) -> None:
    made = labels(count)
    assert len(set(made)) == count
    assert not any(a != b and b.startswith(a) for a in made for b in made)
    assert max(map(len, made), default=1) == (1 if count <= 9 else 2 if count <= 81 else 3)


def hints_on(count: int) -> Hints:
    hints = Hints()
    hints.begin()
    assert hints.show([Link(WebLink(f"https://x.io/{n}"), (Span(n, 0, 5),)) for n in range(count)])
    return hints


def test_a_label_opens_and_with_shift_it_copies() -> None:
    hints = hints_on(3)
    assert hints.type("s", copy=False) == Choice(Act.OPEN, WebLink("https://x.io/1"))
    assert not hints.on
    assert hints_on(3).type("d", copy=True) == Choice(Act.COPY, WebLink("https://x.io/2"))


def test_long_labels_are_typed_letter_by_letter_and_may_be_taken_back() -> None:
    hints = hints_on(20)
    assert hints.type("l", copy=False) is None
    assert {hint.label[0] for hint in hints.matching()} == {"l"}
    assert {hint.typed for hint in hints.matching()} == {1}
    hints.erase()
    assert len(hints.matching()) == 20
    hints.type("l", copy=False)
    choice = hints.type(hints.matching()[0].label[1], copy=False)
    assert choice is not None
    hints = hints_on(20)
    hints.erase()
    assert not hints.on


@pytest.mark.parametrize("key", ["", "z", "\x1b", "ä", "as"])
def test_any_other_key_leaves(key: str) -> None:
    hints = hints_on(3)
    assert hints.type(key, copy=False) is None
    assert not hints.on


def test_a_label_cannot_be_typed_before_it_shows() -> None:
    hints = Hints()
    hints.begin()
    assert hints.type("a", copy=False) is None
    assert hints.phase is Phase.LOOKING
    hints.type("", copy=False)
    assert not hints.on
    assert not hints.show([Link(WebLink("https://x.io"), (Span(0, 0, 5),))]), "nobody waits any more"


def test_no_links_and_lines_that_change_end_the_hints() -> None:
    hints = Hints()
    hints.begin()
    assert not hints.show([])
    assert not hints.on
    hints = hints_on(2)
    hints.drop_lines([0])
    assert [hint.label for hint in hints.matching()] == ["s"]
    hints.drop_lines([1])
    assert not hints.on
    assert len(hints_on(MAX_HINTS + 5).matching()) == MAX_HINTS

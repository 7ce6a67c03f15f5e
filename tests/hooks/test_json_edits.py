"""Hooks go into settings of any layout and out again, and every other character stays where it is."""

import json
import random
from typing import Any

import pytest

from podium.core.adapters.hooks import HookEvent, Hooks, HooksFormat
from podium.hooks import groups
from podium.hooks.json_edits import applied
from podium.hooks.json_text import NoJson, parse, plain

EVENTS = (HookEvent(name="Start"), HookEvent(name="Stop"), HookEvent(name="Ask", matcher="dialog"))
HOOKS = Hooks(format=HooksFormat.GROUPS, user="~/.x/settings.json", events=EVENTS)
WANTED = groups.wanted("x", HOOKS)


def value(text: str) -> Any:
    parsed = parse(text)
    return None if parsed is None else plain(parsed)


def with_ours(text: str) -> str:
    return groups.put_in(text, WANTED)[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a":1}', '{"a":1, "hooks": {"Start": [<>], "Stop": [<>], "Ask": [<>]}}'),
        ('{ "a": 1, }', '{ "a": 1, "hooks": {"Start": [<>], "Stop": [<>], "Ask": [<>]}, }'),
        ('{"hooks":{"Stop": []}, "b":2}', '{"hooks":{"Stop": [<>], "Start": [<>], "Ask": [<>]}, "b":2}'),
    ],
)
def test_settings_in_one_line_stay_in_one_line(before: str, after: str) -> None:
    text = with_ours(before)
    for entry in WANTED:
        matcher = {"matcher": entry.matcher} if entry.matcher else {}
        text = text.replace(json.dumps({**matcher, "hooks": [entry.hook]}), "<>")
    assert text == after


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "{}",
        "{\n}\n",
        "// what I like\n{\n  // mine\n  \"model\": \"opus\" // the best\n}\n",
        "{\r\n\t\"a\": [1,\r\n\t\t2],\r\n}\r\n",
        "\ufeff{ /* nothing */ }",
        '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}}',
        '{\n  "hooks": {\n    "Ask": [\n      {"matcher": "x", "hooks": []}, // theirs\n    ],\n  },\n}',
    ],
)  # fmt: skip
def test_undone_step_by_step_it_is_the_same_text(text: str) -> None:
    after, undo = groups.put_in(text, WANTED)
    assert groups.found(after) == sorted(WANTED, key=groups.found(after).index)
    for step in undo:
        after = applied(after, step)
    assert after == text


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{\n  "a": 1 // note\n}\n',
        '{\n  "a": 1, // note\n}\n',
        '{"a": {"b": [1, 2]}}',
        '{\n  "hooks": {\n    "Stop": [\n      {\n        "hooks": []\n      }\n    ]\n  },\n  "z": null\n}\n',
    ],
)
def test_taken_out_without_a_record_nothing_is_left(text: str) -> None:
    assert groups.take_out(with_ours(text)) == text


def test_what_a_person_changed_meanwhile_stays() -> None:
    text = with_ours('{\n  "a": 1\n}\n')
    text = text.replace('"a": 1', '"a": 2, /* two */ "b": "new"')
    text = text.replace('"Stop": [', '"Stop": [{"hooks": [{"type": "command", "command": "say done"}]},')
    out = groups.take_out(text)
    assert value(out) == {
        "a": 2,
        "b": "new",
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]},
    }
    assert "/* two */" in out


def test_a_persons_hook_in_our_group_stays() -> None:
    own = '{"type": "command", "command": "say done"}'
    text = with_ours("{}").replace('"hooks": [\n          {', f'"hooks": [{own},\n          {{', 1)
    assert value(groups.take_out(text)) == {"hooks": {"Start": [{"hooks": [json.loads(own)]}]}}


def test_a_comment_among_ours_keeps_what_it_stands_in() -> None:
    text = with_ours("{}").replace('"Stop": [', '"Stop": [ // why\n', 1)
    out = groups.take_out(text)
    assert "// why\n" in out
    assert value(out) == {"hooks": {"Stop": []}}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("{\n  'a': 1\n}", 2, "double quotes"),
        ('{"a": 1', 1, "end is missing"),
        ('{\n"a": 1\n"b": 2}', 3, "comma"),
        ('{"a" 1}', 1, "colon"),
        ('{"a": tru}', 1, "no value"),
        ('{"a": 01}', 1, "no value"),
        ('{"a": "x\n"}', 1, "quotes"),
        ("{} {}", 1, "after the end"),
        ("{}\n/* never", 2, "comment"),
        ("[" * 200, 1, "nested"),
        ("[]", 1, "braces"),
        ('"text"', 1, "braces"),
        ('{"hooks": []}', 1, "“hooks”"),
        ('{\n"hooks": {"Stop": {}}}', 2, "“Stop”"),
        ('{"hooks": {}, "hooks": {}}', 1, "twice"),
        ("<<<<<<< HEAD\n{}", 1, "no value"),
    ],
)
def test_a_text_that_is_no_settings_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(NoJson, match=reason) as wrong:
        with_ours(text)
    assert wrong.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        '{"hooks": {"Stop": [1, null, "x", {"hooks": 3}, {"hooks": [4, {"command": ["sh"]}]}], "Ask": 7}}',
        '{"hooks": "off"}',
        '{"hooks": {"Stop": [{"hooks": [{"command": "echo $PODIUM_INSTANCE"}]}]}}',
    ],
)
def test_strange_entries_of_others_are_no_entries_of_ours(text: str) -> None:
    assert groups.found(text) == []
    assert groups.take_out(text) == text


def test_the_readers_value_is_that_of_json() -> None:
    text = '{"a": [-1.5e3, true, null, "\\u00e9\\n", {}, []], "a": "last"}'
    assert value(text) == json.loads(text)


def _layout(rng: random.Random) -> str:
    """Settings as people, tools and formatters leave them."""
    newline, unit = rng.choice(["\n", "\r\n"]), rng.choice(["  ", "    ", "\t"])
    comments, commas = rng.random() < 0.5, rng.random() < 0.3

    def comment() -> str:
        return rng.choice([" /* c */", f" // n{newline}"]) if comments and rng.random() < 0.3 else ""

    def block(marks: str, entries: list[str], depth: int) -> str:
        lines = rng.random() < 0.6
        text = marks[0]
        for number, entry in enumerate(entries):
            text += comment() + (newline + unit * depth if lines else rng.choice(["", " "])) + entry
            text += "," if number < len(entries) - 1 or (commas and rng.random() < 0.5) else ""
        return text + comment() + (newline + unit * (depth - 1) if lines else "") + marks[1]

    def anything(depth: int) -> str:
        if depth > 3 or rng.random() < 0.6:
            return rng.choice(["1", '"{}[],:/\\"//x"', "null", '"é"'])
        entries = [anything(depth + 1) for _ in range(rng.randint(0, 3))]
        if rng.random() < 0.5:
            return block("[]", entries, depth + 1)
        return block("{}", [f'"k{number}": {one}' for number, one in enumerate(entries)], depth + 1)

    def group(depth: int) -> str:
        theirs = ['{"type": "command", "command": "other"}'] * rng.randint(0, 2)
        return block("{}", [f'"hooks": {block("[]", theirs, depth + 2)}'], depth + 1)

    entries = [f'"t{number}":{anything(1)}' for number in range(rng.randint(0, 4))]
    if rng.random() < 0.6:
        names = rng.sample(["Start", "Stop", "Ask", "Other"], rng.randint(0, 3))
        table = [f'"{name}": {block("[]", [group(3)] * rng.randint(0, 2), 3)}' for name in names]
        entries.insert(rng.randint(0, len(entries)), f'"hooks": {block("{}", table, 2)}')
    return comment() + block("{}", entries, 1) + comment()


@pytest.mark.parametrize("seed", range(8))
def test_in_any_layout_only_ours_comes_and_goes(seed: int) -> None:
    for number in range(100):
        before = _layout(random.Random(seed * 1000 + number))
        after, undo = groups.put_in(before, WANTED)
        expected = value(before)
        for entry in WANTED:
            matcher = {"matcher": entry.matcher} if entry.matcher else {}
            table = expected.setdefault("hooks", {})
            table.setdefault(entry.event, []).append({**matcher, "hooks": [entry.hook]})
        assert value(after) == expected, before
        out = groups.take_out(after)
        assert _without_blanks(value(out)) == _without_blanks(value(before)), before
        assert [out.count(one) for one in ("/* c */", "// n")] == [
            before.count(one) for one in ("/* c */", "// n")
        ]
        for step in undo:
            after = applied(after, step)
        assert after == before


def _without_blanks(settings: dict[str, Any]) -> dict[str, Any]:
    """Without lists of hooks that are empty: they mean nothing."""
    table = {name: one for name, one in settings.get("hooks", {}).items() if one}
    return {
        **{name: one for name, one in settings.items() if name != "hooks"},
        **({"hooks": table} if table else {}),
    }

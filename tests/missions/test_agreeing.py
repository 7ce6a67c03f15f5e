"""Missions in, asked or not, run or not out. The person is played."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.repositories.git_shell import opened, repository

from podium.core.missions.file import load_mission
from podium.core.missions.spec import Mission
from podium.core.missions.trust import agreed_terms, is_trusted
from podium.missions.actions import consent as consent_module
from podium.missions.actions.consent import Consent, all_terms, consent

TEXT = """
name = "Try"
max_rounds = 3

[[agents]]
id = "a"
command = ["make", "work"]
prompt = "Work."
"""


class Person:
    """Answers, where there is anybody at all."""

    def __init__(self) -> None:
        self.there = True
        self.says_yes = True
        self.asked = 0

    def agrees(self, _question: str) -> bool:
        self.asked += 1
        return self.says_yes


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Person:
    played = Person()
    monkeypatch.setattr(consent_module, "can_ask", lambda: played.there)
    monkeypatch.setattr(consent_module, "agrees", played.agrees)
    return played


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Mission]:
    def read(text: str) -> Mission:
        (tmp_path / "m.toml").write_text(text)
        return load_mission(tmp_path / "m.toml")

    return read


def asked(mission: Mission, *, yes: bool = False) -> Consent:
    return consent(mission, None, "m.toml", yes)


def test_a_person_is_asked_once_and_again_when_it_may_do_more(
    person: Person, read: Callable[[str], Mission], capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(read(TEXT)) is Consent.GIVEN
    assert person.asked == 1
    assert "make work" in capsys.readouterr().out
    assert asked(read(TEXT)) is Consent.GIVEN
    assert asked(read(TEXT.replace("= 3", "= 2"))) is Consent.GIVEN
    assert person.asked == 1
    assert asked(read(TEXT.replace("= 3", "= 4"))) is Consent.GIVEN
    assert person.asked == 2
    shown = capsys.readouterr().out
    assert "- rounds: 3 at most" in shown
    assert "+ rounds: 4 at most" in shown
    assert "make work" not in shown


def test_a_no_is_a_no_and_is_not_remembered(person: Person, read: Callable[[str], Mission]) -> None:
    person.says_yes = False
    assert asked(read(TEXT)) is Consent.REFUSED
    assert agreed_terms(read(TEXT)) is None
    assert asked(read(TEXT)) is Consent.REFUSED
    assert person.asked == 2


def test_where_nobody_is_nothing_is_agreed_to(
    person: Person, read: Callable[[str], Mission], capsys: pytest.CaptureFixture[str]
) -> None:
    person.there = False
    assert asked(read(TEXT)) is Consent.NOT_ASKED
    assert agreed_terms(read(TEXT)) is None
    assert person.asked == 0
    assert "make work" in capsys.readouterr().err


def test_yes_agrees_without_a_question(person: Person, read: Callable[[str], Mission]) -> None:
    person.there = False
    assert asked(read(TEXT), yes=True) is Consent.GIVEN
    assert asked(read(TEXT)) is Consent.GIVEN
    assert person.asked == 0


def test_all_is_agreed_to_that_was_shown_where_it_really_runs_and_what_git_runs(
    person: Person, read: Callable[[str], Mission], tmp_path: Path
) -> None:
    repository(tmp_path, {"file": "text"})
    mission, isolated = read(TEXT), opened(tmp_path)
    assert consent(mission, isolated, "m.toml", False) is Consent.GIVEN
    assert is_trusted(mission, all_terms(mission, isolated))
    assert not is_trusted(mission, all_terms(mission, None)), "in the folder itself is more"
    hook = tmp_path / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    assert not is_trusted(mission, all_terms(mission, isolated))
    assert consent(mission, isolated, "m.toml", False) is Consent.GIVEN
    assert person.asked == 2

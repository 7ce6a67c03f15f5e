"""Signals in, attention out."""

import pytest

from podium.attention.classifier import HOLD, SILENCE, Classifier
from podium.attention.signals import (
    Answered,
    Attention,
    AttentionState,
    Began,
    Claim,
    Ended,
    Resized,
    Said,
    ScreenSaid,
    Seen,
    Signal,
    Source,
    Wrote,
)
from podium.core.protocol.attention import AgentScreen, Question, QuestionKind, TitleState

ASKED = Question(QuestionKind.PERMISSION, "Do you want to proceed?", "make clean", ("Yes", "No"))
OTHER = Question(QuestionKind.PERMISSION, "Do you want to proceed?", "make", ("Yes", "No"))
PROMPT = AgentScreen("claude", tells=True)
WORKS = AgentScreen("claude", busy=True, tells=True)
ASKS = AgentScreen("claude", ASKED, tells=True)


class Life:
    """A classifier with a clock of its own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.classifier = Classifier()
        self.classifier.on(Began(), self.now)

    def on(self, *signals: Signal) -> AttentionState:
        for signal in signals:
            self.classifier.on(signal, self.now)
        return self.state

    def after(self, seconds: float) -> AttentionState:
        """Let time pass as its owner does: at each deadline, and not before."""
        end = self.now + seconds
        while (due := self.classifier.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.classifier.step(self.now)
            assert self.classifier.next_deadline() != due, "it would be asked again and again"
        self.now = end
        return self.state

    def told(self, source: Source, claim: Claim, question: str = "") -> AttentionState:
        return self.on(Said(source, claim, question))

    @property
    def attention(self) -> Attention:
        return self.classifier.attention

    @property
    def state(self) -> AttentionState:
        return self.classifier.attention.state


@pytest.fixture
def life() -> Life:
    return Life()


def test_nothing_is_known_at_first(life: Life) -> None:
    assert life.state is AttentionState.NONE
    assert life.classifier.next_deadline() is None


def test_output_is_work_and_silence_is_quiet(life: Life) -> None:
    assert life.on(Wrote(5000)) is AttentionState.BUSY
    assert life.after(SILENCE - 0.1) is AttentionState.BUSY
    assert life.after(0.2) is AttentionState.QUIET
    assert life.attention.source is Source.OUTPUT


def test_the_echo_of_typing_is_no_work(life: Life) -> None:
    assert life.on(Wrote(20), Wrote(80)) is AttentionState.NONE


@pytest.mark.parametrize("source", [Source.STATUS, Source.NOTICE, Source.TITLE])
def test_a_question_counts_after_it_stood_for_a_moment(life: Life, source: Source) -> None:
    if source is Source.TITLE:
        life.on(ScreenSaid(AgentScreen("gemini", title=TitleState.WAITING)))
    else:
        life.told(source, Claim.WAITING, "May I?")
    assert life.state is AttentionState.NONE
    assert life.after(HOLD - 0.01) is AttentionState.NONE
    assert life.after(0.02) is AttentionState.WAITING
    assert life.attention.source is source
    assert life.attention.since == 100.0


@pytest.mark.parametrize("source", [Source.EVENTS, Source.HOOK])
def test_who_asks_podium_outright_is_heard_at_once(life: Life, source: Source) -> None:
    assert life.told(source, Claim.WAITING, "May I?") is AttentionState.WAITING
    assert life.attention.question == "May I?"


def test_a_question_that_is_answered_by_itself_alarms_nobody(life: Life) -> None:
    life.told(Source.STATUS, Claim.BUSY)
    life.told(Source.STATUS, Claim.WAITING)
    life.after(HOLD / 2)
    life.told(Source.STATUS, Claim.BUSY)
    assert life.after(5) is AttentionState.BUSY


def test_a_question_on_the_screen_beats_a_tool_that_says_it_works(life: Life) -> None:
    """As codex does: its status is *working* while it asks."""
    life.told(Source.STATUS, Claim.BUSY)
    life.on(ScreenSaid(ASKS))
    assert life.after(HOLD) is AttentionState.WAITING
    assert life.attention.asked == ASKED
    assert life.attention.question == "Do you want to proceed? make clean"
    life.on(ScreenSaid(PROMPT))
    assert life.after(HOLD) is AttentionState.BUSY


def test_a_question_that_is_drawn_again_goes_on_waiting(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(1)
    for _ in range(5):
        life.on(ScreenSaid(PROMPT))
        assert life.after(HOLD / 2) is AttentionState.WAITING
        assert life.attention.asked == ASKED
        life.on(ScreenSaid(ASKS))
    assert life.attention.since == 100.0


def test_what_a_hook_asked_ends_with_the_question_on_the_screen(life: Life) -> None:
    """No hook tells that it was answered."""
    life.told(Source.HOOK, Claim.WAITING, "Bash")
    life.after(0.1)
    life.on(ScreenSaid(ASKS))
    life.after(3)
    life.on(ScreenSaid(WORKS))
    assert life.after(HOLD) is AttentionState.BUSY


def test_a_tool_that_draws_its_work_a_moment_longer_asks_all_the_same(life: Life) -> None:
    """One alarm, not two: a hook is quicker than the screen."""
    life.on(ScreenSaid(PROMPT))
    life.told(Source.HOOK, Claim.WAITING, "Bash")
    life.after(0.2)
    assert life.on(ScreenSaid(WORKS)) is AttentionState.WAITING
    assert life.on(Wrote(50_000)) is AttentionState.WAITING
    life.after(0.3)
    assert life.on(ScreenSaid(ASKS)) is AttentionState.WAITING
    assert (life.attention.source, life.attention.since) == (Source.HOOK, 100.0)


def test_a_tool_that_works_later_on_was_answered_where_no_screen_tells_it(life: Life) -> None:
    life.on(ScreenSaid(PROMPT))
    life.told(Source.HOOK, Claim.WAITING, "Bash")
    life.after(3)
    assert life.on(ScreenSaid(WORKS)) is AttentionState.BUSY


def test_an_answer_ends_what_was_only_told_at_once(life: Life) -> None:
    life.told(Source.HOOK, Claim.WAITING, "Bash")
    assert life.on(Answered()) is not AttentionState.WAITING


def test_an_answer_that_leaves_the_question_there_is_none(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(1)
    assert life.on(Answered()) is AttentionState.WAITING
    assert life.after(60) is AttentionState.WAITING
    assert life.on(ScreenSaid(WORKS)) is AttentionState.BUSY


def test_the_next_question_in_its_place_is_a_new_one(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(30)
    life.on(Answered())
    life.on(ScreenSaid(AgentScreen("claude", OTHER, tells=True)))
    life.after(1)
    assert life.state is AttentionState.WAITING
    assert life.attention.since == 130.0
    assert life.attention.asked == OTHER


def test_much_new_output_ends_a_question_that_nobody_sees(life: Life) -> None:
    life.told(Source.NOTICE, Claim.WAITING, "May I?")
    life.after(1)
    assert life.on(Wrote(3000), Wrote(3000)) is AttentionState.BUSY


def test_a_little_output_does_not(life: Life) -> None:
    """Claude and codex write a little while they wait."""
    life.told(Source.NOTICE, Claim.WAITING, "May I?")
    for _ in range(20):
        life.after(1)
        assert life.on(Wrote(110)) is AttentionState.WAITING


def test_what_is_drawn_anew_in_another_size_is_no_news(life: Life) -> None:
    """A pane that is shown may be larger than when its program asked."""
    life.on(Wrote(5000))
    life.told(Source.HOOK, Claim.WAITING, "May I?")
    life.after(20)
    assert life.on(Resized(), Wrote(9000), Wrote(9000)) is AttentionState.WAITING
    life.after(2.5)
    assert life.on(Wrote(9000)) is AttentionState.BUSY, "it goes on"


def test_a_quiet_program_stays_so_in_another_size(life: Life) -> None:
    life.on(Wrote(5000))
    assert life.after(SILENCE + 1) is AttentionState.QUIET
    assert life.on(Resized(), Wrote(9000)) is AttentionState.QUIET


def test_a_program_that_was_just_started_may_be_resized(life: Life) -> None:
    assert life.on(Resized(), Wrote(9000)) is AttentionState.BUSY


def test_much_output_around_a_question_on_the_screen_does_not_end_it(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(1)
    assert life.on(Wrote(50_000)) is AttentionState.WAITING


def test_a_notice_that_comes_after_the_answer_is_too_late(life: Life) -> None:
    """Some tools notify seconds after they have asked."""
    life.on(ScreenSaid(WORKS))
    life.told(Source.NOTICE, Claim.WAITING, "Claude needs your permission")
    assert life.after(5) is AttentionState.BUSY


def test_a_stronger_source_that_goes_on_answers_for_the_weaker(life: Life) -> None:
    life.told(Source.NOTICE, Claim.WAITING)
    life.after(1)
    assert life.told(Source.STATUS, Claim.BUSY) is AttentionState.BUSY
    life.told(Source.STATUS, Claim.WAITING)
    life.after(1)
    assert life.told(Source.PROGRESS, Claim.BUSY) is AttentionState.WAITING


def test_the_strongest_source_decides(life: Life) -> None:
    life.told(Source.PROGRESS, Claim.FAILED)
    life.told(Source.STATUS, Claim.DONE)
    assert (life.state, life.attention.source) == (AttentionState.DONE, Source.STATUS)
    life.told(Source.STATUS, Claim.NOTHING)
    assert (life.state, life.attention.source) == (AttentionState.FAILED, Source.PROGRESS)


def test_what_begins_to_work_after_it_was_done_works(life: Life) -> None:
    """There is a hook for the end of a turn in more tools than for its beginning."""
    life.told(Source.HOOK, Claim.DONE)
    life.after(5)
    assert life.on(ScreenSaid(WORKS)) is AttentionState.BUSY


def test_what_the_screen_said_before_a_hook_told_of_work_is_old(life: Life) -> None:
    """A tool that loads something at its start is done with that, and then gets a prompt."""
    life.on(ScreenSaid(WORKS))
    life.on(ScreenSaid(PROMPT))
    assert life.after(2) is AttentionState.DONE
    assert life.told(Source.HOOK, Claim.BUSY) is AttentionState.BUSY
    assert life.after(5) is AttentionState.BUSY


def test_a_question_that_is_answered_does_not_mean_that_the_work_was_done(life: Life) -> None:
    """Its screen stops to say that it works while it asks."""
    life.on(ScreenSaid(WORKS))
    life.on(ScreenSaid(ASKS))
    assert life.after(5) is AttentionState.WAITING
    life.on(Answered())
    assert life.on(ScreenSaid(PROMPT)) is not AttentionState.DONE
    assert life.after(HOLD) is not AttentionState.DONE


def test_a_turn_that_a_person_breaks_off_is_over_though_no_hook_says_so(life: Life) -> None:
    life.told(Source.HOOK, Claim.BUSY)
    life.on(ScreenSaid(WORKS))
    life.after(5)
    life.on(ScreenSaid(PROMPT))
    assert life.after(1) is AttentionState.DONE


def test_done_is_news_until_it_is_seen(life: Life) -> None:
    life.on(ScreenSaid(WORKS))
    life.after(5)
    life.on(ScreenSaid(PROMPT))
    assert life.after(1) is AttentionState.DONE
    assert life.after(3600) is AttentionState.DONE
    assert life.on(Seen()) is AttentionState.QUIET


def test_a_shell_that_prompts_again_ends_what_a_tool_in_it_said(life: Life) -> None:
    life.told(Source.PROMPT, Claim.BUSY)
    life.told(Source.STATUS, Claim.BUSY)
    life.told(Source.HOOK, Claim.WAITING)
    assert life.told(Source.PROMPT, Claim.IDLE) is AttentionState.QUIET


def test_an_end_is_done_or_failed_whatever_was_asked(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(1)
    assert life.on(Ended()) is AttentionState.DONE
    assert life.on(Ended(failed=True)) is AttentionState.FAILED
    assert life.on(Seen()) is AttentionState.QUIET
    assert life.on(Began()) is AttentionState.NONE


def test_a_tool_that_says_when_it_works_is_quiet_otherwise(life: Life) -> None:
    life.on(ScreenSaid(PROMPT))
    assert life.on(Wrote(20_000)) is AttentionState.QUIET


@pytest.mark.parametrize("works", [Said(Source.STATUS, Claim.BUSY), ScreenSaid(WORKS)])
def test_silence_says_nothing_of_what_a_stronger_source_tells(life: Life, works: Signal) -> None:
    """And its time is not waited for: a deadline that has passed would be met again and again."""
    life.on(Wrote(5000), works)
    assert life.after(10 * SILENCE) is AttentionState.BUSY
    assert life.classifier.next_deadline() is None


def test_a_question_on_the_screen_says_whose_it_is_until_it_ends(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(HOLD)
    assert (life.attention.asked, life.attention.tool) == (ASKED, "claude")
    life.on(ScreenSaid(AgentScreen()))  # It is drawn again.
    assert (life.attention.asked, life.attention.tool) == (ASKED, "claude")
    life.after(HOLD)
    assert (life.attention.asked, life.attention.tool) == (None, "")


@pytest.mark.parametrize("source", [Source.HOOK, Source.STATUS, Source.NOTICE, Source.PROGRESS])
@pytest.mark.parametrize("claim", [Claim.BUSY, Claim.WAITING])
@pytest.mark.parametrize("next_tool", ["", "codex"])
def test_what_a_tool_said_last_is_over_when_it_has_left_the_terminal(
    life: Life, source: Source, claim: Claim, next_tool: str
) -> None:
    """It was killed, in a shell that marks no prompts; or another one begins."""
    life.on(ScreenSaid(PROMPT), Wrote(500))
    life.told(source, claim, "May I?")
    life.after(1)
    life.on(ScreenSaid(AgentScreen(next_tool)))
    life.after(SILENCE + 1)
    assert life.state is AttentionState.QUIET


def test_that_a_tool_is_done_stays_until_it_is_seen_though_it_has_ended(life: Life) -> None:
    life.on(ScreenSaid(PROMPT), Wrote(500))
    life.told(Source.HOOK, Claim.DONE)
    life.on(ScreenSaid(AgentScreen()))
    assert life.after(SILENCE + 1) is AttentionState.DONE
    life.on(Seen())
    assert life.state is AttentionState.QUIET


def test_what_the_program_itself_says_outlives_the_tools_it_runs(life: Life) -> None:
    life.told(Source.EVENTS, Claim.WAITING, "Which one?")
    life.on(ScreenSaid(PROMPT))
    life.on(ScreenSaid(AgentScreen()))
    assert life.after(1) is AttentionState.WAITING


def test_a_ready_prompt_ends_what_was_only_output(life: Life) -> None:
    """Of aider nothing else is known."""
    assert life.on(Wrote(5000)) is AttentionState.BUSY
    assert life.on(ScreenSaid(AgentScreen("aider", ready=True))) is AttentionState.QUIET
    assert life.attention.source is Source.SCREEN


def test_a_question_that_was_not_answered_after_all_waits_again(life: Life) -> None:
    """Return was pressed, or another tool call goes on, and the question stays."""
    life.on(ScreenSaid(ASKS))
    assert life.after(HOLD) is AttentionState.WAITING
    life.on(Answered())
    assert life.told(Source.HOOK, Claim.BUSY) is AttentionState.BUSY
    # It is drawn once more as it goes: that alone asks nothing.
    assert life.on(ScreenSaid(AgentScreen("claude", ASKED, title=TitleState.BUSY, tells=True))) is (
        AttentionState.BUSY
    )
    assert life.after(2 * HOLD) is AttentionState.BUSY
    assert life.after(2.0) is AttentionState.WAITING
    assert life.attention.asked == ASKED
    life.on(Answered(), ScreenSaid(WORKS))
    assert life.after(2.0) is AttentionState.BUSY


def test_a_question_that_lingers_and_goes_asks_nothing(life: Life) -> None:
    life.on(ScreenSaid(ASKS))
    life.after(HOLD)
    life.on(Answered())
    life.told(Source.HOOK, Claim.BUSY)
    life.after(HOLD)
    life.on(ScreenSaid(WORKS))
    assert life.after(5.0) is AttentionState.BUSY

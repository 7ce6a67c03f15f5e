"""Random input: nothing raises, every cut is the same, the screen's own rules hold, frames tell the truth."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from tests.conftest import Figure
from tests.terminal import fuzz
from tests.terminal.helpers import state
from tests.terminal.inputs import stream
from tests.terminal.mirror import Mirror
from tests.terminal.rules import check_rules

pytestmark = pytest.mark.lengthy

SEED = 20261122


@pytest.mark.fault(38)
@pytest.mark.parametrize("block", range(4))
def test_random_streams_never_raise_and_keep_the_rules(block: int) -> None:
    for number in range(250):
        seed = SEED + block * 1000 + number
        rng = random.Random(seed)
        emulator = Emulator(rng.randint(1, 30), rng.randint(1, 12), rng.choice((0, 5, 50)))
        try:
            for _ in range(6):
                emulator.feed(stream(rng, 15))
                if rng.random() < 0.3:
                    emulator.resize(rng.randint(0, 40), rng.randint(0, 15))
                check_rules(emulator)
            emulator.reset_after_exit()
            check_rules(emulator)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.mark.fault(38)
def test_a_part_of_the_long_run() -> None:
    for seed in range(fuzz.SEED, fuzz.SEED + 1000):
        try:
            fuzz.run_one(seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.fault(38)
@pytest.mark.parametrize("part", range(10))
def test_the_long_run(part: int, figure: Figure) -> None:
    each = fuzz.INPUTS // 10
    first = fuzz.SEED + part * each
    for seed in range(first, first + each):
        try:
            fuzz.run_one(seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
    figure("inputs", (part + 1) * each)


@pytest.mark.fault(37, 38)
def test_every_cut_gives_the_same_state() -> None:
    for number in range(150):
        seed = SEED + number
        rng = random.Random(seed)
        columns, lines = rng.randint(2, 30), rng.randint(1, 10)
        data = stream(rng, 25)
        whole = Emulator(columns, lines, 40)
        whole.feed(data)
        single = Emulator(columns, lines, 40)
        for byte in data:
            single.feed(bytes([byte]))
        cut = Emulator(columns, lines, 40)
        at = 0
        while at < len(data):
            size = rng.randint(1, 20)
            cut.feed(data[at : at + size])
            at += size
        expected = state(whole)
        assert state(single) == expected, f"seed {seed}"
        assert state(cut) == expected, f"seed {seed}"


def test_frames_rebuild_the_screen() -> None:
    for number in range(120):
        seed = SEED + number
        rng = random.Random(seed)
        emulator = Emulator(rng.randint(2, 30), rng.randint(1, 10), 40)
        source = FrameSource(emulator)
        mirror = Mirror()
        assert source.pending
        for step in range(12):
            mirror.apply(source.take(step))
            mirror.check(emulator)
            assert not source.pending, f"seed {seed}"
            emulator.feed(stream(rng, rng.randint(1, 8)))
            if rng.random() < 0.1:
                emulator.resize(rng.randint(2, 30), rng.randint(1, 10))
            if rng.random() < 0.1:
                source, mirror = FrameSource(emulator), Mirror()
                assert source.pending


def test_nothing_pending_means_nothing_changed() -> None:
    for number in range(60):
        rng = random.Random(SEED + number)
        emulator = Emulator(20, 5, 20)
        source = FrameSource(emulator)
        mirror = Mirror()
        for step in range(20):
            if source.pending:
                mirror.apply(source.take(step))
            mirror.check(emulator)
            emulator.feed(stream(rng, 1))


@pytest.mark.fault(38)
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.integers(1, 12), st.integers(1, 6))
def test_any_bytes(data: bytes, columns: int, lines: int) -> None:
    emulator = Emulator(columns, lines, 20)
    emulator.feed(data)
    check_rules(emulator)
    assert len(emulator.take_replies()) <= 64 * max(1, len(data))


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from([b"\x1b[", b";", b"?", b"1", b"99", b"m", b"H", b"r", b"s", b"@", b"P", b"L", b"\x1b",
                              "日".encode(), b"x", b"\n", b"\r", b"$z", b"J"]), max_size=60)
)  # fmt: skip
def test_any_mixture_of_sequence_parts(parts: list[bytes]) -> None:
    emulator = Emulator(7, 3, 5)
    emulator.feed(b"".join(parts))
    check_rules(emulator)


def test_resizing_at_random_loses_no_text() -> None:
    for number in range(80):
        seed = SEED + number
        rng = random.Random(seed)
        emulator = Emulator(rng.randint(2, 40), rng.randint(1, 10), 10_000)
        words = [rng.choice(("x", "word", "日本", "long" * 12, "é", "")) for _ in range(30)]
        emulator.feed("\r\n".join(words).encode())
        for _ in range(6):
            emulator.resize(rng.randint(2, 60), rng.randint(1, 20))
            check_rules(emulator)
            text = emulator.text_between((0, 0), (10**6, 0))
            assert text.rstrip("\n").split("\n")[: len(words)] == "\n".join(words).rstrip("\n").split("\n"), (
                seed
            )


def test_speed_is_not_a_matter_of_the_input() -> None:
    bad = [
        b"e" + "\u0301".encode() * 50_000,
        b"\x1b[" + b"1" * 500_000 + b"m",
        b"\x1b[" + b"1;" * 250_000 + b"m",
        b"\x1b]0;" + b"x" * 1_000_000,
        b"\x1bP" + b"q" * 1_000_000,
        b"x\x1b[2000000000b",
        b"\x1b[2000000000@\x1b[2000000000L\x1b[2000000000S\x1b[2000000000I\x1b[2000000000X\x1b[2000000000P",
        b"\x1b[2000000000M\x1b[2000000000T\x1b[2000000000Z\x1b[2000000000'}\x1b[2000000000'~",
        b"\x1b[12345678901234567890;12345678901234567890H",
        b"\x1b[65;1;1;9999;9999$x" * 20,
    ]
    for data in bad:
        emulator = Emulator(120, 40)
        start = time.process_time()
        for at in range(0, len(data), 16384):
            emulator.feed(data[at : at + 16384])
        # Four times the bound of 250 ms, for slow and busy machines.
        assert time.process_time() - start < 1.0, data[:30]
        check_rules(emulator)

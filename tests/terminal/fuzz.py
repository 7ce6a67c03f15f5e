"""A long run of random input: ``python -m tests.terminal.fuzz [INPUTS] [SEED]``, behind ``make test-fuzz``.

Every input has a seed of its own: the first one and the rate are printed, and the one that failed. Give it as SEED
(with INPUTS 1) to see it again. ``test_fuzz.py`` does a part of this in every test run.
"""

import random
import re
import sys
import time
import traceback

from podium.terminal import Emulator
from tests.terminal.inputs import stream
from tests.terminal.rules import check_rules, check_search

INPUTS = 100_000
SEED = 1
_REPORT_EVERY = 5_000
_OWN_REPLIES = re.compile(
    rb"(\x1b\[[>?=]?[0-9;]*(\$y|[cnRuxmt])|\x1bP(!\||>\||1\$r|0\$r)[ -~]*\x1b\\|\x1b\]7501;\?\x1b\\"
    rb"|\x1bP(0\+r|1\+r[0-9A-F=]+)\x1b\\"
    rb"|\x1b\]([45];\d+|1[0-9]);rgb:[0-9a-f/]+(\x1b\\|\x07)"
    rb"|\x1b\]99;i=[0-9A-Za-z_.+-]+:p=\?;p=title,body,\?(\x1b\\|\x07))*"
)
"""All that may ever be answered, whatever was fed."""


def run_one(seed: int) -> float:
    """Feed one input in random cuts with changes of size; returns the seconds of the slowest feed."""
    rng = random.Random(seed)
    emulator = Emulator(rng.randint(1, 40), rng.randint(1, 12), rng.choice((0, 5, 50)))
    data = stream(rng, rng.randint(1, 40))
    at = 0
    slowest = 0.0
    while at < len(data):
        size = rng.randint(1, 60)
        start = time.perf_counter()
        emulator.feed(data[at : at + size])
        slowest = max(slowest, time.perf_counter() - start)
        at += size
        if rng.random() < 0.05:
            emulator.resize(rng.randint(0, 50), rng.randint(0, 15))
        if rng.random() < 0.05:
            check_search(emulator)
    check_rules(emulator)
    check_search(emulator)
    replies = emulator.take_replies()
    assert _OWN_REPLIES.fullmatch(replies), replies
    emulator.reset_after_exit()
    check_rules(emulator)
    return slowest


def main(inputs: int, first: int) -> int:
    print(f"{inputs} inputs, seeds {first} to {first + inputs - 1}", flush=True)
    start = time.monotonic()
    slowest, slowest_seed = 0.0, first
    for done in range(inputs):
        seed = first + done
        try:
            seconds = run_one(seed)
        except Exception:
            traceback.print_exc()
            print(f"seed {seed} failed")
            return 1
        if seconds > slowest:
            slowest, slowest_seed = seconds, seed
        if (done + 1) % _REPORT_EVERY == 0:
            rate = (done + 1) / (time.monotonic() - start)
            print(f"{done + 1} done, up to seed {seed}, {rate:.0f} a second", flush=True)
    print(f"none failed; the slowest feed took {slowest * 1000:.0f} ms (seed {slowest_seed})")
    return 0


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    sys.exit(main(*given, *(INPUTS, SEED)[len(given) :]))

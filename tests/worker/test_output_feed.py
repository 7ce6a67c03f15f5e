"""Bytes in, steps out: what a step leaves waits for the next one."""

from podium.worker.output_feed import DRAIN_BYTES, STEP_SECONDS, OutputFeed


class Slow:
    """An emulator that takes ``cost`` seconds a byte and looks at the clock after every ten."""

    def __init__(self, cost: float) -> None:
        self.cost = cost
        self.now = 100.0
        self.fed = b""

    def feed(self, data: bytes, until: float) -> int:
        consumed = 0
        while consumed < len(data):
            piece = data[consumed : consumed + 10]
            self.fed += piece
            self.now += self.cost * len(piece)
            consumed += len(piece)
            if self.now >= until:
                break
        return consumed


def run(cost: float, data: bytes) -> tuple[Slow, int]:
    slow = Slow(cost)
    output = OutputFeed(slow.feed, lambda: slow.now)
    output.put(data, program_ended=False)
    steps = 0
    while output.pending:
        before = slow.now
        output.step()
        assert slow.now - before <= STEP_SECONDS + 10 * cost
        steps += 1
    return slow, steps


def test_everything_is_fed_once_in_order() -> None:
    data = bytes(range(256)) * 30
    for cost in (0.0, 1e-7, 1e-4):
        assert run(cost, data)[0].fed == data


def test_cheap_output_takes_one_step_and_costly_output_many() -> None:
    assert run(0.0, bytes(100_000))[1] == 1
    assert run(1e-5, bytes(50_000))[1] > 20


def test_an_empty_feed_takes_no_step() -> None:
    slow, steps = run(1.0, b"")
    assert (slow.fed, steps) == (b"", 0)


def test_more_is_read_only_when_nothing_waits_and_the_terminal_is_open() -> None:
    slow = Slow(1.0)
    output = OutputFeed(slow.feed, lambda: slow.now)
    assert output.wants_more
    output.put(b"x" * 20, program_ended=False)
    assert not output.wants_more
    output.step()
    output.step()
    assert output.wants_more
    output.put(None, program_ended=False)
    assert not output.wants_more
    output.begin()
    assert output.wants_more


def test_a_programs_output_is_exhausted_when_a_read_gives_nothing_more() -> None:
    slow = Slow(0.0)
    output = OutputFeed(slow.feed, lambda: slow.now)
    output.put(b"last words", program_ended=True)
    output.step()
    assert not output.exhausted, "nobody knows yet whether there is more"
    output.put(b"", program_ended=True)
    assert output.exhausted


def test_of_an_ended_program_only_so_much_is_read() -> None:
    output = OutputFeed(lambda data, _: len(data), lambda: 0.0)
    for ended in (False, True):
        for _ in range(DRAIN_BYTES // 2**20 + 1):
            assert not output.exhausted
            output.put(bytes(2**20), program_ended=ended)
            output.step()
    assert output.exhausted

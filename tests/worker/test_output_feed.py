"""Bytes in, slices out; the clock says what a slice cost."""

from podium.worker.output_feed import TURN_SECONDS, OutputFeed


class Slow:
    """An emulator that takes ``cost`` seconds a byte."""

    def __init__(self, cost: float) -> None:
        self.cost = cost
        self.now = 0.0
        self.slices: list[bytes] = []
        self.flooded: list[bytes] = []
        self.share = 0.0
        """How much of all that waits goes the short way."""

    def feed(self, data: bytes) -> None:
        self.slices.append(data)
        self.now += self.cost * len(data)

    def flood(self, data: bytes) -> int:
        taken = int(len(data) * self.share)
        self.flooded.append(data[:taken])
        return taken


def run(cost: float, data: bytes, share: float = 0.0) -> tuple[Slow, int]:
    slow = Slow(cost)
    slow.share = share
    output = OutputFeed(slow.feed, slow.flood, lambda: slow.now)
    output.put(data)
    turns = 0
    while output.pending:
        output.turn()
        turns += 1
    return slow, turns


def test_everything_is_fed_once_in_order() -> None:
    data = bytes(range(256)) * 300
    for cost in (0.0, 1e-7, 1e-4):
        assert b"".join(run(cost, data)[0].slices) == data


def test_what_a_flood_takes_is_not_fed_again() -> None:
    data = bytes(range(256)) * 300
    for share in (0.3, 1.0):
        slow, _ = run(1e-7, data, share)
        assert b"".join(slow.flooded) + b"".join(slow.slices) == data
        assert len(slow.flooded[0]) == int(len(data) * share)


def test_cheap_output_goes_in_big_slices_and_one_turn() -> None:
    slow, turns = run(0.0, bytes(100_000))
    assert turns == 1
    assert len(slow.slices) < 12


def test_costly_output_goes_in_slices_of_about_a_turn() -> None:
    slow, turns = run(1e-5, bytes(50_000))
    assert turns > 20
    assert max(len(piece) for piece in slow.slices[5:]) * 1e-5 <= TURN_SECONDS * 2

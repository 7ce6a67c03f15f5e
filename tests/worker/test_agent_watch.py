"""A screen and the tool that has the terminal in, what the tool says out."""

from collections.abc import Collection

from podium.core.protocol.attention import AgentMarks, AgentScreen, Marks
from podium.core.protocol.reports import Report
from podium.terminal import Emulator
from podium.worker.observers.agent_watch import AgentWatch

MARKS = AgentMarks({"claude": Marks(busy=("esc to interrupt",))})


class Terminal:
    """A watch with a clock of its own, over a terminal that ``tool`` has."""

    def __init__(self) -> None:
        self.now = 100.0
        self.tool = ""
        self.said: list[AgentScreen] = []
        self.emulator = Emulator(80, 24)
        self.watch = AgentWatch(self.emulator, self._take, lambda: self.now, self._running)
        self.watch.use(MARKS)

    def writes(self, text: bytes) -> None:
        self.emulator.feed(text)
        self.watch.on_output()

    def wait(self) -> None:
        """Until nothing is left to be done."""
        for _ in range(10):
            due = self.watch.next_deadline()
            if due is None:
                return
            self.now = max(self.now, due)
            self.watch.step()
        raise AssertionError("It looks again and again.")

    def _take(self, report: Report) -> None:
        assert isinstance(report, AgentScreen)
        self.said.append(report)

    def _running(self, tools: Collection[str]) -> str:
        return self.tool if self.tool in tools else ""


def test_a_tool_that_came_since_it_was_looked_for_is_known_without_more_output() -> None:
    terminal = Terminal()
    terminal.writes(b"$ claude")
    terminal.wait()
    terminal.tool = "claude"
    terminal.writes(b"\r\nesc to interrupt")
    terminal.wait()
    assert (terminal.said[-1].tool, terminal.said[-1].busy) == ("claude", True)


def test_a_tool_that_left_since_is_not_believed_for_long() -> None:
    terminal = Terminal()
    terminal.tool = "claude"
    terminal.writes(b"esc to interrupt")
    terminal.wait()
    terminal.tool = ""
    terminal.writes(b"\r\n$ ")
    terminal.wait()
    assert terminal.said[-1] == AgentScreen()

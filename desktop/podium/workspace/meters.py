"""Meters of an instance in words: the same text in the pane bar, the sidebar, the summary and the API."""

from podium.core.protocol.reports import ProgressState
from podium.workspace.views import InstanceView


def round_text(view: InstanceView) -> str:
    """``Round 3/8``; "" for what has no rounds."""
    if view.round is None:
        return ""
    return f"Round {view.round}/{view.max_rounds}" if view.max_rounds else f"Round {view.round}"


def agents_text(view: InstanceView) -> str:
    """``2 agents`` (those at work now, else all of the mission's); "" without agents."""
    count = view.agents_running or view.agents_total
    if not count:
        return ""
    return "1 agent" if count == 1 else f"{count} agents"


def attempt_text(view: InstanceView) -> str:
    """``attempt 2 of 5`` while it restarts; else ""."""
    return f"attempt {view.attempt} of {view.attempts}" if view.attempt else ""


def cost_text(view: InstanceView) -> str:
    """``$1.42``, ``$0.31 simulated``, ``$0.07 est.``; ``–`` when agents work and nobody tells what they cost, "" for
    what has no agents.
    """
    if view.cost_usd is None:
        return "–" if view.agents_worked or view.tokens_out else ""
    mark = " simulated" if view.cost_simulated else " est." if view.cost_estimated else ""
    return f"${view.cost_usd:.2f}{mark}"


def time_text(seconds: float | None) -> str:
    """``0:07``, ``17:46``, ``1:02:33``; "" for None."""
    if seconds is None:
        return ""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def blocked_text(seconds: float, word: str = " blocked") -> str:
    """``45 s blocked``, ``18 min blocked``, ``2 h 05 min blocked``; "" for less than a second."""
    if seconds < 1:
        return ""
    minutes = int(seconds) // 60
    if not minutes:
        return f"{int(seconds)} s{word}"
    hours, minute = divmod(minutes, 60)
    return f"{hours} h {minute:02} min{word}" if hours else f"{minutes} min{word}"


def task_progress(view: InstanceView) -> float | None:
    """The share that the program says is done, 0–1, the whole while it does not know; None while it says nothing."""
    match view.task.state:
        case ProgressState.NONE:
            return None
        case ProgressState.UNKNOWN:
            return 1.0
    return view.task.percent / 100

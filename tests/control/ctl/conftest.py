"""A real ``podium serve`` with real programs, for the author of a script."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.control.ctl.helpers import ctl_here
from tests.control.running import Running


@pytest.fixture
def alone(run: Callable[[], Running]) -> Running:
    """A Podium for one test: the test ends it, or is about where it serves."""
    return run()


@pytest.fixture
def podium(shared_podium: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """One for all tests, without instances. Its ``ctl`` runs in this process; ``ctl`` below is the real command."""
    monkeypatch.setattr(shared_podium, "ctl", partial(ctl_here, shared_podium))
    yield shared_podium
    for info in shared_podium.get("/api/orchestrator/instances")["instances"]:
        shared_podium.post(f"/api/orchestrator/{info['id']}/stop")
        shared_podium.wait_for(info["id"], exit=True)
        assert shared_podium.status("DELETE", f"/api/orchestrator/{info['id']}") == 200

"""What all tests share: Qt without a screen, and nothing of the person's own settings."""

import os
from pathlib import Path

import pytest

# Before anything imports Qt. The tests in a real window start the app as a subprocess with a display of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a home of its own, so none reads or writes the person's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in tuple(os.environ):
        if name.startswith("PODIUM_"):
            monkeypatch.delenv(name)
    return home

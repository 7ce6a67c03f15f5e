"""From the arguments to Qt."""

import subprocess
import sys

import pytest


def test_what_is_loaded_before_qt_is_free_of_it() -> None:
    code = (
        "import importlib, sys\n"
        "from podium.app.main import main\n"
        "for name in sys.modules['podium.app.main'].WITHOUT_QT:\n"
        "    importlib.import_module(name)\n"
        "    assert 'PySide6' not in sys.modules, name\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


_WATCHED = """
import sys, threading
from PySide6.QtCore import QTimer
from podium.app.startup import window_session
from podium.app.startup.arguments import parse

class Watch:
    on = False
    def find_spec(self, name, path=None, target=None):
        if self.on and name.startswith("podium.") and threading.current_thread() is threading.main_thread():
            print(name)

class Session(window_session.WindowSession):
    def open(self):
        self.served = False
        self.control.served.connect(lambda _: setattr(self, "served", True))
        timer = QTimer(self)
        timer.timeout.connect(self.quit_when_loaded)
        timer.start(10)
        watch.on = True
        super().open()

    def quit_when_loaded(self):
        if self.served and "podium.app.logs.log_files" in sys.modules:
            watch.on = False
            self.quit()

watch = Watch()
sys.meta_path.insert(0, watch)
window_session.WindowSession = Session
sys.exit(window_session.run_window(parse(["run", "--", "true"]), ()))
"""


def test_nothing_is_loaded_on_the_windows_thread_once_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """What loads late (logs, the control API) loads beside it: it would hold up the window for many frames."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    ran = subprocess.run([sys.executable, "-c", _WATCHED], check=True, capture_output=True, text=True)
    assert ran.stdout == ""

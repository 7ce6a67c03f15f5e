"""From the arguments to Qt."""

import subprocess
import sys


def test_what_is_loaded_before_qt_is_free_of_it() -> None:
    code = (
        "import importlib, sys\n"
        "from podium.app.main import main\n"
        "for name in sys.modules['podium.app.main'].WITHOUT_QT:\n"
        "    importlib.import_module(name)\n"
        "    assert 'PySide6' not in sys.modules, name\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

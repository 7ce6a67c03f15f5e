"""A picture on the clipboard in, a private file and its quoted path out, where a tool runs that takes one."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.config.settings import Pasting, Settings
from podium.core.protocol.requests import Paste
from podium.ui.commands import picture_paste
from podium.ui.terminal.input.clipboard import has_picture
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "it's here"
    monkeypatch.setattr(picture_paste, "pictures_folder", lambda: folder)
    return folder


def copy(**parts: bytes | str | QImage) -> None:
    data = QMimeData()
    for kind, part in parts.items():
        if isinstance(part, QImage):
            data.setImageData(part)
        elif isinstance(part, bytes):
            data.setData(f"image/{kind}", part)
        else:
            data.setText(part)
    QGuiApplication.clipboard().setMimeData(data)


def pasted(workspace: FakeWorkspace) -> list[str]:
    return [request.text for _, request in workspace.sent if isinstance(request, Paste)]


def red() -> QImage:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def test_a_picture_goes_into_a_tool_by_its_path(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, folder: Path
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.jobs[id] = "claude"
    window = make_window()
    copy(image=red())
    window._commands.run(CommandId.PASTE)
    qtbot.waitUntil(lambda: bool(pasted(workspace)))
    [file] = folder.iterdir()
    shown = QImage(str(file))
    assert (shown.width(), shown.height(), shown.pixelColor(1, 1)) == (3, 2, QColor("red"))
    quoted = str(file).replace("'", "'\"'\"'")
    assert pasted(workspace) == [f"'{quoted}' "]


def test_a_png_stays_as_it_is(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, folder: Path
) -> None:
    workspace.jobs[workspace.add("a", state=InstanceState.RUNNING)] = "codex"
    window = make_window()
    copy(png=b"\x89PNG and the rest", image=red())
    window._commands.run(CommandId.PASTE)
    qtbot.waitUntil(lambda: bool(pasted(workspace)))
    assert [file.read_bytes() for file in folder.iterdir()] == [b"\x89PNG and the rest"]


@pytest.mark.parametrize(("job", "tools"), [("", ("claude",)), ("vim", ("claude",)), ("claude", ())])
def test_elsewhere_it_is_told_that_nothing_takes_it(
    make_window: MakeWindow, workspace: FakeWorkspace, folder: Path, job: str, tools: tuple[str, ...]
) -> None:
    workspace.jobs[workspace.add("a", state=InstanceState.RUNNING)] = job
    window = make_window()
    window.apply_settings(Settings(paste=Pasting(image_tools=tools)))
    copy(image=red())
    window._commands.run(CommandId.PASTE)
    assert "the picture was not pasted" in " ".join(window.toasts.texts())
    assert pasted(workspace) == []
    assert not folder.exists()


def test_text_goes_before_a_picture(make_window: MakeWindow, workspace: FakeWorkspace, folder: Path) -> None:
    workspace.jobs[workspace.add("a", state=InstanceState.RUNNING)] = "claude"
    window = make_window()
    copy(text="ls", image=red())
    window._commands.run(CommandId.PASTE)
    assert pasted(workspace) == ["ls"]


def test_one_that_can_not_be_saved_is_told(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, folder: Path
) -> None:
    folder.write_text("in the way")
    workspace.jobs[workspace.add("a", state=InstanceState.RUNNING)] = "claude"
    window = make_window()
    copy(image=red())
    window._commands.run(CommandId.PASTE)
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    assert pasted(workspace) == []


def test_a_clipboard_that_was_never_used_holds_no_picture(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QClipboard, "mimeData", lambda _clipboard: None)
    assert not has_picture()

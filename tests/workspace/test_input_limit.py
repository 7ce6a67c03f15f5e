"""Input in, nothing or a refusal in words out."""

import pytest
from pytestqt.qtbot import QtBot

from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.requests import MAX_INPUT_BYTES, KeyInput, Paste, RawInput, Request
from podium.workspace.input_limit import input_error
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        (Paste("x" * MAX_INPUT_BYTES), False),
        (Paste("x" * (MAX_INPUT_BYTES + 1)), True),
        (Paste("ż" * (MAX_INPUT_BYTES // 2)), False),
        (Paste("ż" * (MAX_INPUT_BYTES // 2 + 1)), True),
        (Paste("\ud800"), False),
        (RawInput(b"x" * (MAX_INPUT_BYTES + 1)), True),
        (KeyInput("A", "a"), False),
    ],
    ids=["fits", "one too many", "fits in UTF-8", "too many in UTF-8", "half a character", "bytes", "a key"],
)
def test_one_mib_is_the_most(request_: Request, refused: bool) -> None:
    assert (input_error(request_) is not None) is refused


def test_what_is_too_much_reaches_no_session_and_is_told(qtbot: QtBot) -> None:
    backend = FakeBackend()
    workspace = Workspace(backend.hub, {})
    workspace.create(InstanceSpec("a", "build", Kind.COMMAND, ThemeName.ROSE, "/", ("make",)))
    backend.run("a")
    said: list[str] = []
    workspace.error_reported.connect(said.append)
    workspace.send("a", Paste("x" * 3 * MAX_INPUT_BYTES))
    assert backend.requests("a", Paste) == []
    [message] = said
    assert message.startswith("build: 3.0 MiB are too much at once")
    assert "Put the text in a file" in message
    workspace.deleteLater()

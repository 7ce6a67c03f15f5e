"""Links of a terminal in the window: looked up, asked about, opened, copied, and never run."""

import os
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.config.settings import Links, Settings, Terminal
from podium.core.editors import Editor
from podium.core.ids import InstanceId
from podium.core.instances import Kind, RestartWhen
from podium.core.links.targets import CommitLink, FileLink, Target, WebLink
from podium.core.protocol.requests import KeyInput
from podium.ui.commands.file_opening import FileFacts, Opening, Way, decide, look_at, start_detached
from podium.ui.commands.links import MOST_TRUSTED
from podium.ui.dialogs.links import LinkDialog
from podium.ui.main_window import MainWindow
from podium.ui.panes.link_box import LinkBox
from podium.ui.terminal.input.clipboard import read_clipboard
from podium.ui.theme.palette import ThemeManager
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, opened, terminal_of

URL = "https://example.org/a"


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the desktop to be opened."""
    addresses: list[str] = []

    def open_url(url: object) -> bool:
        addresses.append(url.toString())  # type: ignore[attr-defined]
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return addresses


@pytest.fixture
def window(make_window: MakeWindow, workspace: FakeWorkspace) -> MainWindow:
    workspace.add("s", state=InstanceState.RUNNING)
    return make_window()


def use(window: MainWindow, editor: Editor = Editor.SYSTEM, ask: bool = True) -> None:
    window.apply_settings(Settings(links=Links(editor, ask)))


def open_link(window: MainWindow, target: Target) -> None:
    window.pane_area.link_activated.emit(target)


def text_of(sheet: LinkDialog) -> str:
    return "\n".join(label.text() for label in sheet.findChildren(QLabel)).replace("\u200b", "")


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_link_is_opened_when_that_was_confirmed_alone(
    window: MainWindow, went: list[str], confirmed: bool
) -> None:
    open_link(window, WebLink(URL))
    sheet = opened(window, LinkDialog)
    assert went == []
    (sheet.confirm if confirmed else sheet.cancel).click()
    assert went == ([URL] if confirmed else [])
    assert window.link_hosts() == ()


def test_a_host_can_be_agreed_to_for_good(window: MainWindow, went: list[str]) -> None:
    saved: list[tuple[str, ...]] = []
    window.appearance_changed.connect(lambda: saved.append(window.appearance().link_hosts))
    open_link(window, WebLink(URL))
    sheet = opened(window, LinkDialog)
    sheet._always.setChecked(True)
    sheet.confirm.click()
    assert saved[-1] == ("example.org",)
    open_link(window, WebLink("https://EXAMPLE.org/b"))
    assert went == [URL, "https://example.org/b"]
    for other in ("https://evil.example.org/", "https://example.org@evil.org/", "mailto:a@example.org"):
        open_link(window, WebLink(other))
        opened(window, LinkDialog).cancel.click()
    assert len(went) == 2


def test_a_refusal_is_not_remembered_and_the_hosts_are_few(window: MainWindow, went: list[str]) -> None:
    open_link(window, WebLink(URL))
    sheet = opened(window, LinkDialog)
    sheet._always.setChecked(True)
    sheet.cancel.click()
    assert window.link_hosts() == ()
    window.set_link_hosts(tuple(f"h{number}.org" for number in range(MOST_TRUSTED)))
    open_link(window, WebLink(URL))
    sheet = opened(window, LinkDialog)
    sheet._always.setChecked(True)
    sheet.confirm.click()
    assert len(window.link_hosts()) == MOST_TRUSTED
    assert window.link_hosts()[-1] == "example.org"


def test_the_setting_asks_about_none_and_bad_addresses_are_never_opened(
    window: MainWindow, went: list[str]
) -> None:
    use(window, ask=False)
    for bad in ("javascript:alert(1)", "file:///etc/passwd\n", "ssh://x", "https://", "mailto:a@b?attach=/x"):
        open_link(window, WebLink(bad))
    assert went == []
    open_link(window, WebLink(URL))
    assert went == [URL]


def test_a_text_that_names_another_host_is_told_in_the_question(themes: ThemeManager, qtbot: QtBot) -> None:
    host = QLabel()
    qtbot.addWidget(host)
    sheet = LinkDialog(themes, host, "https://evil.org/a", "www.good.org")
    assert "It leads to evil.org. The text of the link says “www.good.org”." in text_of(sheet)
    assert "says" not in text_of(LinkDialog(themes, host, URL, "the docs"))
    assert not LinkDialog(themes, host, "mailto:a@b.c")._always.isVisibleTo(host)


def facts(path: Path) -> FileFacts:
    return look_at(str(path))


def test_a_file_is_judged_by_what_it_is(tmp_path: Path) -> None:
    text, script, binary = tmp_path / "a.py", tmp_path / "b.sh", tmp_path / "c"
    text.write_text("x")
    script.write_text("#!/bin/sh")
    script.chmod(0o755)
    binary.write_bytes(b"\x7fELF\0\0")
    binary.chmod(0o755)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "app.desktop").write_text("[Desktop Entry]")
    assert facts(text) == FileFacts(True, is_text=True)
    assert facts(script) == FileFacts(True, is_text=True, is_runnable=True)
    assert facts(tmp_path / "app.desktop").is_runnable
    assert not facts(binary).is_text
    assert facts(tmp_path) == FileFacts(True, is_folder=True)
    assert not facts(tmp_path / "pipe").exists, "and nobody waits for one who writes to it"
    assert not facts(tmp_path / "gone").exists


TEXT, RUNNABLE = FileFacts(True, is_text=True), FileFacts(True, is_text=True, is_runnable=True)


@pytest.mark.parametrize(
    ("editor", "found", "way", "folder"),
    [
        (Editor.VIM, FileFacts(False), Way.GONE, ""),
        (Editor.VIM, FileFacts(True, is_folder=True), Way.FOLDER_VIEW, "/srv/a"),
        (Editor.SYSTEM, FileFacts(True, is_runnable=True), Way.FOLDER_VIEW, "/srv"),
        (Editor.VIM, FileFacts(True), Way.FOLDER_VIEW, "/srv"),
        (Editor.SYSTEM, TEXT, Way.USUAL_APP, ""),
        (Editor.SYSTEM, RUNNABLE, Way.FOLDER_VIEW, "/srv"),
    ],
)
def test_nothing_that_could_run_is_handed_to_the_desktop(
    editor: Editor, found: FileFacts, way: Way, folder: str
) -> None:
    opening = decide("/srv/a", 3, 5, editor, {"PATH": "/nowhere"}, found)
    assert (opening.way, opening.folder) == (way, folder)


def program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$PWD" > "$0.args"\n')
    path.chmod(0o755)
    return path


def test_an_editor_is_found_on_the_programs_path_and_never_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vim = program(tmp_path, "vim")
    found = decide("/srv/a", 3, 5, Editor.VIM, {"PATH": str(tmp_path)}, TEXT)
    assert found == Opening(Way.EDITOR, argv=(str(vim), "+call cursor(3,5)", "/srv/a"), in_terminal=True)
    assert decide("/srv/a", 3, 5, Editor.SYSTEM, {"PATH": str(tmp_path), "EDITOR": "vim"}, RUNNABLE) == found
    monkeypatch.chdir(tmp_path)
    assert decide("/srv/a", 0, 0, Editor.VIM, {"PATH": ".:"}, TEXT).missing == "vim"
    assert decide("/srv/a", 0, 0, Editor.EDITOR, {"PATH": str(tmp_path)}, TEXT).missing == "$EDITOR"


@pytest.mark.parametrize("name", ["a.py", "-x;$(touch gone) 'y\".py"])
def test_an_editor_of_its_own_window_gets_the_place_as_words(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace, tmp_path: Path, name: str
) -> None:
    code = program(tmp_path, "code")
    workspace.variables = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    file = tmp_path / name
    file.write_text("text")
    use(window, Editor.VSCODE)
    open_link(window, FileLink(str(file), 3, 5))
    written = Path(f"{code}.args")
    qtbot.waitUntil(lambda: written.exists() and written.read_text().count("\n") == 3)
    assert written.read_text() == f"--goto\n{file}:3:5\n{tmp_path}\n"
    assert not (tmp_path / "gone").exists()
    assert window.toasts.texts() == ()


def test_an_editor_in_a_terminal_is_a_new_instance_that_is_not_restarted(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    vim = program(tmp_path, "vim")
    workspace.variables = {"PATH": str(tmp_path)}
    file = tmp_path / "a.py"
    file.write_text("text")
    use(window, Editor.VIM)
    open_link(window, FileLink(str(file), 7))
    qtbot.waitUntil(lambda: len(workspace.ids()) == 2)
    spec = workspace.view(workspace.ids()[1]).spec
    assert (spec.kind, spec.name, spec.folder) == (Kind.COMMAND, "vim a.py", str(tmp_path))
    assert spec.command == (str(vim), "+call cursor(7,1)", str(file))
    assert spec.policy.restart is RestartWhen.NEVER
    assert workspace.arrangement.current == spec.id


@pytest.mark.parametrize(
    ("editor", "name", "content", "said"),
    [
        (Editor.JETBRAINS, "a.py", "x", "There is no “idea” on the PATH."),
        (Editor.EDITOR, "a.py", "x", "EDITOR names no editor."),
        (Editor.VIM, "gone.py", None, "is not there any more."),
    ],
)
def test_what_cannot_be_opened_is_said(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    editor: Editor,
    name: str,
    content: str | None,
    said: str,
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    use(window, editor)
    open_link(window, FileLink(str(tmp_path / name)))
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    assert said in window.toasts.texts()[0]


def test_the_desktop_opens_texts_and_folders_alone(
    qtbot: QtBot, window: MainWindow, went: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "tool").write_bytes(b"\x7fELF\0")
    (tmp_path / "tool").chmod(0o755)
    (tmp_path / "run.sh").write_text("#!/bin/sh")
    (tmp_path / "run.sh").chmod(0o755)
    for number, name in enumerate(("a.txt", "tool", "run.sh", ""), start=1):
        open_link(window, FileLink(str(tmp_path / name)))
        qtbot.waitUntil(partial(lambda number: len(went) == number, number))
    folder = f"file://{tmp_path}"
    assert went == [f"{folder}/a.txt", folder, folder, folder]


def test_a_program_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "code"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    assert not start_detached((str(broken),), str(tmp_path), {})


def test_a_commit_shows_in_an_instance_that_is_used_again(
    window: MainWindow, workspace: FakeWorkspace
) -> None:
    commit = CommitLink("0123456789abcdef0123456789abcdef01234567", "/srv/atlas")
    open_link(window, commit)
    [_, made] = workspace.ids()
    spec = workspace.view(made).spec
    assert (spec.name, spec.folder, spec.kind) == ("git show 0123456789", "/srv/atlas", Kind.COMMAND)
    assert spec.command[0] == "git"
    assert spec.command[-2:] == (commit.id, "--")
    assert {"--no-ext-diff", "--no-textconv"} <= set(spec.command)
    assert spec.environment["GIT_PAGER"] == "less -FRX"
    workspace.arrangement.select(workspace.ids()[0])
    open_link(window, commit)
    assert len(workspace.ids()) == 2
    assert workspace.arrangement.current == made
    assert workspace.calls[-1] == ("start", made)


def test_the_menu_is_about_the_link_under_the_pointer(
    window: MainWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = window._commands.links
    terminal = terminal_of(window, workspace.ids()[0])
    assert links.menu(workspace.ids()[0]) is None
    for target, ways in (
        (WebLink(URL), []),
        (CommitLink("a" * 40, "/"), []),
        (FileLink("/srv", is_folder=True), []),
        (FileLink("/srv/a"), ["The usual app", "VS Code", "JetBrains", "vim", "$EDITOR", "Show in folder"]),
    ):
        monkeypatch.setattr(type(terminal.links), "pointed", target)
        made = links.menu(workspace.ids()[0])
        assert made is not None
        assert [title for title, _ in made.open_with] == ways
        view = workspace.view(workspace.ids()[0])
        menu = window._menus.maker().terminal_menu(view, print, print, made)
        titles = [action.text() for action in menu.actions()]
        assert titles[:2] == ["Open", "Copy link"]
        assert ("Open with…" in titles) is bool(ways)
        menu.actions()[1].trigger()
        assert read_clipboard() == target[0]


def test_terminals_are_answered_and_their_links_copied(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    (tmp_path / "x.py").write_text("")
    id = workspace.add("files", folder=str(tmp_path))
    workspace.arrangement.select(id)
    workspace.show_text(id, "x.py:3 gone.py\nhttps://example.org/a")
    terminal = terminal_of(window, id)
    window._commands.run(CommandId.MARK_LINKS)
    qtbot.waitUntil(lambda: len(terminal.links._hints.matching()) == 2)
    assert [hint.link.target for hint in terminal.links._hints.matching()] == [
        FileLink(str(tmp_path / "x.py"), 3),
        WebLink(URL),
    ]
    QTest.keyClick(terminal, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert read_clipboard() == URL
    assert "Link copied" in window.toasts.texts()
    assert not any(isinstance(request, KeyInput) for _, request in workspace.sent)


def test_no_links_are_said_and_word_characters_reach_every_terminal(
    qtbot: QtBot, window: MainWindow, workspace: FakeWorkspace
) -> None:
    [id] = workspace.ids()
    workspace.show_text(id, "nothing")
    window._commands.run(CommandId.MARK_LINKS)
    assert "There are no links in sight." in window.toasts.texts()
    window.apply_settings(Settings(terminal=Terminal(word_characters="-")))
    later = terminal_of(window, workspace.add("later"))
    for terminal in (terminal_of(window, id), later):
        assert terminal._state.selection.word_characters == "-"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (WebLink("https://ci.example.org/runs/1", "run 1"), "Opens https://ci.example.org/runs/1 Ctrl click"),
        (WebLink("https://evil.org/a", "good.org"), "goes to evil.org Opens https://evil.org/a Ctrl click"),
        (
            WebLink("https://good.org@evil.org/"),
            "goes to evil.org Opens https://good.org@evil.org/ Ctrl click",
        ),
        (FileLink("/srv/a.py", 3, 5), "Opens /srv/a.py:3:5 Ctrl click"),
        (FileLink("/srv", is_folder=True), "Shows /srv Ctrl click"),
        (CommitLink("0123456789abcdef", "/srv"), "Runs git show 0123456789 Ctrl click"),
    ],
)
def test_the_box_says_where_a_link_leads(
    themes: ThemeManager, window: MainWindow, target: Target, said: str
) -> None:
    area = window.pane_area
    box = LinkBox(themes, area)
    box.show_target(target, QRect(20, 20, 60, 18), ("Ctrl",))
    assert box.text == said
    assert box.y() > 38
    assert area.rect().contains(box.geometry())
    assert not box.grab().isNull()


def test_the_box_stays_in_the_window(themes: ThemeManager, window: MainWindow) -> None:
    area = window.pane_area
    box = LinkBox(themes, area)
    far = QRect(area.width() - 10, area.height() - 20, 60, 18)
    box.show_target(WebLink(URL + "a" * 2000), far, ("Ctrl", "Shift"))
    assert area.rect().contains(box.geometry())
    assert box.geometry().bottom() < far.top()


def test_the_box_comes_and_goes_with_the_link(window: MainWindow, workspace: FakeWorkspace) -> None:
    [id] = workspace.ids()
    box = window.pane_area._link_box
    links = terminal_of(window, InstanceId(id)).links
    links.told.emit(WebLink(URL), QRect(10, 8, 80, 18))
    assert box.isVisible()
    links.told.emit(None, QRect())
    assert not box.isVisible()

"""Shells as Podium starts them, in a terminal: start-up files in, marks and an unchanged shell out."""

import os
import re
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.marks import MarkKind
from podium.core.shell_integration import marking_shell, with_integration
from podium.terminal import Emulator
from podium.workspace.launch import can_mark_prompts, start_request

ptyprocess = pytest.importorskip("ptyprocess")

PROMPT, CONTINUATION, INPUT = MarkKind.PROMPT, MarkKind.CONTINUATION, MarkKind.INPUT
OUTPUT, DONE, FOLDER = MarkKind.OUTPUT, MarkKind.DONE, MarkKind.FOLDER
SHELLS = ("bash", "zsh", "fish")
RC = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


class Shell:
    """A shell in a terminal of 60 × 40; each line is typed when the prompt before it is there."""

    def __init__(
        self, argv: tuple[str, ...], home: Path, files: Mapping[str, str] = {}, *, marked: bool = True,
        **variables: str,
    ) -> None:  # fmt: skip
        if shutil.which(argv[0]) is None:
            pytest.skip(f"{argv[0]} is not installed")
        for name in (".zshrc", *files):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(files.get(name, ""))
        environment = {
            "HOME": str(home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "SHELL": argv[0],
            **variables,
        }
        if marked:
            argv, environment = with_integration(argv, environment)
        self.screen = Emulator(60, 40)
        self.output = b""
        self._process = ptyprocess.PtyProcess.spawn(list(argv), str(home), environment, dimensions=(40, 60))

    def type(self, line: str) -> None:
        self._process.write(line.encode() + b"\r")

    def wait_for(self, what: bytes, times: int = 1) -> None:
        """Read until ``what`` was printed so often."""
        while self.output.count(what) < times:
            data = self._process.read(65536)
            self.output += data
            self.screen.feed(data)
            if replies := self.screen.take_replies():
                self._process.write(replies)

    def prompts(self, times: int) -> None:
        self.wait_for(b"\x1b]133;B\x07", times)

    def run(self, *lines: str) -> None:
        """Type each line at a prompt of its own, and wait for the last one's end."""
        before = self.output.count(b"\x1b]133;B\x07")
        for number, line in enumerate(lines):
            self.prompts(before + number if before else number + 1)
            self.type(line)
        self.prompts((before or 1) + len(lines))

    def marks(self) -> list[tuple[MarkKind, str]]:
        """Each mark and the text it stands before, up to the next one on its line."""
        found = self.screen.marks_between(0, 1 << 20)
        return [
            (one.kind, self.screen.text_between((one.line, one.column), (one.line, 59)))
            for one in found
            if one.kind is not FOLDER
        ]

    def close(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        os.waitpid(self._process.pid, 0)
        self._process.fileobj.close()


@pytest.fixture
def shells() -> Iterator[list[Shell]]:
    opened: list[Shell] = []
    yield opened
    for shell in opened:
        shell.close()


PROMPTS = {
    "bash": {".bashrc": "PS1='$ '"},
    "zsh": {".zshrc": "PS1='$ '"},
    "fish": {".config/fish/config.fish": "function fish_prompt\n echo -n '$ '\nend\nset fish_greeting"},
}


@pytest.mark.parametrize("shell", SHELLS)
def test_prompts_input_output_and_ends_are_marked(shell: str, shells: list[Shell], tmp_path: Path) -> None:
    one = Shell((shell,), tmp_path, PROMPTS[shell])
    shells.append(one)
    one.run("echo out", "false", "sh -c 'exit 7'")
    marks = [(kind, text) for kind, text in one.marks() if kind is not DONE]
    expected = [
        (kind, text)
        for line, output in (("echo out", "out"), ("false", None), ("sh -c 'exit 7'", None))
        for kind, text in ((PROMPT, f"$ {line}"), (INPUT, line), (OUTPUT, output))
    ]
    assert [kind for kind, _ in marks] == [*(kind for kind, _ in expected), PROMPT, INPUT]
    assert [text for kind, text in marks if kind is not OUTPUT][:6] == [
        text for kind, text in expected if kind is not OUTPUT
    ]
    assert marks[2] == (OUTPUT, "out")
    ends = [one for one in one.screen.marks_between(0, 1 << 20) if one.kind is DONE]
    assert [mark.exit_code for mark in ends][-3:] == [0, 1, 7]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_folder_is_told(shell: str, shells: list[Shell], tmp_path: Path) -> None:
    strange = tmp_path / "a b%é;字?#"
    strange.mkdir()
    one = Shell((shell,), tmp_path, PROMPTS[shell])
    shells.append(one)
    one.run(f"cd '{strange}'")
    assert f"/{quote(strange.name)}".encode().lower() in one.output.lower()
    assert one.screen.folder_at(one.screen.first_line + 39) == str(strange)


LISTINGS = {
    "bash": "{ env; shopt; set -o; trap; alias; bind -v; declare -p MAILCHECK HISTFILE; shopt -q login_shell; "
    "echo $?; } > %s 2>&1",
    "zsh": "{ env; setopt; echo $HISTFILE ${ZDOTDIR-none} $options[login]; } > %s 2>&1",
    "fish": "begin; env; set -x; status is-login; echo $status; end > %s 2>&1",
}


@pytest.mark.parametrize("options", [(), ("-l",)])
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("given", [{}, {"ENV": "/e", "XDG_DATA_DIRS": "/d:/usr/share"}])
def test_the_shell_is_as_it_would_be(
    shell: str, options: tuple[str, ...], given: dict[str, str], shells: list[Shell], tmp_path: Path
) -> None:
    """Variables, options and what else a shell knows are the same with and without; so are its children's."""
    found = []
    for marked in (False, True):
        listing = tmp_path / f"listing-{marked}"
        one = Shell((shell, *options), tmp_path, PROMPTS[shell], marked=marked, **given)
        shells.append(one)
        one.type(LISTINGS[shell] % listing)
        one.type("echo do''ne")
        one.wait_for(b"done")
        varying = ("_=", "_ ", "SHLVL", "PWD=", "OLDPWD")
        found.append(
            sorted(line for line in listing.read_text().splitlines() if not line.startswith(varying))
        )
    if "XDG_DATA_DIRS" not in given:
        assert not [line for line in found[1] if line.startswith(("XDG_DATA_DIRS", "ENV", "ZDOTDIR"))]
    assert not [line for line in found[1] if "PODIUM" in line]
    assert found[0] == found[1]


# Each prints a line in its turn; the order is that of the shell itself.
FILES = {
    "bash": (".bash_profile", ".bash_login", ".profile", ".bashrc"),
    "zsh": (".zshenv", ".zprofile", ".zshrc", ".zlogin"),
    "fish": (".config/fish/conf.d/a.fish", ".config/fish/config.fish"),
}


@pytest.mark.parametrize("options", [(), ("-l",)])
@pytest.mark.parametrize("shell", SHELLS)
def test_start_up_files_are_read_as_ever(
    shell: str, options: tuple[str, ...], shells: list[Shell], tmp_path: Path
) -> None:
    read = []
    for marked in (False, True):
        one = Shell(
            (shell, *options),
            tmp_path,
            {name: f"echo read-{name}-\n" for name in FILES[shell]},
            marked=marked,
        )
        shells.append(one)
        one.type("echo do''ne")
        one.wait_for(b"done")
        read.append(re.findall(rb"read-[.a-z_/]+-", one.output))
    assert read[0] == read[1]
    assert read[0]


def test_a_zsh_that_keeps_its_files_elsewhere(shells: list[Shell], tmp_path: Path) -> None:
    elsewhere = tmp_path / "z"
    files = {
        "z/.zshenv": "echo env-read",
        "z/.zshrc": "PS1='$ '; echo $ZDOTDIR is-it",
        "other/.zshrc": "PS1='# '",
    }
    one = Shell(("zsh",), tmp_path, files, ZDOTDIR=str(elsewhere))
    shells.append(one)
    one.prompts(1)
    assert b"env-read" in one.output
    assert f"{elsewhere} is-it".encode() in one.output
    files[".zshenv"] = f"export ZDOTDIR={tmp_path / 'other'}"
    two = Shell(("zsh",), tmp_path, files)
    shells.append(two)
    two.run("true")
    assert two.marks()[0] == (PROMPT, "# true")


OWN = [
    ("bash", "PROMPT_COMMAND='PS1=\"<$?> \"'", ["false", "true"], "<1> true"),
    ("bash", "PROMPT_COMMAND=('a=$?' 'PS1=\"<$a> \"')", ["false", "true"], "<1> true"),
    (
        "bash",
        "export PROMPT_COMMAND='PS1=\"<$?> \"'",
        ["false", "bash --norc -c true"],
        "<1> bash --norc -c true",
    ),
    (
        "bash",
        'PROMPT_COMMAND=\'p=("${PIPESTATUS[@]}"); PS1="<${p[*]}> "\'',
        ["true | false", "true"],
        "<0 1> true",
    ),
    ("bash", "set -u; PS1='u '", ["true", "true"], "u true"),
    ("bash", "PS0='zero\\n'; PS1='$ '", ["true"], "zero"),
    ("bash", "trap 'last=$BASH_COMMAND' DEBUG; PS1='<$last> '", ["true", "cd /"], "<true> cd /"),
    (
        "bash",
        "trap 'last=$BASH_COMMAND' DEBUG; PROMPT_COMMAND=:; PS1='<$last> '",
        ["true", "cd /"],
        "<:> cd /",
    ),
    ("bash", "PS1='two\\nlines '", ["true"], "lines true"),
    ("zsh", 'precmd() { PS1="<$?> " }', ["false", "true"], "<1> true"),
    ("zsh", 'late() { PS1="<$?> " }; precmd_functions+=(late)', ["false", "true"], "<1> true"),
    ("zsh", "setopt no_unset ksh_arrays sh_word_split; PS1='u '", ["true", "true"], "u true"),
    ("zsh", "setopt prompt_subst; PS1='<$?> '", ["false", "true"], "<1> true"),
    ("zsh", "preexec() { echo before-it }; PS1='$ '", ["true"], "before-it"),
    ("fish", 'function fish_prompt\n echo -n "<$status> "\nend', ["false", "true"], "<1> true"),
]


@pytest.mark.parametrize(("shell", "rc", "lines", "shown"), OWN)
def test_what_a_person_has_set_up_works(
    shell: str, rc: str, lines: list[str], shown: str, shells: list[Shell], tmp_path: Path
) -> None:
    one = Shell((shell,), tmp_path, {RC[shell]: rc})
    shells.append(one)
    one.run(*lines)
    text = one.screen.text_between((0, 0), (60, 59))
    assert shown in text.splitlines()
    prompts = [line for kind, line in one.marks() if kind is INPUT]
    assert prompts == [*lines, ""]
    assert "not found" not in text
    assert "133" not in text


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_further_lines_of_a_command_are_marked(shell: str, shells: list[Shell], tmp_path: Path) -> None:
    one = Shell((shell,), tmp_path, PROMPTS[shell])
    shells.append(one)
    one.run("echo 'a", "b'")
    kinds = [kind for kind, _ in one.marks() if kind is not DONE]
    assert kinds == [PROMPT, INPUT, CONTINUATION, INPUT, OUTPUT, PROMPT, INPUT]
    assert (OUTPUT, "a") in one.marks()


@pytest.mark.parametrize("inner", ["sh", "bash --norc"])
def test_a_shell_in_the_shell_shows_its_prompt_alone(inner: str, shells: list[Shell], tmp_path: Path) -> None:
    one = Shell(("bash",), tmp_path, {".bashrc": "export PROMPT_COMMAND='x=1'; export PS1='$ '"})
    shells.append(one)
    one.run("true")
    one.output = b""
    one.type(inner)
    one.wait_for(b"$ ")
    one.type("echo in''side")
    one.wait_for(b"inside")
    text = one.screen.text_between((0, 0), (60, 59)).split("\n")
    assert text[1:4] == [f"$ {inner}", "$ echo in''side", "inside"]


@pytest.mark.parametrize(
    ("argv", "shell"),
    [
        (("/bin/bash", "-l"), "bash"), (("zsh",), "zsh"), (("/usr/local/bin/fish", "-i", "-l"), "fish"),
        (("bash", "-c", "ls"), ""), (("bash", "script.sh"), ""), (("bash", "--norc"), ""), (("zsh", "-f"), ""),
        (("bash", "--posix"), ""), (("sh", "-l"), ""), (("ksh",), ""), (("vim",), ""), ((), ""),
    ],
)  # fmt: skip
def test_which_shells_are_made_to_mark(argv: tuple[str, ...], shell: str) -> None:
    assert marking_shell(argv) == shell
    spec = InstanceSpec(InstanceId("a"), "a", Kind.SHELL, ThemeName.ROSE, "/", argv)
    environment = {"SHELL": "/bin/sh", "A": "1"}
    assert can_mark_prompts(spec, environment) is bool(shell)
    plain = start_request(spec, environment)
    marked = start_request(spec, environment, marked=True)
    assert (plain == marked) is not bool(shell)
    assert plain.environment.items() <= marked.environment.items()


def test_a_command_that_is_a_shell_is_made_to_mark() -> None:
    spec = InstanceSpec(InstanceId("a"), "a", Kind.COMMAND, ThemeName.ROSE, "/", ("zsh", "-l"))
    assert can_mark_prompts(spec, {})
    assert start_request(spec, {}, marked=True).environment["ZDOTDIR"].endswith("zsh")
    assert start_request(spec, {}).environment == {}


def test_a_mission_is_no_shell() -> None:
    spec = InstanceSpec(InstanceId("a"), "a", Kind.MISSION, ThemeName.ROSE, "/", ("bash",), "m.toml")
    assert start_request(spec, {}, marked=True) == start_request(spec, {})
    assert not can_mark_prompts(spec, {"SHELL": "/bin/bash"})


def test_the_login_shell_is_made_to_mark() -> None:
    spec = InstanceSpec(InstanceId("a"), "a", Kind.SHELL, ThemeName.ROSE, "/", environment={"ENV": "/mine"})
    start = start_request(spec, {"SHELL": "/bin/bash"}, marked=True)
    assert start.argv == ("/bin/bash", "--posix", "-l")
    assert start.environment["PODIUM_ENV_BEFORE"] == "/mine"
    assert Path(start.environment["ENV"]).read_text(encoding="utf-8").startswith("# Shell integration")
    assert os.access(start.environment["ENV"], os.R_OK)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line", ["echo 'a;b'  \"é字\" | cat -", "echo 100% # x"])
def test_the_command_line_is_known(shell: str, line: str, shells: list[Shell], tmp_path: Path) -> None:
    files = {RC[shell]: PROMPTS[shell][RC[shell]]}
    if shell == "zsh":
        files[".zshrc"] += "; RPROMPT=right; setopt interactive_comments"
    if shell == "fish":
        files[RC["fish"]] += "\nfunction fish_right_prompt\n echo right\nend"
    one = Shell((shell,), tmp_path, files)
    shells.append(one)
    one.run(line)
    first = one.screen.prompt_after(-1)
    assert first is not None
    assert one.screen.command_text(first.line) == line

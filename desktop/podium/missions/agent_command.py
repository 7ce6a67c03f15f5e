"""From an adapter, a prompt and a session to the command line that runs one turn."""

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from podium.core.adapters.check import WORD
from podium.core.adapters.model import Adapter, Piece
from podium.core.system.private_files import NO_LINKS

MAX_ARGUMENT_BYTES: Final = 120_000
"""Linux takes no argument of more than 128 KiB."""
MAX_REPORT_BYTES: Final = 16 << 20
PROMPT_FILE: Final = "prompt.md"


class Permission(StrEnum):
    """The actions that an agent may take by itself."""

    READ = "read"
    EDIT = "edit"
    FULL = "full"


class NewSession(msgspec.Struct, frozen=True):
    """A fresh session; ``id`` is used where the tool lets one choose it (make it with uuid4)."""

    id: str = ""


class ResumeSession(msgspec.Struct, frozen=True):
    """Go on with a session; ``fork``: with a copy of it, under a new id."""

    id: str
    fork: bool = False


Session = NewSession | ResumeSession


class CommandOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Further options of a run. None and empty: the tool's own default."""

    permission: Permission = Permission.EDIT
    budget_usd: float | None = None
    max_turns: int | None = None
    files: tuple[str, ...] = ()
    """Files to work on, for tools that want them named (aider), relative to the folder."""
    scratch: Path | None = None
    """An own folder for this run outside the work tree: settings, long prompts and reports go there. Needed by
    most adapters; keep it until the report is made."""
    command: tuple[str, ...] = ()
    """For the adapter “command”: the program and its arguments; ``{prompt}`` is replaced."""


class CommandFault(Exception):
    """The command line can't be made; the text says why and what to do."""


class AgentCommand(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to start one turn. stdin is /dev/null, always: an open pipe hangs several tools."""

    argv: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    """To be set on top of the environment that is inherited."""
    unset: tuple[str, ...]
    """To be taken out of it before."""
    write: dict[Path, str]
    """Files to write before the start (``prepare`` does it)."""
    reports: dict[str, Path]
    """Files that the tool writes, by the name the adapter's rules know them by."""
    session_id: str = ""
    """The id of a new session that was chosen before the start; give it to the AgentReader."""

    def prepare(self) -> None:
        """Write the files that the tool needs, for the user only. Raises OSError."""
        for path, text in self.write.items():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NO_LINKS, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        for path in self.reports.values():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # What an earlier run left would be counted again.

    def read_reports(self) -> dict[str, bytes]:
        """The files that the tool wrote, for ``AgentReader.end``: at most 16 MiB each; missing ones are left out."""
        found = {}
        for name, path in self.reports.items():
            try:
                if path.is_file():
                    with path.open("rb") as file:
                        found[name] = file.read(MAX_REPORT_BYTES)
            except OSError:
                continue
        return found


def can_resume(adapter: Adapter) -> bool:
    """Whether a session of this tool can go on in a later round."""
    return bool(adapter.command.resume)


def command_for(
    adapter: Adapter,
    prompt: str,
    *,
    folder: Path,
    model: str = "",
    session: Session | None = None,
    options: CommandOptions | None = None,
) -> AgentCommand:
    """The command line of one turn. Raises CommandFault when the adapter can't do what is asked.

    A tool that cannot resume is given a fresh session: look at ``can_resume`` first.
    """
    options = options or CommandOptions()
    if "\0" in prompt:
        raise CommandFault("The prompt holds a NUL character. Take it out; no program could be given it.")
    if not adapter.program:
        return _own_command(adapter, prompt, folder, options)
    line = adapter.command
    pieces, given = line.arguments, ""
    if isinstance(session, ResumeSession) and line.resume:
        if session.fork and not line.fork:
            raise CommandFault(f"{adapter.title} can't continue with a copy of a session. Start a fresh one.")
        pieces, given = (line.fork if session.fork else line.resume), session.id
    elif isinstance(session, NewSession) and line.new_session:
        given = session.id
    if given.startswith("-"):
        raise CommandFault(f"“{given[:80]}” can't be a session. Start a fresh one.")
    if model.startswith("-"):
        raise CommandFault(f"“{model[:80]}” can't be the name of a model. Correct it.")
    for file in options.files:
        if file.startswith("-"):
            raise CommandFault(f"“{file[:80]}” would be taken for an option. Write ./ in front of it.")
    words = {
        "model": model,
        "session": given,
        "folder": str(folder),
        "budget_usd": ""
        if options.budget_usd is None
        else f"{options.budget_usd:.6f}".rstrip("0").rstrip("."),
        "max_turns": "" if options.max_turns is None else str(options.max_turns),
        "scratch": "" if options.scratch is None else str(options.scratch),
    }
    write: dict[Path, str] = {}
    files = (*line.write, *line.reports.values())
    words |= {f"file:{name}": _path(options, name) for name in files}
    words |= _prompt_words(adapter, prompt, options, write, pieces)
    lists = {
        "files": options.files,
        "permission": line.permissions.get(options.permission, ()),
    }
    argv = (adapter.program, *_arguments(pieces, words, lists))
    if options.scratch is not None:
        for name, text in line.write.items():
            write[options.scratch / name] = _filled(text, words)
    environment = {
        name: _filled(text, words) for name, text in line.environment.items() if _complete(text, words)
    }
    reports = {name: options.scratch / file for name, file in line.reports.items()} if options.scratch else {}
    return AgentCommand(
        argv=argv,
        folder=folder,
        environment=environment,
        unset=line.unset,
        write=write,
        reports=reports,
        session_id=given if isinstance(session, NewSession) else "",
    )


def _own_command(adapter: Adapter, prompt: str, folder: Path, options: CommandOptions) -> AgentCommand:
    if not options.command:
        raise CommandFault("The agent has no command. Write its program and arguments.")
    argv = tuple(word.replace("{prompt}", prompt) for word in options.command)
    for word in argv:
        if len(word.encode("utf-8", "replace")) > MAX_ARGUMENT_BYTES:
            raise CommandFault(
                "The prompt is too long for an argument. Put the long part into a file and let the prompt name it."
            )
    return AgentCommand(
        argv=argv,
        folder=folder,
        environment=dict(adapter.command.environment),
        unset=adapter.command.unset,
        write={},
        reports={},
    )


def _path(options: CommandOptions, name: str) -> str:
    return "" if options.scratch is None else str(options.scratch / name)


def _prompt_words(
    adapter: Adapter, prompt: str, options: CommandOptions, write: dict[Path, str], pieces: tuple[Piece, ...]
) -> dict[str, str]:
    """The words for the prompt: as it is, or the file that holds it."""
    line = adapter.command
    if len(prompt.encode("utf-8", "replace")) <= MAX_ARGUMENT_BYTES:
        guarded = line.dash_prompt + prompt if prompt.startswith("-") else prompt
        return {"prompt": guarded, "prompt_file": "", "prompt_folder": ""}
    takes_file = any("{prompt_file}" in word for piece in pieces for word in _words(piece))
    if options.scratch is None or not (line.long_prompt or takes_file):
        raise CommandFault(
            "The prompt is too long for an argument. Put the long part into a file and let the prompt name it."
        )
    file = options.scratch / PROMPT_FILE
    write[file] = prompt
    words = {"prompt_file": str(file), "prompt_folder": str(options.scratch)}
    return {"prompt": _filled(line.long_prompt, words), **words}


def _words(piece: Piece) -> tuple[str, ...]:
    return (piece,) if isinstance(piece, str) else piece


def _arguments(
    pieces: tuple[Piece, ...], words: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str) and piece[1:-1] in lists and piece == f"{{{piece[1:-1]}}}":
            yield from (_filled(word, words) for word in lists[piece[1:-1]])
        elif isinstance(piece, str):
            yield _filled(piece, words)
        elif all(_complete(word, words) for word in piece):
            yield from (_filled(word, words) for word in piece)


def _complete(text: str, words: Mapping[str, str]) -> bool:
    """Whether every word in braces has a value."""
    return all(words.get(match[1]) or match[2] is not None for match in WORD.finditer(text))


def _filled(text: str, words: Mapping[str, str]) -> str:
    """``text`` with its words in braces replaced. What is put in is not looked at again."""
    return WORD.sub(lambda match: words.get(match[1]) or match[2] or "", text)

"""The command lines by which a person's session with an agent's tool begins and goes on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from podium.core.adapters.check import WORD
from podium.core.adapters.model import Adapter, Interactive, Piece

MAX_PROMPT_BYTES: Final = 32_000
"""Of a first prompt that is given as an argument; a longer one is typed. All users see arguments, and a command line
has to fit into a message together with its environment."""


def fresh_command(adapter: Adapter, session: str = "") -> tuple[str, ...]:
    """The argv of a fresh session; ``session`` is its UUID for a tool that takes one."""
    return _command(adapter, _of(adapter).arguments, session)


def resume_command(adapter: Adapter, session: str) -> tuple[str, ...]:
    """The argv that goes on with ``session``; () when the tool can't, or that is no session."""
    pieces = _of(adapter).resume
    return _command(adapter, pieces, session) if pieces and session and not session.startswith("-") else ()


def continue_command(adapter: Adapter) -> tuple[str, ...]:
    """The argv that goes on with the folder's last session; () when the tool can't."""
    pieces = _of(adapter).continue_last
    return _command(adapter, pieces, "") if pieces else ()


def prompt_arguments(interactive: Interactive, prompt: str) -> tuple[str, ...]:
    """The arguments that give the first ``prompt``, to follow those of a fresh session; () when it is to be typed."""
    if not prompt or "\0" in prompt or len(prompt.encode("utf-8", "replace")) > MAX_PROMPT_BYTES:
        return ()
    return tuple(_filled(interactive.prompt, {"prompt": prompt}))


def _of(adapter: Adapter) -> Interactive:
    return adapter.interactive or Interactive()


def _command(adapter: Adapter, pieces: Sequence[Piece], session: str) -> tuple[str, ...]:
    return (adapter.program, *_filled(pieces, {"session": session}))


def _filled(pieces: Sequence[Piece], words: Mapping[str, str]) -> Iterator[str]:
    """The words of ``pieces``; several that stand together are left out when one in braces has no value."""
    for piece in pieces:
        texts = (piece,) if isinstance(piece, str) else piece
        if isinstance(piece, str) or all(
            words.get(match[1]) for text in texts for match in WORD.finditer(text)
        ):
            yield from (WORD.sub(lambda match: words.get(match[1], ""), text) for text in texts)

"""The engine's interface: a pyte screen with storage and parser of our own."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from podium.core.clock import Clock, monotonic
from podium.core.protocol.frames import (
    PALETTE_BACKGROUND,
    PALETTE_CURSOR,
    PALETTE_FOREGROUND,
    AttributeEntry,
    Attributes,
    Line,
    Style,
)
from podium.core.protocol.marks import MarkKind, RanCommand, ShellCommand, ShellMark
from podium.core.protocol.requests import KeyInput, MouseInput
from podium.terminal.compat.cell import Cell, make_cell
from podium.terminal.compat.pyte_screen import PyteScreen
from podium.terminal.images.placement import Image
from podium.terminal.input import mouse, prompt_cursor
from podium.terminal.input.keys import KeyModes, encode_key
from podium.terminal.input.paste import encode_paste
from podium.terminal.output import commands
from podium.terminal.output import lines as line_access
from podium.terminal.output import ran_commands as ran
from podium.terminal.output.ran_commands import CommandOutput
from podium.terminal.output.redraw import redraw
from podium.terminal.output.replay import replay
from podium.terminal.output.snapshot import Snapshot, take_snapshot
from podium.terminal.parsing.reports import color_scheme
from podium.terminal.screen import marks
from podium.terminal.screen.bidi import SWAP_ARROWS, cursor_runs_left, set_default
from podium.terminal.screen.events import Event
from podium.terminal.screen.lines.archive import LineStore
from podium.terminal.screen.lines.packed import unpack
from podium.terminal.screen.modes import reset_left_on
from podium.terminal.screen.reflow import resize
from podium.terminal.screen.state import SYNCHRONIZED
from podium.terminal.search.walk import LineWalk

_OTHER_ARROW: Final = {"Left": "Right", "Right": "Left"}


class Emulator(PyteScreen):
    """One terminal: bytes in, screen out. Nothing a program sends makes a method raise.

    Positions count from 0. Line numbers are absolute (0 is the first line there ever was) unless said otherwise.
    """

    def __init__(
        self,
        columns: int,
        lines: int,
        scrollback: int = 10_000,
        clock: Clock = monotonic,
        store: LineStore | None = None,
    ) -> None:
        """A terminal of at least 2×1 that keeps up to ``scrollback`` lines that left its top; ``store`` keeps those
        that are too many for the memory.
        """
        super().__init__(columns, lines, scrollback, clock, store)

    def feed(self, data: bytes, until: float = math.inf, frame_due: float = math.inf) -> int:
        """Take output of the program, cut anywhere, from its front; returns how many bytes were consumed.

        All of it, unless the clock reaches ``until`` first, or a synchronized update (mode 2026) ends at the clock's
        time ``frame_due`` or later. Something is always consumed.
        """
        return self._parser.feed(data, until, frame_due)

    def print_again(self, lines: Sequence[Line], columns: int, table: Mapping[int, Attributes]) -> None:
        """Print lines of an earlier terminal of ``columns``, dimmed; the program's own output comes below."""
        for piece in replay(lines, columns, self.terminal.columns, table, Style.DIM):
            self.feed(piece)

    @property
    def has_deferred(self) -> bool:
        """Whether output is deferred. Reading the screen parses it."""
        return bool(self._parser.deferred)

    @property
    def at_ground(self) -> bool:
        """Whether no character or sequence is half read. Only then can another terminal take over from here."""
        return self._parser.at_ground()

    def redraw(self) -> bytes:
        """Output that draws this screen, with its modes, in another terminal of the same size."""
        return redraw(self.terminal)

    def resize(self, columns: int, lines: int) -> None:
        """Change the size: wrapped lines reflow, the cursor stays on its text. At least 2×1."""
        resize(self.terminal, columns, lines)

    def follow(self, number: int, places: Sequence[tuple[int, int]]) -> None:
        """Find ``places`` (absolute line, column) again after a reflow, instead of those given before."""
        t = self.terminal
        t.follow_number = number
        t.followed = [(max(0, line), max(0, column)) for line, column in places]

    def set_cell_size(self, width: int, height: int) -> None:
        """The size of a cell in pixels, 0 while it is not known: for mouse reports in pixels, and for who asks."""
        self.terminal.cell_width, self.terminal.cell_height = max(1, width), max(1, height)

    # The screen.

    def cell(self, x: int, y: int) -> Cell:
        """The cell at column ``x`` of screen row ``y``. Raises IndexError outside of the screen."""
        if x < 0 or y < 0:
            raise IndexError("cell outside of the screen")
        t = self.terminal
        if x >= t.columns:
            raise IndexError("cell outside of the screen")
        row = t.rows[y]
        return make_cell(row.char(x), t.styles.of(row.style_code(x)))

    def line(self, n: int) -> list[Cell]:
        """Line ``n`` from the oldest kept one on: scrollback first, then the screen. Raises IndexError."""
        if n < 0:
            raise IndexError("no such line")
        t = self.terminal
        kept = len(t.scrollback)
        if n >= kept:
            return [self.cell(x, n - kept) for x in range(t.columns)]
        number = self.oldest_line + n
        found = t.scrollback.lines(number, number + 1)
        if not found:
            raise IndexError("the line was lost")
        row = unpack(found[0], t.columns, t.styles)
        return [make_cell(row.char(x), t.styles.of(row.style_code(x))) for x in range(t.columns)]

    @property
    def scrollback_length(self) -> int:
        """The number of lines kept above the screen."""
        return len(self.terminal.scrollback)

    @property
    def first_line(self) -> int:
        """Absolute number of the screen's top row."""
        return self.terminal.scrollback.end

    @property
    def oldest_line(self) -> int:
        """Absolute number of the oldest line still kept."""
        return line_access.oldest_line(self.terminal)

    @property
    def lines_lost(self) -> int:
        """The number of lines that were lost because their store failed."""
        return self._terminal.scrollback.archive.lost

    @property
    def line_epoch(self) -> int:
        """Absolute numbers hold within one epoch; a reflow starts the next."""
        return self.terminal.line_epoch

    @property
    def modes(self) -> set[int]:
        """The DEC private modes that are set."""
        return set(self.terminal.modes)

    @property
    def alternate_screen(self) -> bool:
        return self.terminal.alternate

    @property
    def synchronized(self) -> bool:
        """A synchronized update (mode 2026) is under way: the screen is not complete."""
        return SYNCHRONIZED in self._terminal.modes

    @property
    def updates(self) -> int:
        """The number of synchronized updates that have ended; it identifies the one in progress."""
        return self._terminal.updates

    def lines_between(self, first: int, count: int) -> tuple[int, list[Line], tuple[AttributeEntry, ...]]:
        """Up to ``count`` lines from ``first`` on: the first one's number, the lines, all attributes they use.

        Clamped to the lines that are kept or shown, and to 4096 lines.
        """
        return line_access.lines_between(self.terminal, first, count)

    def text_between(
        self, first: tuple[int, int] | None = None, last: tuple[int, int] | None = None, block: bool = False
    ) -> str:
        """Text from (line, column) to (line, column), both inclusive; without ends the visible screen.

        Wrapped lines are joined, blanks at line ends dropped; ``block`` takes the same columns of every line.
        """
        return line_access.text_between(self.terminal, first, last, block)

    def snapshot(self, scrollback: int) -> Snapshot:
        """The newest lines as they are now: the screen and up to ``scrollback`` lines above it."""
        return take_snapshot(self.terminal, scrollback)

    def text_from(self, line: int) -> str:
        """Text from an absolute line number to the screen's end, with the blanks in front of the cursor."""
        return line_access.text_from(self.terminal, line)

    def walk(self, first: int = 0, *, scrollback: bool = True) -> LineWalk:
        """The lines as they are now, for a search: from absolute number ``first`` on, or the visible screen alone."""
        return LineWalk(self.terminal, first, scrollback=scrollback)

    # Replies and events. Deferred output holds none.

    def take_replies(self) -> bytes:
        """The replies the program waits for; each is returned once."""
        replies = bytes(self._terminal.replies)
        self._terminal.replies.clear()
        return replies

    def take_events(self) -> list[Event]:
        """Bells, notices and the like since the last call, at most the newest 256."""
        events = list(self._terminal.events)
        self._terminal.events.clear()
        return events

    def set_colors(
        self,
        foreground: int,
        background: int,
        cursor: int,
        dark: bool,
        palette: dict[int, int] | None = None,
    ) -> None:
        """The window's colours as 0xRRGGBB, for programs that ask; mode 2031 reports dark and light.

        ``palette`` has more of them by palette key. The screen and what is deferred stay as they are.
        """
        t = self._terminal
        t.theme_colors = dict(palette or {})
        t.theme_colors[PALETTE_FOREGROUND] = foreground
        t.theme_colors[PALETTE_BACKGROUND] = background
        t.theme_colors[PALETTE_CURSOR] = cursor
        if t.dark_theme != dark:
            t.dark_theme = dark
            if 2031 in t.modes:
                color_scheme(t)

    def keep_lines(self, limit: int) -> None:
        """Keep up to so many lines that left the top from now on."""
        self._terminal.scrollback.set_limit(limit)
        self._terminal.change += 1

    def allow_clipboard(self, allowed: bool) -> None:
        """Whether OSC 52 may come to anything. If not, it is dropped, and DA1 does not promise it."""
        self._terminal.clipboard_writable = allowed

    def allow_graphics(self, allowed: bool) -> None:
        """Whether images (sixel, kitty) are shown. If not, they are swallowed, and nothing promises them."""
        self._terminal.images.allowed = allowed

    def image(self, number: int) -> Image | None:
        """The image that lines name by this number; None when it is gone."""
        return self._terminal.images.images.get(number)

    def set_default_bidi(self, flags: int, allowed: bool = True) -> None:
        """The direction of lines of which the program says nothing, as Bidi flags, and whether it may say anything."""
        set_default(self._terminal, flags, allowed)

    # What the shell says about its lines.

    def enter_folder(self, path: str) -> None:
        """What is printed from now on is printed in this folder, until the shell names another one (OSC 7)."""
        marks.enter_folder(self.terminal, path)

    def folder_at(self, line: int) -> str:
        """The folder that ``line`` was printed in; "" when it is not known, or on another computer."""
        return marks.folder_at(self.terminal, line)

    def marks_between(self, first: int, last: int) -> list[ShellMark]:
        """The marks (OSC 133 and 7) of the lines ``first`` to ``last``, both inclusive, from the oldest on."""
        return marks.marks_between(self.terminal, first, last)

    def mark_before(self, line: int, kind: MarkKind) -> ShellMark | None:
        """The nearest mark of this kind above ``line``."""
        return marks.mark_before(self.terminal, line, kind)

    def mark_after(self, line: int, kind: MarkKind) -> ShellMark | None:
        """The nearest mark of this kind below ``line``."""
        return marks.mark_after(self.terminal, line, kind)

    def commands_between(self, first: int, last: int) -> list[ShellCommand]:
        """The commands of a marking shell that cover any of the lines ``first`` to ``last``, both inclusive."""
        return commands.commands_between(self.terminal, first, last)

    def prompt_before(self, line: int) -> ShellCommand | None:
        """The command at the nearest prompt above ``line``."""
        return commands.prompt_before(self.terminal, line)

    def prompt_after(self, line: int) -> ShellCommand | None:
        """The command at the nearest prompt below ``line``."""
        return commands.prompt_after(self.terminal, line)

    def command_text(self, line: int) -> str:
        """The command line of the command that covers ``line``; "" where there is none."""
        return commands.command_text(self.terminal, line)

    def failed_prompts(self, first: int, most: int) -> tuple[int, int, list[int]]:
        """The prompts from line ``first`` on whose command failed, the newest ``most``: the line they were looked for
        from, the line from which on more may come, and theirs in order.
        """
        return ran.failed_prompts(self.terminal, first, most)

    def ran_commands(self, before: int, most: int) -> tuple[list[RanCommand], bool]:
        """The newest ``most`` commands with numbers below ``before`` that were run; whether there are older ones."""
        return ran.ran_commands(self.terminal, before, most)

    def command_output(self, number: int) -> CommandOutput | None:
        """What command ``number`` has printed, 0 for the newest one; None when it is not kept."""
        return ran.command_output(self.terminal, number)

    @property
    def at_prompt(self) -> bool:
        """Whether a marking shell is at its prompt."""
        return prompt_cursor.at_prompt(self.terminal)

    @property
    def input_is_empty(self) -> bool:
        """Whether a marking shell is at its prompt, and nothing is typed there yet."""
        return prompt_cursor.input_is_empty(self.terminal)

    # Input.

    def encode_move(self, line: int, column: int) -> bytes:
        """What a click sends at a marked prompt: the keys that bring the cursor there, or the click itself where the
        shell asked for that. Empty where it can't go.
        """
        if self.terminal.click_reports:
            return prompt_cursor.click_report(self.terminal, line, column)
        steps = prompt_cursor.steps_to(self.terminal, line, column)
        return encode_key(KeyInput("Right" if steps > 0 else "Left"), self._key_modes()) * abs(steps)

    def _key_modes(self) -> KeyModes:
        t = self._terminal
        return KeyModes(
            application_cursor=1 in t.modes,
            application_keypad=t.keypad_application,
            newline=t.newline,
            backspace=67 in t.modes,
            number_lock=1035 in t.modes,
            kitty=t.kitty(),
            modify_other_keys=t.modify_other_keys,
        )

    @property
    def legacy_keys(self) -> bool:
        """Whether the program asked for no protocol that says which modifiers Return is pressed with."""
        t = self._terminal
        return not t.kitty() and not t.modify_other_keys

    def encode_key(self, event: KeyInput) -> bytes:
        """The bytes a key sends in the current modes; empty when it sends nothing."""
        t = self._terminal
        if event.key in _OTHER_ARROW and SWAP_ARROWS in t.modes and cursor_runs_left(self.terminal):
            event = msgspec.structs.replace(event, key=_OTHER_ARROW[event.key])
        return encode_key(event, self._key_modes())

    def encode_mouse(self, event: MouseInput) -> bytes:
        """The bytes a mouse event sends; empty unless the program tracks it or the wheel acts as arrow keys."""
        return mouse.encode_mouse(self._terminal, event)

    def encode_paste(self, text: str) -> bytes:
        """The bytes of a paste, bracketed when the program asked for that."""
        return encode_paste(text, 2004 in self._terminal.modes)

    def encode_focus(self, focused: bool) -> bytes:
        """The bytes for a change of focus; empty unless the program asked."""
        return mouse.encode_focus(self._terminal, focused)

    # Commands.

    def reset_after_exit(self) -> None:
        """Reset the modes that an ended program left on; its text stays."""
        self._parser.reset()
        reset_left_on(self.terminal)

    def clear_scrollback(self) -> None:
        """Drop the lines above the screen."""
        self.terminal.scrollback.clear()
        self.terminal.images.drop_nameless(self.terminal.shown_images())
        self.terminal.change += 1

"""The faults that Podium has to survive: 46 of supervision by number, then those found by attacking it, by part.

A test proves a row by its marker, ``fault(9)`` or ``fault("A1")``, wherever it stands. A row without a test fails
the run.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    title: str


SUPERVISION: Final = (
    Row("1", "the window is killed while commands run"),
    Row("2", "a worker is killed"),
    Row("3", "what would clean up is killed: here the worker too"),
    Row("4", "window and worker are killed together"),
    Row("5", "the window aborts"),
    Row("6", "the thread that started a worker or program ends"),
    Row("7", "a grandchild holds the output open"),
    Row("8", "a program or worker cannot be started"),
    Row("9", "no descriptor, no process is to be had"),
    Row("10", "a worker never gets ready"),
    Row("11", "a worker exits with 1 again and again"),
    Row("12", "a worker dies by a signal"),
    Row("13", "a worker exits with 0"),
    Row("14", "three crashes in a row"),
    Row("15", "more crashes than restarts are allowed"),
    Row("16", "a crash after a stable time"),
    Row("17", "stop while it backs off"),
    Row("18", "quit while it backs off"),
    Row("19", "commands and ends in any order"),
    Row("20", "an exit or pong of an older worker comes late"),
    Row("21", "a tree ignores that it should end"),
    Row("22", "a worker hangs"),
    Row("23", "the machine or the window stands still for a while"),
    Row("24", "the wall clock jumps by a day"),
    Row("25", "many workers start and stop, three times"),
    Row("26", "secrets and descriptors of the window's own"),
    Row("27", "a flood of output that nobody looks at"),
    Row("28", "Ctrl+C in a flood"),
    Row("29", "a pane is closed in the middle of a flood"),
    Row("30", "a program never reads; 200 MB are pasted"),
    Row("31", "a worker floods its stderr"),
    Row("32", "an impossible length, a stray print"),
    Row("33", "a message that breaks off, or dribbles"),
    Row("34", "bytes that are no message, bombs among them"),
    Row("35", "messages that make no sense"),
    Row("36", "a million messages a second"),
    Row("37", "hostile output, whole and in any cuts"),
    Row("38", "random output"),
    Row("39", "hostile text is pasted"),
    Row("40", "attacks on the control API"),
    Row("41", "where the API's token may be seen"),
    Row("42", "somebody else's socket, a stale socket"),
    Row("43", "a WebSocket client never reads"),
    Row("44", "kill -9 while runs are recorded"),
    Row("45", "a full disk, a read-only or broken database"),
    Row("46", "a start after a crash with runs under way"),
)

# A. Work is never deleted unless it is known to be somewhere else.
WORK: Final[tuple[Row, ...]] = (
    Row("A1", "git refuses some of an agent's files"),
    Row("A2", "work outside of a sparse checkout"),
    Row("A3", "commits and changes in submodules"),
    Row("A4", "repositories made inside, files git ignores"),
    Row("A5", "a mission is killed, its files are damaged, and something runs over it or cleans up"),
    Row("A6", "an agent changes what all worktrees share"),
    Row("A7", "links where worktrees and folders were"),
    Row("A8", "an agent does anything to its own worktree"),
)
# B. An outcome is what happened.
OUTCOMES: Final[tuple[Row, ...]] = (
    Row("B1", "agents fail, work is kept back"),
    Row("B2", "branches that are not there, a prefix that is taken"),
    Row("B3", "a fault of Podium's own, a session id that is none"),
    Row("B4", "stopped is said while something is left"),
)
# C. Nothing runs before the person agreed.
CONSENT: Final[tuple[Row, ...]] = (
    Row("C1", "a repository's own settings name programs, and nobody has agreed yet"),
    Row("C2", "a command hides in what the person is asked"),
    Row("C3", "a mission that was agreed to changes into one that may do more"),
    Row("C4", "a prompt or role is read from outside the project"),
)
# D. Money.
MONEY: Final[tuple[Row, ...]] = (
    Row("D1", "agents and missions at work together spend one budget"),
    Row("D2", "settings that can't be read, where a budget for the day may be"),
    Row("D3", "the history is damaged or lost in the middle of a day"),
    Row("D4", "a real tool calls its costs simulated"),
    Row("D5", "an agent floods its mission with costs"),
)
# E. The control API.
CONTROL_API: Final[tuple[Row, ...]] = (
    Row("E1", "patterns and numbers that end or exhaust a session; questions that are never answered"),
    Row("E2", "connections that are silent, slow or too many"),
    Row("E3", "calls that half happen, strand or overtake others, leave state behind, or spoof"),
    Row("E4", "a program inside an instance opens the main socket"),
    Row("E5", "text that a script sends is submitted whole, and its echo is not taken for an answer"),
    Row("E6", "a script resumes, agrees, waits and hears the outcome; each error says what to do"),
    Row("E7", "another Podium is spoken to than the one whose place was given"),
)
# F. Processes.
PROCESSES: Final[tuple[Row, ...]] = (
    Row("F1", "a process clears its environment, leaves its session, loses its parent"),
    Row("F2", "a job that hangs while Podium quits"),
    Row("F3", "what the environment of programs is made of"),
)
# G. The window ends nothing that nobody wanted to end.
WINDOW: Final[tuple[Row, ...]] = (
    Row("G1", "a key that was meant for something else answers a question"),
    Row("G2", "stop, restart or close while something runs in the foreground, and at a prompt"),
    Row("G3", "quitting with shells and tools that end slowly"),
    Row("G4", "objects of Qt come back as objects of another class"),
    Row("G5", "a result's branch is moved, copied files are ignored"),
    Row("G6", "a machine with anything installed, set or running runs the tests"),
)
# H. Many sessions, long use.
LONG_USE: Final[tuple[Row, ...]] = (
    Row("H1", "more costs than a list shows, and numbers that break sums"),
    Row("H2", "many instances are quit on a busy machine"),
    Row("H3", "many instances start at once"),
    Row("H4", "a million costs, a big history, slow questions to it"),
    Row("H5", "an id is used again right after its instance was removed"),
    Row("H6", "a window that is always busy, an instance that is removed"),
    Row("H8", "the disk is full or damaged under a long scrollback"),
    Row("H7", "an instance of the demo is removed; there are as many instances as there may be"),
)

MATRIX: Final = (
    *SUPERVISION,
    *WORK,
    *OUTCOMES,
    *CONSENT,
    *MONEY,
    *CONTROL_API,
    *PROCESSES,
    *WINDOW,
    *LONG_USE,
)

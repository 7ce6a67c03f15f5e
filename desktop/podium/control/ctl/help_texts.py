"""What the help of some commands says beyond their arguments."""

from typing import Final

TYPED: Final = """\
TEXT is pasted if the program knows pastes (mode 2004), so that several lines
stay one text. Otherwise it is typed, and each new line is Return. A single
character is always typed. --typed types all text, for editors such as vim that
handle a paste differently. With --enter, Return follows as a separate key once
the program has read the text and its screen has been still for a moment; a new
line at the end of TEXT means the same.

"""
EXPORTED: Final = """\
text has no colours; html is a page in the colours of the instance's theme;
ansi shows the same on a terminal of the same width; cast is a recording in
asciicast v2. When a line was printed is not known: a recording shows a line
every 20 ms. FILE is replaced when all is written; if that fails, it stays as
it was.

"""
FOUND: Final = """\
Screen and scrollback are searched, line by line as they were before the
terminal wrapped them. Each line is printed with its number, with the instance
in front of it where all are searched. find exits with 1 when there is no
match.

"""
HOOKS: Final = """\
install and remove show the change and ask. What the settings hold besides stays
as it is; remove leaves no trace. The hooks do nothing outside Podium. status
lists the tools, whether they have hooks, and by what their state is known
without them. No Podium need run for any of it.

"""
ANSWERED: Final = """\
allow and deny press the keys that the tool takes; option N, or option and the
words it begins with, chooses one of a list; text TEXT types an answer and
submits it, also at the prompt of a tool that asks nothing. Keys are pressed
when the screen is still, and only if it still asks the same; answer ends when
the question is gone from the screen.
With --all-like, each instance is told with what came of it, and answer exits
with 1 when one of them was not answered.

"""
RAN: Final = """\
Shells mark their prompts: bash, zsh and fish do so in Podium by themselves. The
numbers count from 1 for as long as the instance's session lasts.

"""
RUN: Final = """\
It is typed and run only while the shell is at a marked prompt and nothing is
typed there. With --again, a command line of which the list shows only a part is
printed and not run, unless --yes is given; run then exits with 7.

"""
NEW: Final = """\
--text looks at new text only: what was drawn since something was last sent
(ctl send, the API), or since the program started. Older text and the text that
was sent do not count. After more than 128 KiB of output all text on the screen
counts again, or with --new only what comes from then on. --all looks at all
text in any case.
wait --exit returns the program's exit code, or 128 plus the number of the
signal that ended it; --any returns 0. It does so even if the program is
restarted after a crash: see config --restart.

"""
SETTINGS: Final = """\
A change is written into the settings file, with your remarks and order kept,
and counts at once. A list takes any number of words, none for an empty one:
  podium ctl settings set links.ask false
  podium ctl settings set keys.newline_tools claude codex
The settings of the control API itself (control.*) are changed in the window or
the file only.

"""

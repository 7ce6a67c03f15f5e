"""The exit codes of ``podium ctl``."""

from typing import Final

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
NO_PODIUM: Final = 3
UNKNOWN: Final = 4
TIMEOUT: Final = 5
NOT_NOW: Final = 6
ASKS: Final = 7
INTERRUPTED: Final = 130
EXITS: Final = """\
exit codes: 0 done, 1 Podium refused it or failed, 2 wrong usage, 3 there is no
Podium to talk to, 4 no such instance, run or setting, 5 timed out, 6 not
possible now (it runs already, or does not run), 7 the mission was started and asks
something, or run --again, hooks or workspace add needs --yes, 130 Ctrl+C.
wait --exit: the program's own exit code, or 128 plus the number of the signal
that ended it.
"""
OF_STATUS: Final = {404: UNKNOWN, 408: TIMEOUT, 409: NOT_NOW}
"""By the status of Podium's answer; anything else is REFUSED."""

"""What an installed Podium is put to, whatever it was installed with. Every outcome is printed, a line each."""

import json
import shutil
from pathlib import Path
from typing import Final

from system import HOME, PERSON, Failed, System

PROGRAMS: Final = """
export PATH=$HOME/.local/bin:$PATH XDG_RUNTIME_DIR=$HOME/run
mkdir -p -m 700 $XDG_RUNTIME_DIR
ours() { pgrep -u person 'podium|python'; }
worker() { pgrep -u person -f '[p]odium worker' | head -n 1; }
all_ended() { for turn in $(seq 100); do ours >/dev/null || return 0; sleep 0.2; done; return 1; }
# The window itself: what is started as podium and is nobody's child of that name.
window() { pgrep -u person -x podium | head -n 1; }
"""
_SERVED: Final = """
podium serve --ready-fd 3 >serve.log 2>&1 3>ready & server=$!
podium ctl --wait-for-server 60 start sh --kind shell >/dev/null
podium ctl send sh 'echo one-$((40+2))' --enter >/dev/null
podium ctl wait sh --text one-42 --timeout 60 >/dev/null && echo answered
first=$(worker); kill -9 $first
for turn in $(seq 200); do
    sleep 0.3; next=$(worker)
    [ -n "$next" ] && [ "$next" != "$first" ] && echo restarted && break
done
kill $server; wait $server; echo ended with $?
all_ended && echo nothing left
"""
_BEFORE_UPGRADE: Final = """
setsid xvfb-run -a podium >window.log 2>&1 </dev/null &
podium ctl --wait-for-server 60 start kept --kind shell >/dev/null
podium ctl send kept 'echo before-$((40+2))' --enter >/dev/null
podium ctl wait kept --text before-42 --timeout 60 >/dev/null && echo runs
"""
_AFTER_UPGRADE: Final = """
podium ctl send kept 'echo after-$((40+2))' --enter >/dev/null
podium ctl wait kept --text after-42 --timeout 60 >/dev/null && echo still runs
podium ctl history --json >/dev/null && echo history is answered
kill $(window); all_ended && echo has ended
setsid xvfb-run -a podium >window.log 2>&1 </dev/null &
podium ctl --wait-for-server 60 instances | grep -q kept && echo is still there
podium ctl start kept >/dev/null
podium ctl screen kept --scrollback 100 | grep -q after-42 && echo has its last screen above its own
kill $(window); all_ended
"""
_DESKTOP: Final = """
cat >desktop.sh <<'END'
openbox & sleep 1
{started} &
for turn in $(seq 300); do
    sleep 0.2
    xdotool search --onlyvisible --name Podium >/dev/null 2>&1 && echo shown && break
done
podium ctl --wait-for-server 60 instances >/dev/null && sleep 2 && podium ctl screenshot window.png
ps -u person -o args=
for turn in $(seq 20); do
    xdotool search --onlyvisible --class podium windowquit >/dev/null 2>&1 || break
    sleep 0.5
done
for turn in $(seq 100); do pgrep -u person -x podium >/dev/null || break; sleep 0.2; done
pkill -u person -x podium; sleep 0.5
END
dbus-run-session -- xvfb-run -a -s '-screen 0 1600x1000x24' sh desktop.sh 2>desktop.log
"""


def holds(what: str, outcome: object, told: str = "") -> None:
    """Print it. Raises Failed when it does not hold."""
    if not outcome:
        raise Failed(f"it does not hold that {what}\n{told[-3000:]}")
    print(f"  ok: {what}", flush=True)


def says(what: str, line: str, told: str) -> None:
    """The whole line is in what was printed: part of one may be any program's message."""
    holds(what, line in told.splitlines(), told)


def serve(system: System) -> None:
    """``podium serve`` answers, restarts a worker, and ends without leaving anything."""
    said = system.run(PROGRAMS + _SERVED, person=True)
    says("the control API answers", "answered", said)
    says("a killed worker is restarted", "restarted", said)
    says("the server ends in order", "ended with 0", said)
    says("nothing runs after its end", "nothing left", said)


def demo(system: System, pictures: Path) -> None:
    """The demo runs to its end in a window; its pictures are copied into ``pictures``."""
    said = system.run(
        PROGRAMS + "xvfb-run -a podium demo --until-done --summary s.json --screenshot shots", person=True
    )
    summary = json.loads((system.home / "s.json").read_text())
    holds("the demo ran to its end under Xvfb, as expected", summary["asExpected"], said)
    shots = sorted((system.home / "shots").glob("*.png"))
    holds("its pictures are there", len(shots) == 2, said)
    pictures.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        (pictures / shot.name).write_bytes(shot.read_bytes())


def engine(system: System, kind: str, *, compiled: bool = True) -> None:
    """It says what it is."""
    said = system.run(PROGRAMS + "podium --version --verbose", person=True)
    form = "compiled" if compiled else "interpreted"
    holds(f"its engine is {form}", f"engine: {form}" in said, said)
    holds(f"it knows that it came as {kind}", f"Package: {kind}" in said, said)


def menu_entry(system: System, entry: str, pictures: Path) -> None:
    """A desktop starts it from the menu entry."""
    said = system.run(PROGRAMS + _DESKTOP.format(started=f"gio launch {entry}"), person=True)
    says("the menu entry opens the window", "shown", said)
    _keep(system, pictures / "menu-entry.png")


def double_click(system: System, name: str, content: str, pictures: Path) -> None:
    """A desktop opens a file with it, by its type."""
    (system.home / name).write_text(content)
    system.run(f"chown {PERSON}: {HOME}/{name}")
    said = system.run(PROGRAMS + _DESKTOP.format(started=f"gio open {name}"), person=True)
    says(f"a double click on {name} opens the window", "shown", said)
    holds(f"it is given {name}", f"podium open {HOME}/{name}" in said, said)
    _keep(system, pictures / f"{name}.png")


def _keep(system: System, picture: Path) -> None:
    shot = system.home / "window.png"
    holds("a picture of it is made", shot.is_file())
    picture.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(shot, picture)


def before_upgrade(system: System) -> None:
    """Something runs that an upgrade must not hurt."""
    said = system.run(PROGRAMS + _BEFORE_UPGRADE, person=True)
    says("an instance runs before the upgrade", "runs", said)


def after_upgrade(system: System) -> None:
    """What ran before goes on, and is there after the next start."""
    said = system.run(PROGRAMS + _AFTER_UPGRADE, person=True)
    says("it runs on during the upgrade", "still runs", said)
    says("the history is answered meanwhile", "history is answered", said)
    says("the old window ends in order", "has ended", said)
    says("the instance is there after the next start", "is still there", said)
    says("its last screen is there", "has its last screen above its own", said)

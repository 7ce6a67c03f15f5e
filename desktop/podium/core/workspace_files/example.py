"""A workspace file to start from, for help and documentation."""

from typing import Final

EXAMPLE: Final = """\
name = "Shop"
view = "grid"

[[instances]]
name = "shell"

[[instances]]
name = "server"
command = ["npm", "run", "dev"]
folder = "web"
stop = "Ctrl+C"

[[instances]]
name = "tests"
command = "make watch"
start = false

[[instances]]
name = "Fix the flaky tests"
mission = "flaky.mission.toml"
theme = "rose"
"""

"""Hatchling's hook for wheels: with the compiled terminal engine where it can be built, tagged for its platform.

PODIUM_COMPILE=0 makes the pure wheel, PODIUM_COMPILE=1 fails rather than make it; else what is possible is done.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import build_file
import compile_terminal

WANTED = os.environ.get("PODIUM_COMPILE")


class EngineBuildHook(BuildHookInterface[Any]):
    """Adds the compiled modules and says so in the wheel's tag."""

    def dependencies(self) -> list[str]:
        return (
            [] if WANTED == "0" else ["mypy[mypyc]>=1.13", "pyte==0.8.2", "msgspec>=0.19", "wcwidth>=0.9.4"]
        )

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # An editable install runs from the source tree, where packaging/setup.sh compiles in place.
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory(prefix="podium-wheel-")
        file = build_file.write(Path(self._folder.name), "wheel")
        build_data["force_include"][str(file)] = f"podium_resources/{file.name}"
        if WANTED == "0":
            return
        if not compile_terminal.can_compile():
            if WANTED == "1":
                raise OSError("PODIUM_COMPILE=1, but there is no C compiler or no Python.h.")
            return
        try:
            made = compile_terminal.build(Path(self._folder.name) / "engine")
        except (OSError, subprocess.SubprocessError):
            if WANTED == "1":
                raise
            return
        for path in made:
            build_data["force_include"][str(path)] = str(path.relative_to(Path(self._folder.name) / "engine"))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

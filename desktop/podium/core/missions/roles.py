"""Roles: short instructions that come before a prompt: shipped, the person's own, or a file beside the mission."""

import re
from pathlib import Path
from typing import Final

from podium.core.resources import resource
from podium.core.system.app_dirs import config_folder

_SUFFIX: Final = ".md"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MAX_BYTES: Final = 100_000


def is_own_role(role: str) -> bool:
    """Whether ``role`` is a path to a file rather than a name."""
    return "/" in role or role.endswith(_SUFFIX)


def role_names() -> list[str]:
    """All names that can be used, sorted."""
    shipped = [entry.name for entry in resource("roles").iterdir()]
    try:
        own = [path.name for path in _own_folder().iterdir()]
    except OSError:
        own = []
    return sorted({name.removesuffix(_SUFFIX) for name in (*shipped, *own) if name.endswith(_SUFFIX)})


def role_text(name: str) -> str | None:
    """The text of a named role, the person's before the shipped one, or None if there is no such role."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (_own_folder() / f"{name}{_SUFFIX}").read_bytes()[:_MAX_BYTES].decode("utf-8", "replace")
    except OSError:
        pass
    try:
        return resource("roles", f"{name}{_SUFFIX}").read_text(encoding="utf-8")
    except OSError:
        return None


def _own_folder() -> Path:
    return config_folder() / "roles"

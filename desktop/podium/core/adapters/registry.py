"""The adapters there are: those that Podium ships, and the user's own in front of them."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from podium.core.adapters.model import Adapter
from podium.core.adapters.reading import merged, read_adapter
from podium.core.config.toml_file import Fault, UnreadableToml, read_toml
from podium.core.resources import read_text
from podium.core.system.app_dirs import config_folder

SHIPPED: Final = (
    "claude",
    "codex",
    "gemini",
    "opencode",
    "copilot",
    "amp",
    "cursor-agent",
    "aider",
    "command",
)
MAX_FILES: Final = 100
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


class AdapterRegistry(msgspec.Struct, frozen=True):
    """The adapters by name. A user's file with a fault is left out: the shipped adapter of that name stays."""

    adapters: dict[str, Adapter]
    faults: tuple[Fault, ...]
    """Everything wrong with the user's files, each with file, key, reason and fix."""


def user_folder() -> Path:
    """The folder of the user's own adapters: ``<config>/podium/adapters``."""
    return config_folder() / "adapters"


def load_adapters(folder: Path | None = None) -> AdapterRegistry:
    """The shipped adapters and those in ``folder`` (default: the user's). Never raises for a user's file.

    A user's file stands for the shipped one of its name, or, with ``extends = "NAME"``, changes some of its tables.
    """
    documents = {name: tomllib.loads(read_text("adapters", f"{name}.toml")) for name in SHIPPED}
    adapters: dict[str, Adapter] = {}
    for name, document in documents.items():
        adapter, broken = read_adapter(f"{name}.toml", name, document)
        assert adapter is not None, "\n".join(map(str, broken))  # A fault of the build.
        adapters[name] = adapter
    faults: list[Fault] = []
    for path in _files_in(folder if folder is not None else user_folder(), faults):
        own = _own_adapter(path, documents, faults)
        if own is not None:
            adapters[own.name] = own
    return AdapterRegistry(adapters, tuple(faults))


def _files_in(folder: Path, faults: list[Fault]) -> list[Path]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        faults.append(
            Fault(str(folder), "", f"The folder can't be read: {error.strerror}.", "Check its permissions.")
        )
        return []
    if len(files) > MAX_FILES:
        faults.append(
            Fault(
                str(folder),
                "",
                f"There are {len(files)} adapters; {MAX_FILES} are read.",
                "Take out those that are not used.",
            )
        )
    return files[:MAX_FILES]


def _own_adapter(path: Path, documents: dict[str, dict[str, Any]], faults: list[Fault]) -> Adapter | None:
    try:
        document = read_toml(path, "an adapter file")
    except FileNotFoundError:
        return None  # It was taken away since the folder was read.
    except UnreadableToml as error:
        faults.append(error.fault)
        return None
    name = path.stem
    if not _NAME.fullmatch(name):
        faults.append(
            Fault(
                str(path),
                "",
                f"“{name[:80]}” can't be the name of an adapter.",
                "Use up to 64 small letters, digits, “_”, “.” or “-”.",
            )
        )
        return None
    base = document.pop("extends", None)
    if base is not None:
        if not isinstance(base, str) or base not in documents:
            fix = f"Write one of {', '.join(documents)}."
            faults.append(Fault(str(path), "extends", "There is no shipped adapter of that name.", fix))
            return None
        # What was tried with the shipped file says nothing about a changed one.
        document = merged({**documents[base], "name": name, "tried": "", "untried": []}, document)
    adapter, found = read_adapter(str(path), name, document)
    faults.extend(found)
    return adapter

"""What goes into the frozen program and what stays out, by name. Each line left out was tried: the window, the demo,
the API and a worker run without it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from pathlib import Path, PurePosixPath
from typing import Final

Entry = tuple[str, str, str]
"""A collected file, as PyInstaller has it: its path in the frozen folder, the file it is copied from, its kind."""

EXCLUDED_MODULES: Final = [
    "PySide6.QtDBus",
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "tkinter",
    "unittest",
    "pydoc",
    "doctest",
    "lib2to3",
]

_UNNEEDED: Final = re.compile(
    r"""
    plugins/(?: egldeviceintegrations | generic | networkinformation | qmllint | qmltooling | sqldrivers | tls |
        wayland-graphics-integration-\w+ | xcbglintegrations )/ |
    plugins/platforms/libq(?: eglfs | linuxfb | vnc | vkkhrdisplay | minimalegl ) |
    plugins/platformthemes/libqgtk3 |
    plugins/platforminputcontexts/libqtvirtualkeyboard |
    plugins/imageformats/(?:lib)?q(?: gif | icns | ico | jp2 | jpeg | mng | pdf | tga | tiff | wbmp | webp ) |
    PySide6/.*translations/ |
    lib-dynload/(?: _codecs_ | _test | _xxtest | xxlimited | _ctypes_test | nis | ossaudiodev | _tkinter )
    """,
    re.VERBOSE,
)

OF_THE_SYSTEM: Final = re.compile(
    r"""
    lib(?: c | m | dl | rt | pthread | util | resolv | gcc_s | stdc\+\+ |
        X11(?:-xcb)? | Xau | Xdmcp | xcb | xcb-(?: glx | randr | render | shape | shm | sync | xfixes | xkb ) |
        GL | EGL | GLX | GLdispatch | OpenGL | drm | gbm | vulkan | wayland-\w+ |
        glib-2\.0 | gthread-2\.0 | pcre2-8 | dbus-1 | systemd | gcrypt | gpg-error | lz4 | zstd | cap |
        fontconfig | freetype | expat | png16 | brotlidec | brotlicommon | uuid | z | bsd | md
    )\.so\.
    """,
    re.VERBOSE,
)
"""Libraries every Linux desktop has, and which have to fit its drivers and services rather than Podium. A bundled
libstdc++, for one, keeps newer graphics drivers from loading.
"""


def hidden_modules(desktop: Path) -> list[str]:
    """Every module of Podium: some are imported by name, and compiled ones tell PyInstaller nothing."""
    package = desktop / "podium"
    names = [
        ".".join(path.relative_to(desktop).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(package.rglob("*.py"))
    ]
    # What the compiled modules share: mypyc names it after its group, beside the package.
    return [
        *names,
        *(path.name.partition(".")[0] for path in sorted(desktop.glob("podium_terminal__mypyc.*"))),
    ]


def foreign_modules(installed: Mapping[str, Iterable[str]], runtime: Set[str]) -> list[str]:
    """The modules that no distribution of ``runtime`` brings: libraries import others where they happen to be there.

    ``installed`` says which distributions bring a module, as importlib.metadata.packages_distributions() does.
    ``runtime`` has canonical names.
    """
    return sorted(
        module
        for module, names in installed.items()
        if not any(re.sub(r"[-_.]+", "-", name).lower() in runtime for name in names)
    )


def trimmed(entries: Iterable[Entry], imported_by: Callable[[str], Iterable[str]]) -> list[Entry]:
    """``entries`` without what is of no use, and without the libraries that only those needed.

    ``imported_by`` gives the names of the libraries that a file is linked with.
    """
    kept = [
        entry
        for entry in entries
        if not _UNNEEDED.search(_posix(entry[0]))
        and not OF_THE_SYSTEM.match(PurePosixPath(_posix(entry[0])).name)
    ]
    libraries = {PurePosixPath(_posix(name)).name: source for name, source, kind in kept if kind == "BINARY"}
    reached: set[str] = set()
    waiting = [source for name, source, kind in kept if kind == "EXTENSION" or "plugins/" in _posix(name)]
    waiting += [
        source for name, source in libraries.items() if name.startswith(("libpython", "Python", "python3"))
    ]
    while waiting:
        source = waiting.pop()
        if source in reached:
            continue
        reached.add(source)
        waiting += [libraries[name] for name in imported_by(source) if name in libraries]
    names = {PurePosixPath(source.replace("\\", "/")).name for source in reached}
    return [
        entry
        for entry in kept
        if entry[2] not in ("BINARY", "SYMLINK") or PurePosixPath(_posix(entry[1])).name in names
    ]


def _posix(path: str) -> str:
    return path.replace("\\", "/")

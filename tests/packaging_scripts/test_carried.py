"""The files and modules of a frozen program in, what its notices would not name out."""

from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import Load

DISTRIBUTIONS = {"aiohttp": ["aiohttp"], "PySide6": ["PySide6_Essentials"], "hypothesis": ["hypothesis"]}
NAMED = (
    "aiohttp",
    "PySide6_Essentials",
    "pyte",
    "Python",
    "ICU",
    "JetBrains Mono",
    "Podium Symbols",
    "libssl3",
)


def unnamed(load: Load, *files: str, modules: tuple[str, ...] = ()) -> set[str]:
    carried = load("carried")
    owners = carried.Owners({"libssl.so.3": "libssl3", "libgone.so.1": "libgone1"}, DISTRIBUTIONS)
    found: set[str] = carried.unnamed(files, modules, owners, NAMED)
    return found


def test_what_belongs_to_named_parts_is_no_fault(load: Load) -> None:
    files = (
        "aiohttp/_http_parser.cpython-311-x86_64-linux-gnu.so",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "pyte-0.8.2.dist-info/METADATA",
        "podium/terminal/screen/row.so",
        "podium_resources/fonts/JetBrainsMono-Bold.ttf",
        "podium_resources/fonts/PodiumSymbols-Regular.ttf",
        "podium_terminal__mypyc.cpython-311-x86_64-linux-gnu.so",
        "python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so",
        "libpython3.11.so.1.0",
        "base_library.zip",
        "libssl.so.3",
    )
    modules = ("aiohttp.web", "podium.core.ids", "json.decoder", "_sysconfigdata__linux_x86_64-linux-gnu")
    assert unnamed(load, *files, modules=modules) == set()


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("hypothesis/_native.so", "hypothesis is in the frozen program and not in its notices"),
        ("hypothesis-6.170.dist-info/METADATA", "hypothesis is in the frozen program"),
        ("libgone.so.1", "libgone1 is in the frozen program"),
        ("libnobody.so.1", "nobody knows where libnobody.so.1 comes from"),
        ("stranger/data.bin", "nobody knows where stranger/data.bin comes from"),
    ],
)
def test_what_the_notices_do_not_name_is_a_fault(load: Load, file: str, fault: str) -> None:
    (found,) = unnamed(load, file)
    assert fault in found


def test_modules_inside_the_program_are_looked_at_too(load: Load) -> None:
    found = unnamed(load, modules=("hypothesis.core", "hypothesis.strategies", "strange.module"))
    assert found == {
        "hypothesis is in the frozen program and not in its notices",
        "nobody knows where strange.module comes from",
    }


def test_a_library_without_a_known_licence_is_a_fault(load: Load) -> None:
    bundled = load("bundled")
    assert bundled.licence_of("libcrypto.so.3") == "Apache-2.0"
    assert bundled.licence_of("libxcb-render-util.so.0") == "X11"
    with pytest.raises(ValueError, match=r"licence of libreadline\.so\.8 is not known"):
        bundled.licence_of("libreadline.so.8")


def test_a_library_that_no_package_owns_is_a_fault(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundled = load("bundled")
    monkeypatch.setattr(bundled, "_paths", dict)
    internal = tmp_path / "_internal"
    internal.mkdir()
    (internal / "libpython3.11.so.1.0").touch()
    assert bundled.parts(tmp_path) == [], "Python's own library is Python's"
    (internal / "libffi.so.8").touch()
    with pytest.raises(ValueError, match=r"where libffi\.so\.8 comes from"):
        bundled.parts(tmp_path)


def test_the_documentation_names_the_libraries_of_its_scripts(load: Load, tmp_path: Path) -> None:
    docs_parts, notices = load("docs_parts"), load("notices")
    scripts = tmp_path / "assets" / "javascripts"
    scripts.mkdir(parents=True)
    (scripts / "bundle.js.map").write_text('{"sources": ["node_modules/rxjs/dist/a.ts", "src/own.ts"]}')
    names = [part.name for part in docs_parts.parts(tmp_path)]
    assert names == ["mkdocs-material", "Material Design Icons", "iframe-worker", "RxJS"]
    assert all(notices.texts(part) for part in docs_parts.parts(tmp_path))
    (scripts / "bundle.js.map").write_text('{"sources": ["node_modules/@new/library/a.ts"]}')
    with pytest.raises(ValueError, match="licence of @new/library"):
        docs_parts.parts(tmp_path)


def test_documentation_that_is_not_built_is_a_fault_that_says_how(load: Load, tmp_path: Path) -> None:
    docs_parts = load("docs_parts")
    with pytest.raises(FileNotFoundError, match="run make docs"):
        docs_parts.copy(tmp_path / "copy", tmp_path / "nothing")
    with pytest.raises(FileNotFoundError, match="run make docs"):
        docs_parts.parts(tmp_path)


def test_a_copy_of_the_documentation_has_what_is_read_from_the_disk(load: Load, tmp_path: Path) -> None:
    site, copied = tmp_path / "site", tmp_path / "copy"
    (site / "assets" / "javascripts" / "lunr").mkdir(parents=True)
    (site / "index.html").write_text("page")
    script = site / "assets" / "javascripts" / "bundle.js"
    script.write_text("run()\n//# sourceMappingURL=bundle.js.map\n")
    script.with_name("bundle.js.map").write_text("{}")
    load("docs_parts").copy(copied, site)
    assert sorted(path.name for path in copied.rglob("*") if path.is_file()) == ["bundle.js", "index.html"]
    assert (copied / "assets" / "javascripts" / "bundle.js").read_text() == "run()\n"

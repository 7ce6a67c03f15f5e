"""What was collected in, what goes into the frozen program out."""

from tests.packaging_scripts.conftest import Load

LIBRARIES = {
    "/x/libQt6Core.so.6": ["libicudata.so.73", "libz.so.1"],
    "/x/QtCore.so": ["libQt6Core.so.6"],
    "/x/plugins/platforms/libqxcb.so": ["libxcb-cursor.so.0"],
}
KEPT = [
    ("PySide6/QtCore.so", "/x/QtCore.so", "EXTENSION"),
    ("PySide6/Qt/lib/libQt6Core.so.6", "/x/libQt6Core.so.6", "BINARY"),
    ("PySide6/Qt/lib/libicudata.so.73", "/x/libicudata.so.73", "BINARY"),
    ("PySide6/Qt/plugins/platforms/libqxcb.so", "/x/plugins/platforms/libqxcb.so", "BINARY"),
    ("libxcb-cursor.so.0", "/usr/lib/libxcb-cursor.so.0", "BINARY"),
    ("podium_resources/themes/rose.toml", "/p/rose.toml", "DATA"),
]
LEFT_OUT = [
    ("libz.so.1", "/usr/lib/libz.so.1", "BINARY"),  # Every system has it.
    ("libstdc++.so.6", "/usr/lib/libstdc++.so.6", "BINARY"),
    ("PySide6/Qt/lib/libQt6Quick.so.6", "/x/libQt6Quick.so.6", "BINARY"),  # Nothing that is kept needs it.
    ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "/x/plugins/platformthemes/libqgtk3.so", "BINARY"),
    ("PySide6\\Qt\\plugins\\imageformats\\qwebp.dll", "C:\\x\\plugins\\imageformats\\qwebp.dll", "BINARY"),
]


def test_what_no_window_needs_is_left_out_with_the_libraries_only_that_needed(load: Load) -> None:
    contents = load("frozen/contents")
    assert contents.trimmed([*KEPT, *LEFT_OUT], lambda file: LIBRARIES.get(file, [])) == KEPT


def test_modules_that_are_there_by_chance_stay_out(load: Load) -> None:
    contents = load("frozen/contents")
    installed = {"yaml": ["PyYAML"], "attr": ["attrs"], "typing_extensions": ["Typing.Extensions"]}
    assert contents.foreign_modules(installed, {"attrs", "typing-extensions"}) == ["yaml"]

"""What a package carries in, its notices out."""

from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import Load, Make


def test_every_part_is_there_with_its_licence_and_text(load: Load) -> None:
    notices, runtime_set = load("notices"), load("runtime_set")
    carried = [part for part in runtime_set.parts() if part.name != "Python"]
    written = notices.notices(carried)
    for part in carried:
        assert f"- {part.name} {part.version}: {part.licence}\n" in written
        assert f"=\n{part.name} {part.version}\n{part.licence}\n" in written
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in written
    assert "SIL OPEN FONT LICENSE" in written
    assert "pyte is plain Python source" in written, "it says how the parts under the LGPL are replaced"


def test_a_part_without_a_text_is_a_fault_that_names_it(load: Load, make_distribution: Make) -> None:
    notices, runtime_set = load("notices"), load("runtime_set")
    bare = [
        runtime_set.Part(name, "1.0", "MIT", "", package=make_distribution(name)) for name in ("bare", "void")
    ]
    with pytest.raises(ValueError, match=r"bare 1\.0 \(MIT\) has no licence text\nvoid"):
        notices.notices(bare)


def test_a_text_file_that_is_not_there_is_a_fault_that_names_it(load: Load, tmp_path: Path) -> None:
    notices, runtime_set = load("notices"), load("runtime_set")
    gone = runtime_set.Part("gone", "1.0", "MIT", "", text_files=(tmp_path / "copyright",))
    with pytest.raises(ValueError, match=str(tmp_path / "copyright")):
        notices.notices([gone])


def test_texts_are_found_wherever_metadata_keeps_them(load: Load, make_distribution: Make) -> None:
    notices, runtime_set = load("notices"), load("runtime_set")
    package = make_distribution(
        "given",
        texts=(("licenses/LICENSE.txt", "the licence"), ("NOTICE", "the notice"), ("top_level.txt", "no")),
    )
    part = runtime_set.Part("given", "1.0", "MIT", "", package=package)
    assert sorted(notices.texts(part)) == ["the licence", "the notice"]


def test_a_text_that_several_share_is_there_once(load: Load, make_distribution: Make) -> None:
    notices, runtime_set = load("notices"), load("runtime_set")
    shared = (("LICENSE", "the words they share\n"),)
    parts = [
        runtime_set.Part(name, "1.0", "MIT", "", package=make_distribution(name, texts=shared))
        for name in ("first", "second")
    ]
    written = notices.notices(parts)
    assert written.count("the words they share") == 1
    assert "The text is that under first." in written


def test_nothing_is_written_when_a_text_is_missing(
    load: Load, make_distribution: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notices, runtime_set = load("notices"), load("runtime_set")
    bare = runtime_set.Part("bare", "1.0", "MIT", "", package=make_distribution("bare"))
    monkeypatch.setattr(runtime_set, "parts", lambda: [bare])
    monkeypatch.setattr(notices, "built_in", list)
    assert notices.main([str(tmp_path / "target.txt")]) == 1
    assert not (tmp_path / "target.txt").exists()

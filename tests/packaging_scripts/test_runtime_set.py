"""Metadata of distributions in, what a package carries out."""

from importlib.metadata import Distribution

import pytest

from tests.packaging_scripts.conftest import Load, Make

MIT = "License-Expression: MIT"


def test_what_is_required_is_followed_to_its_end_and_nothing_else(
    load: Load, make_distribution: Make
) -> None:
    """Extras, and what other systems need, stay out."""
    known: dict[str, Distribution] = {
        "podium": make_distribution(
            "podium",
            MIT,
            "Requires-Dist: First_One",
            'Requires-Dist: tool; extra == "dev"',
            'Requires-Dist: elsewhere; sys_platform == "none-such"',
        ),
        "First_One": make_distribution("First_One", MIT, "Requires-Dist: second[fast]"),
        "second": make_distribution(
            "second", MIT, 'Requires-Dist: quick; extra == "fast"', "Requires-Dist: first-one"
        ),
        "quick": make_distribution("quick", MIT),
    }
    known["first-one"] = known["First_One"]
    found = load("runtime_set").distributions("podium", known.__getitem__)
    assert {name: needs for name, (_, needs) in found.items()} == {
        "first-one": ("second",),
        "second": ("first-one", "quick"),
        "quick": (),
    }


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: Apache-2.0 AND MIT"], "Apache-2.0 AND MIT"),
        (["License: BSD-3-Clause"], "BSD-3-Clause"),
        (["License: UNKNOWN", "Classifier: License :: OSI Approved :: ISC License (ISCL)"], "ISC"),
        (["License: LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"], "LGPL-3.0-only"),
    ],
    ids=["expression", "licence", "classifier", "choice"],
)
def test_a_licence_is_told_from_what_metadata_gives(
    load: Load, make_distribution: Make, lines: list[str], licence: str
) -> None:
    assert load("runtime_set").licence_of(make_distribution("given", *lines)) == licence


def test_a_licence_that_cannot_be_told_is_a_fault(load: Load, make_distribution: Make) -> None:
    with pytest.raises(ValueError, match="licence of given can't be told"):
        load("runtime_set").licence_of(make_distribution("given", "License: see the web site"))


def test_a_package_of_podium_carries_its_dependencies_and_no_tool(load: Load) -> None:
    names = {part.name.lower() for part in load("runtime_set").parts()}
    assert {"pyte", "aiohttp", "yarl", "shiboken6", "jetbrains mono", "python"} <= names
    assert not names & {"podium", "pytest", "mypy", "ruff", "pyinstaller", "hypothesis", "setuptools"}

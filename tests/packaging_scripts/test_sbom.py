"""What a package carries in, a bill of materials out."""

import json

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from podium import __version__
from tests.packaging_scripts.conftest import Load


def test_the_bill_is_valid_and_names_what_is_carried(load: Load) -> None:
    carried = load("runtime_set").parts()
    bill = load("sbom").bill(carried)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    told = json.loads(bill)
    assert told["metadata"]["component"]["version"] == __version__
    assert {each["name"] for each in told["components"]} == {part.name for part in carried}
    assert all(each["licenses"] for each in told["components"])


def test_the_bill_says_what_needs_what(load: Load) -> None:
    runtime_set = load("runtime_set")
    parts = [
        runtime_set.Part("Upper_One", "1.0", "MIT", "", needs=("lower",)),
        runtime_set.Part("lower", "2.0", "MIT", ""),
    ]
    needs = {
        each["ref"]: each.get("dependsOn") for each in json.loads(load("sbom").bill(parts))["dependencies"]
    }
    assert needs["podium"] == ["Upper_One==1.0"]
    assert needs["Upper_One==1.0"] == ["lower==2.0"]

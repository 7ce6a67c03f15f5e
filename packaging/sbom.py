"""Writes the software bill of materials (CycloneDX 1.6, JSON) of what a package carries at run time.

python packaging/sbom.py TARGET [FROZEN]    with the system's libraries beside the frozen program in that folder
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import bundled
import runtime_set
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name
from runtime_set import FONT, SYMBOLS, Part

from podium import __version__


def bill(carried: Iterable[Part]) -> str:
    """The bill as JSON. Podium needs what no other part needs."""
    carried = list(carried)
    components = {part.name: _component(part) for part in carried}
    by_key = {canonicalize_name(name): component for name, component in components.items()}
    root = Component(
        name="podium",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref="podium",
        licenses=[LicenseExpression("MIT")],
    )
    bom = Bom(components=components.values())
    bom.metadata.component = root
    needed = {need for part in carried for need in part.needs}
    bom.register_dependency(root, [component for key, component in by_key.items() if key not in needed])
    for part in carried:
        bom.register_dependency(components[part.name], [by_key[need] for need in part.needs])
    return str(JsonV1Dot6(bom).output_as_string(indent=2)) + "\n"


def _component(part: Part) -> Component:
    references = [ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.source))]
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.DATA if part.name in (FONT, SYMBOLS) else ComponentType.LIBRARY,
        bom_ref=f"{part.name}=={part.version}",
        licenses=[LicenseExpression(part.licence)],
        purl=PackageURL("pypi", name=canonicalize_name(part.name), version=part.version)
        if part.package
        else None,
        external_references=references if part.source else (),
    )


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print("sbom: name the file to write", file=sys.stderr)
        return 2
    try:
        written = bill([*runtime_set.parts(), *bundled.parts(*map(Path, arguments[1:]))])
    except ValueError as error:
        print(f"sbom: {error}", file=sys.stderr)
        return 1
    Path(arguments[0]).write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

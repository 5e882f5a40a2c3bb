"""What a package brings along: `tools/bundled.py FOLDER FILE` writes the libraries in FOLDER to FILE, as CycloneDX 1.6 in JSON.

FOLDER is what `uv pip install --target` has filled. Of each library its name, version, package URL and licence are told, the
licence as its authors state it: an SPDX expression where they give one, their words otherwise; and which of the others it
needs. Two runs give the same bytes.

The exit status is 1 where a library states no licence, which is named: nobody may pass on what has none.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

PROGRAM = "mxproof"
USAGE = "usage: tools/bundled.py FOLDER FILE"
_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST_NAME = 80
"""More than that in the field of the licence is its text, not its name."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def main(words: list[str]) -> int:
    """Write what is bundled; return the exit status."""
    if len(words) != 2:
        print(USAGE, file=sys.stderr)
        return 2
    folder, file = map(Path, words)
    found = sorted(distributions(path=[str(folder)]), key=lambda one: one.name.lower())
    if not any(one.name == PROGRAM for one in found):
        print(f"{folder}: {PROGRAM} was expected in it, among {len(found)} libraries", file=sys.stderr)
        return 1
    unlicensed = [one.name for one in found if not any(licences(one))]
    if unlicensed:
        print(f"{folder}: no licence is stated by {', '.join(unlicensed)}", file=sys.stderr)
        return 1
    file.write_text(document(found), encoding="utf-8")
    return 0


def document(found: list[Distribution]) -> str:
    """Return the list of these libraries, of which one is the program itself."""
    components = {_key(one.name): _component(one) for one in found}
    bom = Bom()
    bom.metadata.component = components[PROGRAM]
    bom.components.update(one for name, one in components.items() if name != PROGRAM)
    for one in found:
        needed = {_key(_NAME.match(text)[0]) for text in one.requires or ()}  # type: ignore[index]  # each begins with a name
        bom.register_dependency(
            components[_key(one.name)], [components[name] for name in needed & components.keys()]
        )
    told = json.loads(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string())
    # These differ from one run to the next, and say nothing about what is bundled.
    del told["serialNumber"], told["metadata"]["timestamp"]
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def licences(one: Distribution) -> Iterator[str]:
    """Yield the licence of a library as it states it: an expression, or else words of its classifiers or of its field."""
    expression = one.metadata.get_all("License-Expression")
    if expression:
        yield expression[0]
        return
    classified = [
        text.removeprefix(_CLASSIFIER)
        for text in one.metadata.get_all("Classifier", [])
        if text.startswith(_CLASSIFIER)
    ]
    if classified:
        yield from classified
        return
    stated = one.metadata.get_all("License", [""])[0].strip()
    if stated:
        yield stated if len(stated) <= _LONGEST_NAME else stated.splitlines()[0]


def _component(one: Distribution) -> Component:
    kind = ComponentType.APPLICATION if one.name == PROGRAM else ComponentType.LIBRARY
    url = PackageURL("pypi", name=_key(one.name), version=one.version)
    made = LicenseFactory()
    stated = list(licences(one))
    named = (
        [made.make_from_string(stated[0])]
        if len(stated) == 1
        else [DisjunctiveLicense(name=text) for text in stated]
    )
    return Component(
        name=one.name, version=one.version, type=kind, purl=url, bom_ref=str(url), licenses=named
    )


def _key(name: str) -> str:
    """Return the name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Build the JSON Schemas of docs/reference from the types that are written and read.

`python tools/schema.py` writes them; `--check` fails when one is out of date.
"""

import inspect
import json
import sys
from pathlib import Path

import msgspec

from mxproof.evidence import Der
from mxproof.evidence.codec import EVIDENCE_VERSION, EvidenceFile
from mxproof.judge.report import SCHEMA_VERSION, Report

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FINGERPRINT = {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "A certificate, named by the SHA-256 of its DER form.",
}


def schema(root: type, title: str) -> str:
    """Return the JSON Schema of `root` as text."""
    described = msgspec.json.schema(root, schema_hook=_certificate)
    described["$defs"] = {name: _unindented(part) for name, part in described["$defs"].items()}
    return json.dumps({"$schema": DIALECT, "title": title, **described}, indent=2) + "\n"


def schemas() -> dict[Path, str]:
    """Return the text of each schema by the path where it is kept."""
    return {
        REFERENCE / "evidence.schema.json": schema(
            EvidenceFile, f"mxproof evidence, version {EVIDENCE_VERSION}"
        ),
        REFERENCE / "report.schema.json": schema(Report, f"mxproof report, version {SCHEMA_VERSION}"),
    }


def _certificate(kind: type) -> dict[str, str]:
    if kind is Der:
        return FINGERPRINT
    raise NotImplementedError(kind.__name__)


def _unindented(part: dict[str, str]) -> dict[str, str]:
    """Return a definition whose description reads the same whether or not Python left docstrings indented."""
    return part | {"description": inspect.cleandoc(part["description"])} if "description" in part else part


def main() -> int:
    """Write the schemas, or compare them with `--check`."""
    for path, text in schemas().items():
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(ROOT)} is out of date; run python tools/schema.py", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

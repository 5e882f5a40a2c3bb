"""Build docs/reference/tlsrpt-repairs.md: every repair of a TLS report, what was found and what was made of it."""

from collections.abc import Iterator
from pathlib import Path

from keeping import REFERENCE, keep, row, table
from mxproof.formats.tlsrpt.repair import REMARKS
from mxproof.formats.tlsrpt.repair_words import REPAIRS
from mxproof.render.source import source_url

HEAD = """\
# Repairs of TLS reports

Made from the code by `python tools/repairs.py`. No TLS report is refused for a field that can be repaired or left out; what
was done to read it is in its `repairs`, by these codes. `mxproof tlsrpt repair` prints the same.

What is refused: what is no JSON, no object or no report at all, a packing that is damaged, and what is beyond the bounds
(10 MB packed, 64 MB unpacked, 250 times as long as it was packed, four million values).

"""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {
        REFERENCE / "tlsrpt-repairs.md": HEAD
        + table("repair", "found", "made of it", "seen of", "rule")
        + "".join(_rows())
    }


def _rows() -> Iterator[str]:
    for repair, words in REPAIRS.items():
        found = f"{words.title} (allowed; a remark)" if repair in REMARKS else words.title
        yield row(repair, found, words.made, words.seen, f"[{words.rfc}]({source_url(words.rfc)})")


if __name__ == "__main__":
    raise SystemExit(keep(files(), "repairs.py"))

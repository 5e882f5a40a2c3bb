"""Evidence from a file that a check or `mxproof collect` wrote, or from stdin."""

import sys
from pathlib import Path

from mxproof.cli.exit import RunError
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.evidence import Evidence
from mxproof.evidence.codec import EVIDENCE_BYTES_MAX, decode
from mxproof.formats.errors import FormatError
from mxproof.formats.names import Domain


def evidence_of(file: Path) -> Evidence:
    """Return the evidence in a file, or on stdin; raises RunError where there is none."""
    name = "stdin" if str(file) == STDIN else str(file)
    try:
        return decode(_read(file))
    except OSError as error:
        raise RunError(f"{name}: cannot be read ({error.strerror})") from None
    except FormatError as error:
        raise RunError(
            f"{name}: {error.objections[0].message}; expected a file that `mxproof check --save` or"
            " `mxproof collect` wrote"
        ) from None


def evidence_about(domain: Domain, file: Path) -> Evidence:
    """Return the evidence in a file, which has to be about this domain."""
    evidence = evidence_of(file)
    if domain.name != evidence.domain:
        raise RunError(f"{file}: evidence about {evidence.domain}; expected it to be about {domain}")
    return evidence


def _read(file: Path) -> bytes:
    if str(file) == STDIN:
        if sys.stdin is None:
            raise RunError("stdin is closed; evidence was expected there")
        if sys.stdin.isatty():
            print_stderr("waiting for evidence on stdin, as `mxproof collect` writes it; Ctrl-D ends it")
        return sys.stdin.buffer.read(EVIDENCE_BYTES_MAX + 1)
    with file.open("rb") as opened:
        return opened.read(EVIDENCE_BYTES_MAX + 1)

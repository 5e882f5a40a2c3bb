"""One finding in words.

`summary`, `detail` and `fix` are templates that the params of a finding fill in, `subject` among them; `summary` is
one line, the others may be several, and a line that begins `1. ` is a step. `why`, `verify` and `checked_by` stand on
the page only.
"""

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The words for one code; `severity` is what it is worth where no sender refuses for it.

    `checked_by` is the command that finds it, or finds it no more, at the domain itself or in a world of the lab.
    """

    code: Code
    severity: Severity
    title: str
    summary: str
    detail: str
    why: str
    fix: str = ""
    rfc: tuple[str, ...]
    verify: tuple[str, ...]
    checked_by: str = "mxproof check example.com"

"""One finding in words.

`summary`, `detail`, `fix` and `otherwise` are templates that the params of a finding fill in, `subject` among them;
`{name}` takes the words of a value by its type, `{name:form}` those of a form that `wording` knows. `summary` is one
line, `detail` may be several. `why`, `verify` and `checked_by` stand on the page only.

`fix` holds the steps of the best way to mend it, in order; `otherwise` other ways, each in one paragraph. Nothing
more is needed: wherever a second way has steps of its own, they are few enough to be read as one sentence, and only
the best way is ever counted out step by step. `ways` are the steps of those ways that a finding knows as values, by
the name that the check gives them: it takes one of them for the best in place of `fix`, and others beside it.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity


class FindingWords(msgspec.Struct, frozen=True, kw_only=True):
    """The words for one code; `severity` is what it is worth where no sender refuses for it.

    `checked_by` is the command that finds it, or finds it no more, at the domain itself or in a world of the lab.
    """

    code: Code
    severity: Severity
    title: str
    summary: str
    detail: str
    why: str
    fix: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    ways: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    rfc: tuple[str, ...]
    verify: tuple[str, ...]
    checked_by: str = "mxproof check example.com"

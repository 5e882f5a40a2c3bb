"""Where a source that is cited can be read."""

import re

_CITATION = re.compile(r"RFC (\d+) (section|erratum) ([\d.]+)")


def source_url(citation: str) -> str | None:
    """Return the address of `RFC 8461 section 4.1` or `RFC 8461 erratum 5898`, None of what is cited otherwise."""
    cited = _CITATION.fullmatch(citation)
    if cited is None:
        return None
    number, kind, place = cited.groups()
    if kind == "erratum":
        return f"https://www.rfc-editor.org/errata/eid{place}"
    return f"https://www.rfc-editor.org/rfc/rfc{number}#section-{place}"

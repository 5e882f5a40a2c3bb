"""CAA records: which certification authorities may issue for a name (RFC 8659 section 4).

A set of records allows nobody to issue who is not named, once any of them has the property in question; what is written
wrongly names nobody. `issuewild` stands in for `issue` where the certificate has a wildcard, if there is any of it.
"""

import re
from collections.abc import Iterable

import msgspec

CRITICAL = 0x80
"""The bit of an issuer-critical flag (RFC 8659 section 4.1)."""
ISSUE, ISSUE_WILD = "issue", "issuewild"
_OTHER_TAGS = frozenset({"iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
"""Those registered beside `issue` and `issuewild`, which say nothing of certificates for servers."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ISSUER_VALUE = re.compile(
    rf"[ \t]*(?P<issuer>{_LABEL}(?:\.{_LABEL})*)?[ \t]*"
    rf"(?:;[ \t]*(?:{_LABEL}[ \t]*=[ \t]*[\x21-\x3a\x3c-\x7e]*[ \t]*(?:;[ \t]*{_LABEL}[ \t]*=[ \t]*[\x21-\x3a\x3c-\x7e]*[ \t]*)*)?)?"
)
"""RFC 8659 section 4.2; a final semicolon behind parameters is not in it."""


class CaaProperty(msgspec.Struct, frozen=True):
    """One record: its flags, its tag in lower case and its value as received."""

    flags: int
    tag: str
    value: bytes


class CaaPolicy(msgspec.Struct, frozen=True):
    """What a set of records says; `issue` and `issuewild` are the authorities named, None where there is no such record.

    `malformed` are values that name nobody although something was meant; `critical` are tags of critical records that no
    authority knows, so that none issues (RFC 8659 section 4.1); `unknown` are other tags that are not registered.
    """

    issue: tuple[str, ...] | None
    issuewild: tuple[str, ...] | None
    malformed: tuple[bytes, ...] = ()
    critical: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def allowed(self, *, wildcard: bool) -> tuple[str, ...] | None:
        """Return who may issue, None for everybody (RFC 8659 sections 4.2 and 4.3)."""
        if self.critical:
            return ()
        return self.issuewild if wildcard and self.issuewild is not None else self.issue


def read_caa(properties: Iterable[CaaProperty]) -> CaaPolicy:
    """Return what a set of records says together."""
    issuers: dict[str, list[str]] = {}
    malformed: list[bytes] = []
    critical: list[str] = []
    unknown: list[str] = []
    for one in properties:
        if one.tag in {ISSUE, ISSUE_WILD}:
            named = issuers.setdefault(one.tag, [])
            read = _ISSUER_VALUE.fullmatch(one.value.decode("latin-1"))
            if read is None:
                malformed.append(one.value)
            elif read["issuer"]:
                named.append(read["issuer"].lower())
        elif one.tag not in _OTHER_TAGS:
            (critical if one.flags & CRITICAL else unknown).append(one.tag)
    found = {tag: tuple(sorted({*named})) for tag, named in issuers.items()}
    return CaaPolicy(
        issue=found.get(ISSUE),
        issuewild=found.get(ISSUE_WILD),
        malformed=tuple(malformed),
        critical=tuple(dict.fromkeys(critical)),
        unknown=tuple(dict.fromkeys(unknown)),
    )

"""Worlds whose policies hold what is no MX pattern, or what Postfix would read as something else."""

import msgspec

from real.bed.delivery import TRUSTED
from real.bed.town import Host, MailDomain
from real.policyd.case import (
    NOT_FOUND,
    REFUSED,
    Case,
    about,
    alike,
    direct,
    named,
    policy,
    policy_bytes,
    secure,
)

HOSTILE_MX = f"mx1.{named('hostile')}"
HOSTILE_VALUES = {
    "servername": b"%b servername=evil.example.com",
    "attribute": b"servername=evil.example.com",
    "colon": b"%b:evil.example.com",
    "comma": b"%b,match=evil.example.com",
    "braces": b"{ %b }",
    "open-brace": b"{",
    "nul": b"%b\0.example.com",
    "newline": b"%b\n\nOK may",
    "netstring": b"%b,10:OK may,",
    "address": b"192.0.2.25",
    "literal": b"[192.0.2.25]",
    "empty": b"",
    "dot": b".example.com",
    "star": b"*",
    "two-stars": b"*.*.example.com",
    "control": b"%b\x1b[2J",
}


def _hostile() -> tuple[Case, ...]:
    """Return policies with an MX value that is no pattern; by its grammar each is no policy at all."""
    mine = HOSTILE_MX.encode()
    cases = []
    for label, value in HOSTILE_VALUES.items():
        body = policy_bytes(mine, value.replace(b"%b", mine))
        domain = MailDomain(named(f"hostile-{label}"), (HOSTILE_MX,), id="1", policy=body)
        cases.append(Case(domain, NOT_FOUND, NOT_FOUND, alike(TRUSTED)))
    return tuple(cases)


def _words_of_postfix() -> tuple[Case, ...]:
    """Return policies whose MX patterns are names of one label that Postfix takes for something else.

    After `match=` these stand for names that nobody wrote into a policy, among them that of the MX host at hand.
    """

    def case(word: str) -> Case:
        label = f"word-{word}"
        listed = f"mail.{named(label)}"
        domain = msgspec.structs.replace(
            direct(label, Host(f"mx1.{named(label)}", (f"mx1.{named(label)}", named(label)))),
            id="1",
            policy=policy(listed, word),
        )
        told = f"{secure(listed)} {about(domain.name, listed, word)}"
        return Case(domain, secure(listed), told, REFUSED)

    return tuple(case(word) for word in ("hostname", "nexthop", "dot-nexthop"))


HOSTILE = _hostile()
WORDS_OF_POSTFIX = _words_of_postfix()
HOSTILE_HOST = MailDomain(named("hostile"), (), (Host(HOSTILE_MX),))
"""The host that receives for all of the former."""

"""Checks: facts worth saying about a mail domain, each found by one generator over the nouns.

A check knows no severity, and no sender but where it foretells what a step would do; whom a fact hurts is computed from the sender models, and the words for it
stand in the catalogue under its code. All checks stand in `CHECKS`, in the order in which a reader meets them.
"""

from collections.abc import Callable, Iterator
from typing import Final

from mxproof.judge.checks import (
    certificate,
    dane,
    dnssec,
    mx_alias,
    mx_policy,
    mx_set,
    name_servers,
    ptr,
    resolver,
    served,
    smtp,
    sts_policy,
    sts_record,
    tlsrpt,
)
from mxproof.judge.report import Finding
from mxproof.mail.domain import MailDomain

Check = Callable[[MailDomain], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    dnssec.check,
    mx_set.check,
    mx_alias.check,
    mx_policy.check,
    sts_record.check,
    sts_policy.check,
    smtp.check,
    certificate.check,
    dane.check,
    tlsrpt.check,
    ptr.check,
    served.check,
    name_servers.check,
)


def findings(domain: MailDomain) -> tuple[Finding, ...]:
    """Return what every check has to say about `domain`; nothing where the resolver here is at fault, but that it is."""
    here = tuple(resolver.check(domain))
    return here or tuple(finding for check in CHECKS for finding in check(domain))

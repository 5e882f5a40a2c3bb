"""Checks: facts worth saying about a mail domain, each found by one generator over the nouns.

A check knows no severity, and no sender but where it foretells what a step would do; whom a fact hurts is computed from the sender models, and the words for it
stand in the catalogue under its code. All checks stand in `CHECKS`, in the order in which a reader meets them.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mxproof.judge.checks import (
    certificate,
    dane,
    dkim,
    dmarc,
    dnssec,
    mx_alias,
    mx_policy,
    mx_set,
    name_servers,
    ptr,
    resolver,
    served,
    smtp,
    spf,
    sts_policy,
    sts_record,
    tlsrpt,
)
from mxproof.judge.report import Finding
from mxproof.mail.domain import MailDomain
from mxproof.survey.check_set import CheckSet

Check = Callable[[MailDomain], Iterator[Finding]]

CHECKS: Final[Mapping[CheckSet, tuple[Check, ...]]] = MappingProxyType(
    {
        CheckSet.ARRIVAL: (
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
        ),
        CheckSet.SPF: (spf.check,),
        CheckSet.DMARC: (dmarc.check,),
        CheckSet.DKIM: (dkim.check,),
    }
)
"""The checks of each set; those of name servers say nothing where these were not asked."""


def findings(domain: MailDomain) -> tuple[Finding, ...]:
    """Return what the checks of every set that was asked have to say about `domain`.

    Where the resolver here is at fault, that is all there is to say.
    """
    here = tuple(resolver.check(domain))
    checks = (check for one in domain.sets for check in CHECKS.get(one, ()))
    return here or tuple(finding for check in checks for finding in check(domain))

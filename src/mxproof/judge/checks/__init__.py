"""Checks: facts worth saying about a mail domain, each found by one generator over the nouns.

A check knows no severity, and no sender but where it foretells what a step would do; whom a fact hurts is computed from the sender models, and the words for it
stand in the catalogue under its code. `checks_of` has those of each set, in the order in which a reader meets them.
"""

from collections.abc import Callable, Iterator
from typing import Final

from mxproof.judge.checks import (
    certificate,
    certificate_remarks,
    dane,
    dane_next,
    dnssec,
    mx_alias,
    mx_backup,
    mx_policy,
    mx_set,
    name_servers,
    ptr,
    resolver,
    served,
    smtp,
    smtp_manner,
    sts_policy,
    sts_record,
    sts_text,
    tlsrpt,
)
from mxproof.judge.report import Finding
from mxproof.mail.domain import MailDomain
from mxproof.survey.check_set import CheckSet

Check = Callable[[MailDomain], Iterator[Finding]]

ARRIVAL_CHECKS: Final[tuple[Check, ...]] = (
    dnssec.check,
    mx_set.check,
    mx_alias.check,
    mx_policy.check,
    sts_record.check,
    sts_policy.check,
    sts_text.check,
    smtp.check,
    smtp_manner.check,
    mx_backup.check,
    certificate.check,
    certificate_remarks.check,
    dane.check,
    dane_next.check,
    tlsrpt.check,
    ptr.check,
    served.check,
    name_servers.check,
)
"""Those of name servers say nothing where these were not asked; that of their paths is here for what explain measures."""


def checks_of(one: CheckSet) -> tuple[Check, ...]:
    """Return the checks of a set; those of what only some ask are loaded for these."""
    match one:
        case CheckSet.ARRIVAL:
            return ARRIVAL_CHECKS
        case CheckSet.NAME_SERVER_PATHS:
            from mxproof.judge.checks import delegation, edns  # noqa: PLC0415 - most checks ask for arrival alone

            return (name_servers.check, delegation.check, edns.check)
        case CheckSet.SPF:
            from mxproof.judge.checks import spf  # noqa: PLC0415 - as above

            return (spf.check,)
        case CheckSet.DMARC:
            from mxproof.judge.checks import dmarc  # noqa: PLC0415 - as above

            return (dmarc.check,)
        case CheckSet.DKIM:
            from mxproof.judge.checks import dkim  # noqa: PLC0415 - as above

            return (dkim.check,)
        case CheckSet.SENDING:
            from mxproof.judge.checks import sending  # noqa: PLC0415 - as above

            return (sending.check,)
        case CheckSet.CAA:
            from mxproof.judge.checks import caa  # noqa: PLC0415 - as above

            return (caa.check,)
        case CheckSet.DNSBL:
            from mxproof.judge.checks import dnsbl  # noqa: PLC0415 - as above

            return (dnsbl.check,)
        case CheckSet.RESILIENCE:
            from mxproof.judge.checks import resilience  # noqa: PLC0415 - as above

            return (resilience.check,)
        case CheckSet.TLS:
            from mxproof.judge.checks import tls  # noqa: PLC0415 - as above

            return (tls.check,)
        case CheckSet.DNSSEC:
            from mxproof.judge.checks import dane_lines, dnssec_chain  # noqa: PLC0415 - as above

            return (dnssec_chain.check, dane_lines.check)
        case _:
            return ()


def findings(domain: MailDomain) -> tuple[Finding, ...]:
    """Return what the checks of every set that was asked have to say about `domain`.

    Where the resolver here is at fault, that is all there is to say.
    """
    here = tuple(resolver.check(domain))
    checks = dict.fromkeys(check for one in domain.sets for check in checks_of(one))
    return here or tuple(finding for check in checks for finding in check(domain))

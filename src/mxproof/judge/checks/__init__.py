"""Checks: facts worth saying about a mail domain, each found by one generator over the nouns.

A check knows no severity, and no sender but where it foretells what a step would do; whom a fact hurts is computed from the sender models, and the words for it
stand in the catalogue under its code. `checks_of` has those of each set, in the order in which a reader meets them.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import MappingProxyType
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


_MODULES: Final = MappingProxyType(
    {
        CheckSet.NAME_SERVERS: (),
        CheckSet.NAME_SERVER_PATHS: ("name_servers", "delegation", "edns"),
        CheckSet.DNSSEC: ("dnssec_chain", "dane_lines"),
    }
)
"""The modules with the checks of a set, where it is not the one that is called as the set is."""


def checks_of(one: CheckSet) -> tuple[Check, ...]:
    """Return the checks of a set; those of what only some ask are loaded for these."""
    if one is CheckSet.ARRIVAL:
        return ARRIVAL_CHECKS
    return tuple(import_module(f"{__name__}.{name}").check for name in _MODULES.get(one, (str(one),)))


def findings(domain: MailDomain) -> tuple[Finding, ...]:
    """Return what the checks of every set that was asked have to say about `domain`.

    Where the resolver here is at fault, that is all there is to say.
    """
    here = tuple(resolver.check(domain))
    checks = dict.fromkeys(check for one in domain.sets for check in checks_of(one))
    return here or tuple(finding for check in checks for finding in check(domain))

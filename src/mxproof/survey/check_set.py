"""The named sets of checks: what each asks, which are asked by default, and which were asked of some evidence.

| set | asks | by default |
|---|---|---|
| arrival | all that a sender decides by: MX, MTA-STS, SMTP and TLS, DANE, TLS reporting, reverse names | yes |
| name-servers | each name server for the same records; it asks what `arrival` asks as well | yes |
| name-server-paths | each address of each name server over UDP and over TCP, for the records of mail received and sent, and names of mail for aliases beside them | no |
| spf | the SPF record with all that its evaluation looks up, and those of the MX hosts | no |
| dmarc | the DMARC record on the walk up the tree, and the consent of whoever is to get its reports | no |
| dkim | the keys of the selectors that are named, or else of those in common use | no |
| sending | reverse and HELO names and SPF of the addresses that are named, or that the SPF record names one by one | no |
| resilience | nothing more than `arrival`; it says what is left of the mail when a host, a network or IPv4 fails | no |
| dnsbl | lists of addresses for the MX hosts and the hosts that are named as senders; asked only where it is named | no |
| caa | who may issue certificates for the MX hosts and the policy host; it asks what `arrival` asks as well | no |
| dnssec | the keys and signatures from the top-level domain down to the records that mail is found by, and each server's | no |
| reports | the domains that TLS reports are mailed to, as `arrival` asks about the domain itself, and records at TLSA base domains | no |
| tls | each MX address for handshakes that offer one version or one sort of cipher suites alone, and for one without a name | no |

A set that is not asked is not judged. The evidence holds which were asked (`Vantage.sets`), so that a replay says what
the check said; evidence that names none is of the two that are asked by default, as all was before sets had names.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from importlib import import_module
from types import MappingProxyType
from typing import Final

from mxproof.evidence import Evidence, Question
from mxproof.survey import inbound, served
from mxproof.survey.name_servers import PATHS
from mxproof.survey.together import Wanted, together


class CheckSet(StrEnum):
    """Checks that are asked together or not at all."""

    ARRIVAL = "arrival"
    NAME_SERVERS = "name-servers"
    NAME_SERVER_PATHS = PATHS
    SPF = "spf"
    DMARC = "dmarc"
    DKIM = "dkim"
    RESILIENCE = "resilience"
    SENDING = "sending"
    CAA = "caa"
    DNSBL = "dnsbl"
    TLS = "tls"
    DNSSEC = "dnssec"
    REPORTS = "reports"


SENDER_SETS: Final = (CheckSet.SPF, CheckSet.DMARC, CheckSet.DKIM, CheckSet.SENDING)
"""What a domain that sends mail is looked at for."""
DEFAULT_SETS: Final = (CheckSet.ARRIVAL, CheckSet.NAME_SERVERS)
FULL_SETS: Final = tuple(one for one in CheckSet if one is not CheckSet.DNSBL)
"""All that is asked of the domain's own servers and of a resolver; lists are other people's, and have terms of their own."""
OF_ARRIVAL: Final = frozenset(
    {
        CheckSet.NAME_SERVERS,
        CheckSet.RESILIENCE,
        CheckSet.CAA,
        CheckSet.TLS,
        CheckSet.DNSSEC,
        CheckSet.REPORTS,
    }
)
"""The sets that are about what `arrival` asks, and nothing without it."""


_MODULES: Final = MappingProxyType({CheckSet.NAME_SERVER_PATHS: "paths"})
"""The modules of surveys that are not called as their set is."""


def survey_of(sets: Collection[CheckSet]) -> Callable[[Evidence], tuple[Question, ...]]:
    """Return the survey that asks for all of `sets`; that of the name servers asks what `arrival` asks as well."""
    asked = {*sets} - ({CheckSet.ARRIVAL} if CheckSet.NAME_SERVERS in sets else set())
    return together(*(_survey(one) for one in CheckSet if one in asked))


def _survey(one: CheckSet) -> Wanted:
    """Return the survey of one set; what only some checks ask is loaded for these."""
    match one:
        case CheckSet.ARRIVAL | CheckSet.RESILIENCE:
            return inbound.wanted
        case CheckSet.NAME_SERVERS:
            return served.wanted
        case _:
            module = _MODULES.get(one, str(one))
            wanted: Wanted = import_module(f"mxproof.survey.{module}").wanted
            return wanted


def with_required(sets: Collection[CheckSet]) -> tuple[CheckSet, ...]:
    """Return `sets` with what they cannot be asked without, in order."""
    needed = {*sets} if OF_ARRIVAL.isdisjoint(sets) else {*sets, CheckSet.ARRIVAL}
    return tuple(one for one in CheckSet if one in needed)


def asked_sets(evidence: Evidence) -> tuple[CheckSet, ...]:
    """Return the sets that were asked of the evidence's domain; names that a later version gave are passed over."""
    named = evidence.vantage.sets
    return tuple(one for one in CheckSet if one in named) if named else DEFAULT_SETS


def as_recorded(sets: Collection[CheckSet]) -> tuple[str, ...]:
    """Return what evidence holds of `sets`: nothing for the default."""
    return () if tuple(sets) == DEFAULT_SETS else tuple(map(str, sets))

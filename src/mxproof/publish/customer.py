"""A domain of a customer: its zone is another one's, and aliases in it lead to names that are ours to alter.

    _mta-sts.CUSTOMER                 CNAME  CUSTOMER.RECORDS                  a name of its own in our zone, with an id of its own
    mta-sts.CUSTOMER                  CNAME  HOST                              the one host of policies
    _acme-challenge.mta-sts.CUSTOMER  CNAME  _acme-challenge.CUSTOMER.RECORDS  where certificates are proved by records

| what is seen | then |
|---|---|
| an alias is missing, or leads elsewhere | the customer is told which; nothing is announced |
| its MX records cannot be found out, or there are none | nothing is done |
| not every MX host is one of ours, and nothing was published so far | nothing is done: that mail is not ours to promise anything for |
| else | its policy has the MX hosts that it really has, and is published as every other one |

A customer that moves its mail elsewhere and leaves the aliases has a policy that follows its MX records.
"""

from typing import Final

import msgspec

from mxproof.evidence import ABSENT, Evidence, Kind, NameRecord, Outcome, Question
from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import Mode, Policy, print_policy
from mxproof.publish.challenge import proof_name
from mxproof.survey.published import owner
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL, mx_set

CUSTOMER_TTL_S: Final = 3600
"""The time to live of the aliases as customers are told them."""


class CustomerTemplate(msgspec.Struct, frozen=True):
    """What customers have in common: `records` is the name below which each has one of its own, `host` the host of policies.

    `ours` are patterns of MX hosts that mail may be promised for; none for any.
    """

    records: str
    host: str
    mode: Mode
    max_age_s: int
    ours: tuple[str, ...] = ()


class WantedAlias(msgspec.Struct, frozen=True):
    """An alias that a customer has to have in its zone; `leads_to` is where the name leads now, empty where there is no alias."""

    name: str
    target: str
    leads_to: str = ""

    def line(self) -> str:
        """Return it as a zone file has it."""
        return f"{self.name}. {CUSTOMER_TTL_S} CNAME {self.target}."


class CertificateWanted(msgspec.Struct, frozen=True):
    """A host that senders are about to ask for a policy and that shows no certificate that they take.

    The name leads to our host already, so that whoever gets certificates can prove that it is ours.
    """

    host: str


def record_name(domain: str, template: CustomerTemplate) -> str:
    """Return the name in our zone at which the record of a customer stands."""
    return f"{domain}.{template.records}"


def wanted_aliases(look: Evidence, template: CustomerTemplate) -> tuple[WantedAlias, ...]:
    """Return the aliases that a customer does not have as they have to be."""
    domain = look.domain
    record, host = f"{STS_LABEL}.{domain}", f"{POLICY_LABEL}.{domain}"
    leads_to = owner(look, Question(Kind.TXT, record))
    found = []
    if leads_to != record_name(domain, template):
        found.append(
            WantedAlias(record, record_name(domain, template), "" if leads_to == record else leads_to)
        )
    alias = _alias_of(look, host)
    if alias != template.host:
        found.append(WantedAlias(host, template.host, alias))
    return tuple(found)


def leads_elsewhere(look: Evidence, alias: WantedAlias) -> str:
    """Return why an alias of a customer is not the one that is wanted, by what a resolver says; empty where it is."""
    name, target = alias.name, alias.target
    answer, data = look.dns(Kind.CNAME, name)
    if data is None and answer.outcome not in ABSENT:
        return f"{name}: its alias could not be looked up ({answer.outcome})"
    leads_to = _alias_of(look, name)
    if leads_to == target:
        return ""
    return (
        f"{name} is an alias of {leads_to}, not of {target}"
        if leads_to
        else f"{name} is no alias of {target}"
    )


def certificate_aliases(domain: str, records: str, host: str, *, by_record: bool) -> tuple[WantedAlias, ...]:
    """Return the aliases without which no authority issues for the policy host of a customer.

    Where names are proved `by_record`, so is that of the proof, to a name below that of its record in our zone.
    """
    served = f"{POLICY_LABEL}.{domain}"
    proof = WantedAlias(proof_name(served), proof_name(f"{domain}.{records}"))
    return (WantedAlias(served, host), *((proof,) if by_record else ()))


def _alias_of(look: Evidence, host: str) -> str:
    _, data = look.dns(Kind.CNAME, host)
    names = [one.name for one in data.records if isinstance(one, NameRecord)] if data is not None else []
    return names[0] if len(names) == 1 else ""


def customer_policy(receiving: Evidence, template: CustomerTemplate, last: Policy | None) -> Policy | str:
    """Return the policy of a customer by its MX records, or why it can have none; `last` was published of it last, None for nothing.

    What was published last keeps its mode and how long it is held, which a roll-out may have led elsewhere than the template has them.
    """
    found = mx_set(receiving)
    if found.answer.outcome is not Outcome.FOUND:
        absent = found.answer.outcome in {Outcome.NXDOMAIN, Outcome.EMPTY}
        return "it has no MX record" if absent else f"its MX records are not known ({found.answer.outcome})"
    if found.null:
        return "it takes no mail (RFC 7505)"
    hosts = tuple(dict.fromkeys(one.name for one in found.exchanges))
    if found.unprobed or found.null_beside:
        return "its MX records are too many, or have a null MX among them"
    mode, max_age_s = template.mode, template.max_age_s
    if last is not None:
        mode, max_age_s = last.mode, last.max_age_s
    elif template.ours:
        ours = Policy(Mode.ENFORCE, template.max_age_s, template.ours)
        others = [host for host in hosts if not ours.matches(host)]
        if others:
            return f"its mail goes to {others[0]}, which is none of customers.mx"
    policy = Policy(mode, max_age_s, hosts)
    try:
        print_policy(policy)
    except FormatError as error:
        return f"its MX records make no policy: {error.objections[0].message}"
    return policy

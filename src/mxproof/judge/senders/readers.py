"""Which senders find a record, and which a policy, in what the domain publishes: what the words of findings name."""

from collections.abc import Mapping, Sequence

from mxproof.judge.senders.traits import Traits
from mxproof.judge.value import Value
from mxproof.judge.vocabulary import Confidence
from mxproof.mail.domain import MailDomain


def readers(domain: MailDomain, senders: Sequence[Traits]) -> Mapping[str, Value]:
    """Return, as params for findings, the names of the senders that read the record, and of those that read the policy.

    Left out are senders that rest on a guess, and those of which it is open; the policy counts as read where it is at
    one address.
    """
    known = [one for one in senders if one.mta_sts and one.confidence is not Confidence.GUESS]
    record = [one for one in known if all(domain.record.read(reading) for reading in one.readings)]
    policy = [one for one in known if _reads_policy(domain, one)]
    return {"record_readers": tuple(map(_name, record)), "policy_readers": tuple(map(_name, policy))}


def _reads_policy(domain: MailDomain, traits: Traits) -> bool:
    fetches = domain.policy_host.fetches
    return any(all(fetch.read(reading) for reading in traits.readings) for fetch in fetches)


def _name(traits: Traits) -> str:
    return traits.name.partition(" (")[0]

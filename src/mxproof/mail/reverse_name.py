"""The reverse name of an address, and whether it leads back to it (forward-confirmed reverse DNS, RFC 8601 section 3)."""

from enum import StrEnum

from mxproof.evidence import ABSENT, ANSWERED, AddressRecord, Answer, DnsData, Evidence, Outcome, Question


class PtrState(StrEnum):
    """Whether reverse and forward names of an address agree (FCrDNS)."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    ABSENT = "absent"
    UNKNOWN = "unknown"


def ptr_state(evidence: Evidence, answer: Answer, address: str, forward: tuple[Question, ...]) -> PtrState:
    """Return whether a reverse name, whose look-up came to `answer`, leads back by one of the `forward` look-ups."""
    if answer.outcome in ABSENT or (answer.outcome is Outcome.FOUND and not forward):
        return PtrState.ABSENT
    if answer.outcome is not Outcome.FOUND:
        return PtrState.UNKNOWN
    if any(leads_to(address, evidence.answer(question)) for question in forward):
        return PtrState.CONFIRMED
    settled = all(evidence.answer(question).outcome in ANSWERED for question in forward)
    return PtrState.UNCONFIRMED if settled else PtrState.UNKNOWN


def leads_to(address: str, answer: Answer) -> bool:
    """Tell whether an answer holds an address."""
    records = answer.data.records if isinstance(answer.data, DnsData) else ()
    return any(isinstance(record, AddressRecord) and record.address == address for record in records)

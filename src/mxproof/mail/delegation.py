"""The nouns of the way down to a zone: where the zone above leads, and what the servers of the zone say themselves."""

import msgspec

from mxproof.evidence import ABSENT, DnsData, Evidence, NameRecord, Outcome, Question
from mxproof.survey.delegation import delegation_data, delegation_questions, led_to, own_questions
from mxproof.survey.reading import FAMILY_KINDS, addresses
from mxproof.survey.zone import zone_of


class LedServer(msgspec.Struct, frozen=True):
    """A name server within the zone: its addresses as the zone above gives them, and as it has them itself.

    `addresses` are None where they could not be looked up.
    """

    name: str
    glue: tuple[str, ...]
    addresses: tuple[str, ...] | None


class Delegation(msgspec.Struct, frozen=True):
    """The servers of `zone` as the zone above names them, and as its own servers do; `glue` is that of servers within it.

    `led` or `own` is empty where nobody told; `asked` are the questions that were answered.
    """

    zone: str
    led: tuple[str, ...]
    own: tuple[str, ...]
    glue: tuple[LedServer, ...]
    asked: tuple[Question, ...]


def delegation_of(evidence: Evidence) -> Delegation | None:
    """Return what leads to the zone of the domain beside what the zone says; None where the zone was not found."""
    zone = zone_of(evidence, evidence.domain)
    if zone is None:
        return None
    led = led_to(evidence, zone)
    held = {question: _held(evidence, question) for question in own_questions(evidence, zone)}
    leading = (
        one for one in delegation_questions(evidence, zone) if delegation_data(evidence, one) is not None
    )
    return Delegation(
        zone=zone,
        led=tuple(led),
        own=tuple(sorted({name for names in held.values() for name in names})),
        glue=tuple(
            LedServer(name, glue, _own_addresses(evidence, name))
            for name, glue in led.items()
            if name == zone or name.endswith(f".{zone}")
        ),
        asked=(*leading, *(question for question, names in held.items() if names)),
    )


def _held(evidence: Evidence, question: Question) -> tuple[str, ...]:
    """Return the names that a server of the zone itself gives for its servers."""
    answer = evidence.answer(question)
    data = answer.data
    if answer.outcome is not Outcome.FOUND or not isinstance(data, DnsData) or not data.authoritative:
        return ()
    return tuple(record.name for record in data.records if isinstance(record, NameRecord))


def _own_addresses(evidence: Evidence, name: str) -> tuple[str, ...] | None:
    outcomes = {evidence.dns(FAMILY_KINDS[family], name)[0].outcome for family in evidence.vantage.families}
    return addresses(evidence, name) if outcomes <= ABSENT | {Outcome.FOUND} else None

"""Whether a stage of a rollover may be made, and what mail servers show of it: by how mail arrives for every domain that comes there."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from mxproof.evidence import Der, Evidence, TlsaRecord
from mxproof.judge.senders import SENDERS, Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.change import TlsaValue
from mxproof.mail.domain import Host, Session
from mxproof.mail.trust import Chain
from mxproof.publish.permission import Permission, PublicationJudgement, permission_of
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Rollover, tlsa_of
from mxproof.publish.step import LaggingPlace
from mxproof.remedy.apply import apply
from mxproof.remedy.planned import PlannedCertificate, PlannedState, planned
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.preflight import preflight
from mxproof.remedy.step_record import AlteredSet
from mxproof.world.world import TTL_UNSAID_S, RRset

_AS_IT_STANDS = PlannedState()
_WORST_FIRST = (Permission.REFUSED, Permission.UNCLEAR, Permission.GRANTED)


class RolloverLooks(msgspec.Struct, frozen=True):
    """How it is found out what name servers have of some hosts, for a domain, and how its mail arrives once a state is."""

    served: Callable[[str, tuple[str, ...]], Evidence]
    arriving: Callable[[str, PlannedState], Evidence]


class RolloverJudge:
    """Judges stages; `anchors` finds the roots at which a chain could end."""

    def __init__(
        self,
        looks: RolloverLooks,
        anchors: Callable[[Sequence[Der]], tuple[Der, ...]] = lambda _: (),
        senders: Sequence[Traits] = SENDERS,
    ) -> None:
        self._looks = looks
        self._anchors = anchors
        self._senders = senders

    def records(self, rollover: Rollover, sets: Sequence[AlteredSet]) -> PublicationJudgement:
        """Judge sets of records as they would stand."""
        return self._worst(rollover, PlannedState(zones=_zones(sets)))

    def certificate(self, rollover: Rollover, sets: Sequence[AlteredSet] = ()) -> PublicationJudgement:
        """Judge the certificate at every name that the server is looked up by, as if these sets had stood for long."""
        chain = tuple(map(Der, rollover.chain))
        hosts = tuple(PlannedCertificate(one, chain) for one in rollover.hosts)
        state = PlannedState(certificates=hosts, anchors=self._anchors(chain))
        return self._worst(rollover, state, PlannedState(zones=_zones(sets)))

    def shown(self, rollover: Rollover) -> tuple[LaggingPlace, ...]:
        """Return every address that does not show the certificate, or does not tell."""
        return tuple(
            place
            for host, place, chain in self._sessions(rollover)
            if chain is None or chain.ders()[:1] != rollover.chain[:1]
        )

    def old_shown(self, rollover: Rollover) -> tuple[LaggingPlace, ...]:
        """Return every address that shows what a record that goes names and none that stays, or does not tell."""
        going = [tlsa_of(one.record) for one in rollover.going]
        return tuple(
            place
            for _, place, chain in self._sessions(rollover)
            if chain is None or any(chain.matched_by(one) is not None for one in going)
        )

    def _sessions(self, rollover: Rollover) -> Iterator[tuple[Host, LaggingPlace, Chain | None]]:
        seen: set[LaggingPlace] = set()
        for domain in rollover.domains:
            evidence = self._looks.arriving(domain, _AS_IT_STANDS)
            for host in assemble(evidence, evidence.observed_at()).hosts:
                if not {host.name, host.target} & set(rollover.hosts):
                    continue
                for endpoint in host.endpoints:
                    for session in endpoint.sessions:
                        place = _place(host, endpoint.address, session)
                        if place not in seen:
                            seen.add(place)
                            yield host, place, session.chain

    def _worst(
        self, rollover: Rollover, state: PlannedState, standing: PlannedState = _AS_IT_STANDS
    ) -> PublicationJudgement:
        made = [self._of(domain, state, standing) for domain in rollover.domains]
        return min(made, key=lambda one: _WORST_FIRST.index(one.permission))

    def _of(self, domain: str, state: PlannedState, standing: PlannedState) -> PublicationJudgement:
        evidence = self._looks.arriving(domain, standing if standing.zones else state)
        if standing.zones:
            before = planned(standing, evidence)
            evidence = apply(before.changes, before.evidence).evidence
        found = preflight(state, evidence, now=evidence.observed_at(), senders=self._senders)
        return PublicationJudgement(permission_of(found), found)


def kept_from(judgement: PublicationJudgement) -> PublicationEnd | None:
    """Return how it ends where it may not be done, None where it may."""
    ends = {Permission.REFUSED: PublicationEnd.REFUSED, Permission.UNCLEAR: PublicationEnd.UNCLEAR}
    return ends.get(judgement.permission)


def _place(host: Host, address: str, session: Session) -> LaggingPlace:
    leaf = session.chain.leaf if session.chain is not None else None
    shows = "no certificate" if leaf is None else f"a certificate until {leaf.not_after:%Y-%m-%d %H:%M} UTC"
    return LaggingPlace(host.name, address, "smtp", shows)


def _zones(sets: Sequence[AlteredSet]) -> tuple[PlannedZone, ...]:
    rrsets = [
        RRset(
            one.name,
            one.kind.value,
            tuple(
                TlsaRecord(
                    record.usage, record.selector, record.matching_type, bytes.fromhex(record.association)
                )
                for record in one.after
                if isinstance(record, TlsaValue)
            ),
            one.ttl_s or TTL_UNSAID_S,
        )
        for one in sets
    ]
    return (PlannedZone(rrsets, None),) if rrsets else ()

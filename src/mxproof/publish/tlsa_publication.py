"""The TLSA records of the MX hosts of a domain: first ones, and those for a certificate that somebody is going to install.

| a host | then |
|---|---|
| has an unfinished rollover | that goes on, unless it is one of `deploy`, which goes on beside the file |
| gets another certificate | the rollover to it is judged, and begun: what it needs comes, and what only the old one needs goes once it is shown |
| has no record, and signed addresses | records come for what it shows |
| else | nothing |
"""

from collections.abc import Mapping, Sequence

import msgspec

from mxproof.evidence import Der, Evidence
from mxproof.mail.assemble import assemble
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rolling import Roller, RolloverResult
from mxproof.publish.rollover import Rollover, Stage, rollover_in, swap_from, withdrawn_from
from mxproof.publish.rollover_making import ServerOfMail, first_records, looked_up_by, rollover_to
from mxproof.publish.rollover_permission import RolloverLooks
from mxproof.publish.tlsa_standing import standing_tlsa
from mxproof.publish.told_rollover import ToldRollover, told_rollover
from mxproof.remedy.planned import PlannedState
from mxproof.store.journal.rollover import JournalledRollover
from mxproof.store.journal.rollover_journal import RolloverJournal


class WantedTlsa(msgspec.Struct, frozen=True):
    """What is wanted of the hosts of a domain: chains that they will show, by name, and authorities to be named instead of keys."""

    chains: Mapping[str, tuple[Der, ...]] = {}
    authorities: tuple[Der, ...] = ()
    kept_s: int = 0


class TlsaPublication:
    """Publishes TLSA records by what `roller` does and `journal` says."""

    def __init__(self, roller: Roller, journal: RolloverJournal, looks: RolloverLooks) -> None:
        self._roller = roller
        self._journal = journal
        self._looks = looks

    def publish(
        self, domain: str, wanted: WantedTlsa, forced: str = "", *, dry: bool = False
    ) -> tuple[ToldRollover, ...]:
        """Do of every MX host of a domain what may be done now; return what became of each, and what stands there."""
        evidence = self._looks.arriving(domain, PlannedState())
        mail = assemble(evidence, evidence.observed_at())
        found = []
        for host in mail.hosts:
            hosts = looked_up_by((host.name,), (evidence,))
            server = ServerOfMail(
                hosts=hosts, domains=(domain,), authorities=wanted.authorities, kept_s=wanted.kept_s
            )
            chain = wanted.chains.get(host.name) or wanted.chains.get(host.target, ())
            result = self._of_host(server, chain, evidence, forced, dry=dry)
            coming = result.rollover.chain if result.rollover is not None else ()
            look = self._looks.served(domain, hosts)
            found.append(told_rollover(result, standing_tlsa(host, look, tuple(map(Der, coming)))))
        return tuple(found)

    def go_on(self, host: str) -> ToldRollover | None:
        """Go on with what is unfinished of a host, None where nothing is; one of `deploy` is left to it, and told as it stands."""
        deployed = self._deployed(host)
        if deployed is not None:
            return told_rollover(_stands(deployed))
        with self._journal.alone(host) as still_alone:
            result = self._roller.go_on(host, still_alone, lambda: None)
        return None if result.rollover is None else told_rollover(result)

    def _of_host(
        self, server: ServerOfMail, chain: Sequence[Der], evidence: Evidence, forced: str, *, dry: bool
    ) -> RolloverResult:
        host = server.hosts[0]
        deployed = next((one for name in server.hosts if (one := self._deployed(name)) is not None), None)
        if deployed is not None:
            return _stands(deployed)
        with self._journal.alone(host) as still_alone:
            opened = self._journal.opened(host)
            unfinished = None if opened is None else rollover_in(opened)
            if unfinished is None or (chain and unfinished.chain[:1] != tuple(chain[:1])):
                rollover = self._rollover(server, chain, evidence, unfinished)
                if rollover is None:
                    return RolloverResult(host, PublicationEnd.NOTHING)
                foreseen = self._roller.foreseen(host, rollover)
                if dry or (foreseen.end is not PublicationEnd.PLANNED and not forced):
                    return foreseen
                self._roller.begin(host, rollover, forced)
            elif dry:
                return RolloverResult(host, PublicationEnd.PLANNED, rollover=unfinished)
            return self._roller.go_on(host, still_alone, lambda: None)

    def _rollover(
        self, server: ServerOfMail, chain: Sequence[Der], evidence: Evidence, unfinished: Rollover | None
    ) -> Rollover | None:
        """Return the rollover that is wanted of a host, None where nothing is to be done."""
        look = self._looks.served(server.domains[0], server.hosts)
        if not chain:
            return first_records(server, look, evidence)
        rollover = rollover_to(chain, server, look, (evidence,), unfinished)
        return rollover if rollover.awaited() or rollover.going else None

    def _deployed(self, host: str) -> JournalledRollover | None:
        """Return an unfinished rollover that swaps a file, which is for whoever has that file to finish."""
        opened = self._journal.opened(host)
        return opened if opened is not None and rollover_in(opened).file else None


def _stands(opened: JournalledRollover) -> RolloverResult:
    """Return how a rollover stands by what the journal says of it."""
    rollover = rollover_in(opened)
    if opened.shown_at is not None:
        stage = Stage.SETTLE
    else:
        stage = Stage.ANNOUNCE if rollover.awaited() and opened.announced_at is None else Stage.WAIT
    return RolloverResult(
        opened.host,
        PublicationEnd.WAITING,
        stage,
        rollover,
        swap_from(rollover, opened.announced_at) if opened.shown_at is None else None,
        None if opened.shown_at is None else withdrawn_from(rollover, opened.shown_at),
    )

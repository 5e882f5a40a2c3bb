"""CAA, SPF, DMARC and DKIM records of a domain published: judged, altered one set after the other, each seen at every name server.

Each call is made of what the configuration says and what is shown; nothing is remembered, so that whoever comes after a process that was
killed does what is left, and a second call does nothing. One at a time is at a domain.
"""

from collections.abc import Callable

import msgspec

from mxproof.evidence import Evidence, Question
from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.publish.keeper import KeeperError, RecordKeeper
from mxproof.publish.mail_records import (
    CaaJudgement,
    CaaPermission,
    WantedRecords,
    WantedSet,
    altered,
    judged_caa,
    lagging_behind,
    mute,
    wanted_sets,
)
from mxproof.publish.patience import Patience
from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import LaggingPlace
from mxproof.publish.told_records import RECORDS_VERSION, ToldRecords, ToldSet
from mxproof.remedy.step_record import AlteredSet
from mxproof.survey.zone import zone_of


class RecordLooks(msgspec.Struct, frozen=True):
    """How it is found out what name servers have of records of a domain, and which hosts it has with which certificates."""

    served: Callable[[str, tuple[Question, ...]], Evidence]
    hosts: Callable[[str], Evidence]


class RecordPublication:
    """Publishes them through `keeper`; certificates are ordered from `directory`, empty for none. `patience_s` is for one set."""

    def __init__(
        self,
        keeper: RecordKeeper,
        looks: RecordLooks,
        *,
        directory: str,
        ttl_s: int,
        patience_s: float,
        pause: Callable[[float], None],
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        self._keeper = keeper
        self._looks = looks
        self._directory = directory
        self._ttl_s = ttl_s
        self._patience_s = patience_s
        self._pause = pause
        self._tell = tell

    def publish(
        self, domain: str, wanted: WantedRecords, forced: str = "", *, dry: bool = False
    ) -> ToldRecords:
        """Publish what is wanted of a domain and is not there yet; with `dry` only say what would be done."""
        evidence = self._looks.hosts(domain)
        sets = wanted_sets(wanted, evidence)
        look = self._look(domain, sets)
        silent = tuple(place for one in sets for place in mute(one, look))
        if silent:
            return _told(domain, PublicationEnd.UNSEEN, lag=silent)
        left = [(one, made) for one in sets if (made := altered(one, look, self._ttl_s)) is not None]
        told = tuple(_set(made) for _, made in left)
        caa = judged_caa(wanted, evidence, self._directory)
        if not left:
            return _told(domain, PublicationEnd.NOTHING, caa=caa)
        is_caa = any(one.all for one, _ in left)
        worst = _end_of(caa) if is_caa and not forced else None
        if worst is not None or dry:
            return _told(domain, worst or PublicationEnd.PLANNED, told, caa)
        for _, made in left:
            zone = zone_of(look, made.name)
            if zone is None:
                return _told(
                    domain, PublicationEnd.FAILED, told, caa, said=f"{made.name}: its zone is not known"
                )
            try:
                self._tell(f"{domain}: {made.kind} {made.name}: {self._keeper.put(zone, made)}")
            except KeeperError as error:
                return _told(domain, PublicationEnd.FAILED, told, caa, said=str(error))
        lag = self._awaited(domain, tuple(one for one, _ in left))
        return _told(domain, PublicationEnd.WAITING if lag else PublicationEnd.DONE, told, caa, lag)

    def _awaited(self, domain: str, sets: tuple[WantedSet, ...]) -> tuple[LaggingPlace, ...]:
        """Look until everybody shows them or the patience is over; return who does not."""

        def lagging() -> tuple[LaggingPlace, ...]:
            look = self._look(domain, sets)
            return tuple(place for one in sets for place in lagging_behind(one, look))

        return Patience(self._patience_s, self._pause).looked_until_none(lagging)

    def _look(self, domain: str, sets: tuple[WantedSet, ...]) -> Evidence:
        return self._looks.served(domain, tuple(one.question for one in sets))


def _end_of(judged: tuple[CaaJudgement, ...]) -> PublicationEnd | None:
    permissions = {one.permission for one in judged}
    if CaaPermission.REFUSED in permissions:
        return PublicationEnd.REFUSED
    return PublicationEnd.UNCLEAR if CaaPermission.UNCLEAR in permissions else None


def _set(made: AlteredSet) -> ToldSet:
    return ToldSet(
        tuple(zone_line(made.name, one) for one in made.after if one not in made.before),
        tuple(zone_line(made.name, one) for one in made.before if one not in made.after),
    )


def _told(
    domain: str,
    end: PublicationEnd,
    sets: tuple[ToldSet, ...] = (),
    caa: tuple[CaaJudgement, ...] = (),
    lag: tuple[LaggingPlace, ...] = (),
    said: str = "",
) -> ToldRecords:
    return ToldRecords(RECORDS_VERSION, domain, end, sets, caa, lag, said)

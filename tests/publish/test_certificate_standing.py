"""How it stands with certificates: how many may be ordered now, when an authority is let alone, and what is told of a name."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mxproof.publish.acme_client import new_key
from mxproof.publish.certificate_folder import CertificateFolder, renewed_from
from mxproof.publish.certificate_standing import HOUR, CertificateStanding, OrderLimits
from mxproof.publish.told_certificate import CertificateEnd
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from support_certificates import INTERMEDIATE, NOW, make
from support_new_store import new_store

NAME = "mta-sts.a.example"
SECOND = timedelta(seconds=1)


class Place:
    """A journal, a folder and a clock that is set by hand."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.at = NOW
        self.wanted = WantedCertificateJournal(journal)
        self.orders = CertificateOrderJournal(journal, "https://acme.example/directory")
        self.folder = CertificateFolder(folder / "certificates")

    def standing(self, in_a_run: int = 5, in_an_hour: int = 3) -> CertificateStanding:
        limits = OrderLimits(in_a_run, in_an_hour)
        return CertificateStanding(self.wanted, self.orders, self.folder, limits, lambda: self.at)

    def ordered(self, *minutes_ago: int) -> None:
        for minutes in minutes_ago:
            self.orders.note(NAME, self.at - timedelta(minutes=minutes))

    def issued(self) -> datetime:
        """Keep a certificate, and return from when it is to be renewed."""
        chain = make(NAME, INTERMEDIATE, names=(NAME,)).certificate.public_bytes(Encoding.PEM)
        self.folder.keep(NAME, new_key(), chain)
        span = self.folder.span(NAME)
        assert span is not None
        return renewed_from(NAME, *span)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    new_store(tmp_path)
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        yield Place(tmp_path, journal)


@pytest.mark.parametrize(
    ("minutes_ago", "in_a_run", "room"),
    [
        ((), 5, 3),
        ((), 2, 2),
        ((50, 10), 5, 1),
        ((60, 10), 5, 2),
        ((59, 50, 10), 5, 0),
        ((59, 50, 10, 5), 5, 0),
    ],
)
def test_there_is_room_for_as_many_as_a_run_takes_and_the_hour_has_left(
    place: Place, minutes_ago: tuple[int, ...], in_a_run: int, room: int
) -> None:
    place.ordered(*minutes_ago)
    assert place.standing(in_a_run).room() == room


def test_after_as_many_as_an_hour_allows_the_next_waits_for_the_first_of_them_to_be_an_hour_ago(
    place: Place,
) -> None:
    place.ordered(50, 40, 30, 20)
    pause = place.standing().pause()
    assert pause is not None
    assert pause.until == place.at + timedelta(minutes=20), "of the last three, the first"
    assert "4 certificates" in pause.said
    place.at += timedelta(minutes=20)
    assert place.standing().pause() is None
    assert place.standing().room() == 1


def test_an_authority_that_refuses_is_let_alone_until_its_time(place: Place) -> None:
    until = place.at + HOUR
    place.orders.refused("too many", until)
    pause = place.standing().pause()
    assert pause is not None
    assert (pause.until, pause.said, place.standing().room()) == (until, "too many", 0)
    place.at = until - SECOND
    assert place.standing().pause() is not None
    place.at = until
    assert place.standing().pause() is None


def test_a_certificate_is_due_where_there_is_none_or_its_time_has_come(place: Place) -> None:
    assert place.standing().is_due(NAME)
    renewed = place.issued()
    assert not place.standing().is_due(NAME)
    place.at = renewed - SECOND
    assert not place.standing().is_due(NAME)
    place.at = renewed
    assert place.standing().is_due(NAME)


def ends(place: Place) -> tuple[CertificateEnd, datetime | None, str]:
    (told,) = place.standing().told([NAME, NAME])
    return told.end, told.tried_again_at, told.said


def test_of_a_name_it_is_told_whether_it_waits_and_for_what(place: Place) -> None:
    assert ends(place) == (CertificateEnd.DUE, None, "")
    place.wanted.want([NAME], place.at)
    assert ends(place) == (CertificateEnd.DUE, None, ""), "its turn has come"
    place.wanted.failed(NAME, "no proof", place.at + HOUR)
    assert ends(place) == (CertificateEnd.WAITING, place.at + HOUR, "no proof")
    until = place.at + 2 * HOUR
    place.orders.refused("too many", until)
    assert ends(place) == (CertificateEnd.WAITING, place.at + HOUR, "no proof"), "its own reason comes first"
    place.at += HOUR
    assert ends(place) == (CertificateEnd.WAITING, until, "too many")
    place.at = until
    assert ends(place) == (CertificateEnd.DUE, until - HOUR, "no proof")


def test_of_a_name_with_a_certificate_it_is_told_until_when(place: Place) -> None:
    renewed = place.issued()
    place.orders.refused("too many", place.at + HOUR)
    (told,) = place.standing().told([NAME])
    span = place.folder.span(NAME)
    assert span is not None
    assert (told.end, told.ends, told.renewed_from) == (CertificateEnd.KEPT, span[1], renewed)
    (just_now,) = place.standing().told([NAME], {NAME: CertificateEnd.ISSUED})
    assert just_now.end is CertificateEnd.ISSUED


def test_an_authority_that_is_let_alone_is_told_before_an_hour_that_is_full(place: Place) -> None:
    place.ordered(50, 40, 30)
    full = place.standing().pause()
    assert full is not None
    until = place.at + timedelta(minutes=1)
    place.orders.refused("too many", until)
    pause = place.standing().pause()
    assert pause is not None
    assert (pause.until, pause.said) == (until, "too many")
    place.at = until
    assert place.standing().pause() == full
    assert full.until == place.at + timedelta(minutes=9)


def test_names_are_told_in_their_order_each_once_and_by_what_became_of_it_alone(place: Place) -> None:
    other = "mta-sts.b.example"
    place.wanted.want([NAME], place.at)
    place.wanted.failed(NAME, "no proof", place.at + HOUR)
    told = place.standing().told([other, NAME, other], {NAME: CertificateEnd.FAILED})
    assert [(one.name, one.end, one.tried_again_at, one.said) for one in told] == [
        (other, CertificateEnd.DUE, None, ""),
        (NAME, CertificateEnd.FAILED, place.at + HOUR, "no proof"),
    ]
    place.ordered(50, 40, 30)
    paused = place.standing().told([other, NAME])
    assert [(one.end, one.tried_again_at) for one in paused] == [
        (CertificateEnd.WAITING, place.at + timedelta(minutes=10)),
        (CertificateEnd.WAITING, place.at + HOUR),
    ]

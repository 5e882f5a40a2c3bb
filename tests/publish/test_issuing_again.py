"""Orders after orders: what one run or one success leaves behind for the next."""

from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.publish.acme_client import AcmeError, Issue, new_key
from mxproof.publish.certificate_standing import CertificateStanding, OrderLimits
from mxproof.publish.challenge import HttpAnswerer
from mxproof.publish.issuing import Issuing
from mxproof.publish.keeper import KeeperError
from mxproof.publish.told_certificate import CertificateEnd
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from support_issuing import Authority

NAMES = ("mta-sts.a.example", "mta-sts.b.example", "mta-sts.c.example")


class _Cleaned(HttpAnswerer):
    """Who proves; `done` has each cleaning beside each order, and a cleaning fails with `refusing`."""

    def __init__(self, folder: Path, done: list[str]) -> None:
        super().__init__(folder)
        self.done = done
        self.refusing = ""

    def clean(self) -> None:
        self.done.append("cleaned")
        if self.refusing:
            raise KeeperError(self.refusing)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def issuing_with(authority: Authority, answerer: _Cleaned, told: list[str], issue: Issue) -> Issuing:
    orders = CertificateOrderJournal(authority.store, "https://acme.example/directory")
    standing = CertificateStanding(
        authority.journal, orders, authority.folder, OrderLimits(10, 100), lambda: authority.at
    )
    return Issuing(
        authority.journal,
        orders,
        authority.folder,
        standing,
        issue,
        answerer,
        now=lambda: authority.at,
        hindrance=authority.hindrance,
        tell=told.append,
    )


@pytest.mark.parametrize("refusing", ["", "the API: no"], ids=["cleaned", "not cleaned"])
def test_a_run_cleans_up_once_before_its_first_order_and_orders_whether_that_was_done_or_not(
    authority: Authority, refusing: str
) -> None:
    told: list[str] = []
    answerer = _Cleaned(authority.proofs, authority.ordered)
    answerer.refusing = refusing
    issuing = issuing_with(authority, answerer, told, authority.issued)
    assert issuing.run() == {}
    assert authority.ordered == [], "there is nothing to order"
    issuing.want(NAMES)
    assert issuing.run() == dict.fromkeys(NAMES, CertificateEnd.ISSUED)
    assert authority.ordered == ["cleaned", *NAMES]
    leftovers = [f"leftovers of earlier orders stay: {refusing}"] if refusing else []
    assert [one for one in told if "leftovers" in one] == leftovers


def test_names_that_come_due_behind_one_that_leads_elsewhere_are_ordered_without_cleaning_again(
    authority: Authority,
) -> None:
    authority.elsewhere = {NAMES[0]}
    answerer = _Cleaned(authority.proofs, authority.ordered)
    issuing = issuing_with(authority, answerer, [], authority.issued)
    issuing.want(NAMES)
    assert issuing.run() == {
        NAMES[0]: CertificateEnd.WAITING,
        NAMES[1]: CertificateEnd.ISSUED,
        NAMES[2]: CertificateEnd.ISSUED,
    }
    assert authority.ordered == ["cleaned", *NAMES[1:]]


def test_an_authority_that_issued_again_is_let_alone_for_no_longer_than_at_first(
    authority: Authority,
) -> None:
    issuing = authority.issuing()
    issuing.want(NAMES)
    authority.refusing, authority.is_gone = "cannot be asked", True
    waits = []
    for _ in range(2):
        issuing.run()
        pause = issuing.standing.pause()
        assert pause is not None
        waits.append(pause.until - authority.at)
        authority.at = pause.until
    assert waits[0] * 1.5 < waits[1]
    authority.refusing = ""
    assert CertificateEnd.ISSUED in issuing.run().values()
    assert issuing.standing.pause() is None
    authority.at += timedelta(days=3)
    authority.refusing = "cannot be asked"
    issuing.want(("mta-sts.d.example",))
    assert CertificateEnd.FAILED in issuing.run().values()
    pause = issuing.standing.pause()
    assert pause is not None
    assert pause.until - authority.at == waits[0]


def test_what_a_proof_could_not_be_shown_for_is_tried_again_and_others_are_ordered(
    authority: Authority,
) -> None:
    told: list[str] = []

    def issue(names: tuple[str, ...], key: bytes, by: object) -> bytes:
        if names == NAMES[:1]:
            raise KeeperError("ns2.example.net lags")
        return authority.issued(names, key, HttpAnswerer(authority.proofs))

    issuing = issuing_with(authority, _Cleaned(authority.proofs, []), told, issue)
    issuing.want(NAMES[:2])
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED, NAMES[1]: CertificateEnd.ISSUED}
    assert told[0] == f"{NAMES[0]}: no certificate: ns2.example.net lags"
    assert issuing.standing.pause() is None
    failed, issued = issuing.standing.told(NAMES[:2])
    assert (failed.end, failed.said) == (CertificateEnd.WAITING, "ns2.example.net lags")
    assert issued.ends is not None


def test_a_name_that_got_its_certificate_meanwhile_is_wanted_no_longer(authority: Authority) -> None:
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    key = new_key()
    chain = authority.issued(NAMES[:1], key, HttpAnswerer(authority.proofs))
    authority.folder.keep(NAMES[0], key, chain)
    authority.ordered.clear()
    assert issuing.run() == {NAMES[0]: CertificateEnd.KEPT}
    assert (issuing.run(), authority.journal.waiting(), authority.ordered) == ({}, (), [])


def test_a_run_ends_at_the_order_that_concerns_all_and_tells_what_came_before_it(
    authority: Authority,
) -> None:
    def issue(names: tuple[str, ...], key: bytes, by: object) -> bytes:
        if names == NAMES[1:2]:
            raise AcmeError("the account is closed", concerns_all=True)
        return authority.issued(names, key, HttpAnswerer(authority.proofs))

    issuing = authority.issuing(issue=issue)
    issuing.want(NAMES)
    assert issuing.run() == {NAMES[0]: CertificateEnd.ISSUED, NAMES[1]: CertificateEnd.FAILED}
    told = issuing.standing.told(NAMES)
    assert [one.end for one in told] == [CertificateEnd.KEPT, CertificateEnd.WAITING, CertificateEnd.WAITING]
    assert [one.said for one in told] == ["", *["the account is closed"] * 2]
    assert (issuing.run(), issuing.standing.room()) == ({}, 0)


def test_what_fails_takes_its_place_in_a_run_and_what_leads_elsewhere_or_is_there_takes_none(
    authority: Authority,
) -> None:
    def issue(names: tuple[str, ...], key: bytes, by: object) -> bytes:
        if names == NAMES[1:2]:
            raise AcmeError("no proof")
        return authority.issued(names, key, HttpAnswerer(authority.proofs))

    authority.elsewhere = {NAMES[0]}
    issuing = authority.issuing(1, issue)
    issuing.want(NAMES)
    assert issuing.run() == {NAMES[0]: CertificateEnd.WAITING, NAMES[1]: CertificateEnd.FAILED}
    assert issuing.run() == {NAMES[2]: CertificateEnd.ISSUED}

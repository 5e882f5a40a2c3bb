"""What one authority was asked for lately, and whether it is let alone."""

from datetime import UTC, datetime, timedelta

from mxproof.store.journal.certificate_order_journal import ORDERS_KEPT_S, CertificateOrderJournal, LetAlone
from mxproof.store.journal.journal import Journal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
MX1, MX2 = "mx1.example.com", "mx2.example.com"


def _two(journal: Journal) -> tuple[CertificateOrderJournal, CertificateOrderJournal]:
    one, other = (f"https://{name}.example/directory" for name in ("acme", "other"))
    return CertificateOrderJournal(journal, one), CertificateOrderJournal(journal, other)


def _later(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_orders_of_an_authority_are_counted_apart_from_those_of_another(journal: Journal) -> None:
    one, other = _two(journal)
    one.note(MX1, AT)
    one.note(MX2, _later(60))
    other.note(MX1, _later(61))
    assert one.since(_later(-1)) == (AT, _later(60))
    assert (one.since(AT), other.since(AT)) == ((_later(60),), (_later(61),))


def test_orders_of_long_ago_are_forgotten(journal: Journal) -> None:
    one, other = _two(journal)
    one.note(MX1, AT)
    other.note(MX1, AT)
    one.note(MX2, _later(ORDERS_KEPT_S + 1))
    assert one.since(_later(-1)) == (_later(ORDERS_KEPT_S + 1),)
    assert other.since(_later(-1)) == ()


def test_an_authority_that_refuses_is_let_alone_until_it_issues(journal: Journal) -> None:
    one, other = _two(journal)
    assert one.let_alone() is None
    one.refused("too many\0", _later(60))
    one.refused("far too many", _later(120))
    assert one.let_alone() == LetAlone(2, _later(120), "far too many")
    assert other.let_alone() is None
    one.issued()
    assert one.let_alone() is None


def test_an_authority_that_issues_says_nothing_of_another(journal: Journal) -> None:
    one, other = _two(journal)
    one.refused("too many", _later(60))
    other.refused("out of order", _later(90))
    one.issued()
    assert (one.let_alone(), other.let_alone()) == (None, LetAlone(1, _later(90), "out of order"))


def test_an_order_of_a_day_ago_is_known_still(journal: Journal) -> None:
    one, _ = _two(journal)
    one.note(MX1, AT)
    one.note(MX2, _later(86_400))
    assert one.since(_later(-1)) == (AT, _later(86_400))
    one.note(MX2, _later(86_401))
    assert one.since(_later(-1)) == (_later(86_400), _later(86_401))

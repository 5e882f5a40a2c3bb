"""Of several causes of one delivery the one that says most."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.fault import Fault
from mxproof.explain.causes.suspects import CHAIN, TRUST_STORE
from mxproof.explain.engine import explain
from mxproof.explain.specific import MORE_SPECIFIC, NARROWED, narrowing

STAMP = "Mar 03 09:14:02 mx postfix/smtp[{process}]: "
TO = "4Q: to=<{address}>, relay={relay}, delay=1, delays=0/0/1/0, dsn={status}, status={outcome} ({words})"


def _note(words: str, process: int = 7) -> str:
    return STAMP.format(process=process) + words


def _status(
    words: str,
    *,
    address: str = "a@one.example",
    process: int = 7,
    status: str = "4.7.5",
    outcome: str = "deferred",
) -> str:
    told = TO.format(address=address, relay="none", status=status, outcome=outcome, words=words)
    return STAMP.format(process=process) + told


def _codes(*lines: str) -> list[str]:
    return [one.code for one in explain("\n".join(lines).encode()).causes]


def test_the_table_names_causes_and_has_no_circle() -> None:
    assert set(MORE_SPECIFIC) | set().union(*MORE_SPECIFIC.values()) <= set(CATALOGUE)
    assert {cause for cause, *_ in NARROWED} <= set(CATALOGUE)
    reached = dict(MORE_SPECIFIC)
    for _ in MORE_SPECIFIC:
        reached = {
            cause: more.union(*(reached.get(one, frozenset()) for one in more))
            for cause, more in reached.items()
        }
    assert [cause for cause, more in reached.items() if cause in more] == []


def test_the_note_before_a_status_says_what_it_was() -> None:
    note = _note(
        "certificate verification failed for mx.one.example[192.0.2.1]:25: num=65:no matching DANE TLSA records"
    )
    assert _codes(note, _status("Server certificate not verified")) == ["dane_tlsa_mismatch"]


def test_a_note_of_another_cause_was_no_obstacle() -> None:
    unreachable = _note("connect to mx.one.example[2001:db8::1]:25: Network is unreachable")
    timed_out = "connect to mx.one.example[192.0.2.1]:25: Connection timed out"
    assert _codes(unreachable, _status(timed_out, status="4.4.1")) == ["connect_timeout"]


def test_of_notes_alone_the_last_connection_counts() -> None:
    first = _note("connect to a.one.example[192.0.2.1]:25: Connection timed out")
    last = _note("connect to b.one.example[192.0.2.2]:25: Connection refused")
    assert _codes(first, last) == ["connect_refused"]


def test_a_note_belongs_to_the_delivery_of_its_process() -> None:
    note = _note(
        "certificate verification failed for mx[192.0.2.1]:25: num=65:no matching DANE TLSA records",
        process=8,
    )
    other = _status("Server certificate not verified", process=7)
    mine = _status("Server certificate not verified", address="b@two.example", process=8)
    got = explain("\n".join((note, other, mine)).encode())
    assert {one.address: one.causes for one in got.recipients} == {
        "a@one.example": ("cert_not_verified",),
        "b@two.example": ("dane_tlsa_mismatch",),
    }


def test_what_was_noted_before_a_delivery_is_no_failure() -> None:
    note = _note("connect to mx.one.example[2001:db8::1]:25: Network is unreachable")
    got = explain("\n".join((note, _status("250 2.0.0 Ok", status="2.0.0", outcome="sent"))).encode())
    assert (got.causes, got.other) == ((), "delivered")


def test_a_status_of_another_kind_is_the_answer() -> None:
    note = _note(
        "certificate verification failed for mx[192.0.2.1]:25: num=18:self-signed certificate", process=9
    )
    status = _status("host mx[192.0.2.1] said: 552 5.2.2 Mailbox is full", status="5.2.2", outcome="bounced")
    got = explain("\n".join((note, status)).encode())
    assert (got.causes, got.other) == ((), "mailbox-full")


def test_the_last_attempt_that_states_anything_counts() -> None:
    first = _status("connect to mx.one.example[192.0.2.1]:25: Connection refused", process=7)
    last = _status("TLS is required, but was not offered by host mx.one.example[192.0.2.1]", process=8)
    assert _codes(first, last) == ["starttls_missing"]
    assert _codes(first, last, _status("words that nobody knows", process=9)) == ["starttls_missing"]


@pytest.mark.parametrize(("seen", "is_narrowed"), [("Trusted", True), ("Untrusted", False)])
def test_a_trusted_connection_rules_out_the_chain(seen: str, is_narrowed: bool) -> None:
    note = f"{seen} TLS connection established to mx.one.example[192.0.2.1]:25: TLSv1.3"
    assert (narrowing("cert_not_verified", (note,)) is not None) is is_narrowed
    assert narrowing("tls_handshake", (note,)) is None


def test_nobody_is_suspected_of_a_chain_that_a_log_calls_trusted() -> None:
    trusted = _note(
        "Trusted TLS connection established to mx.one.example[192.0.2.1]:25: TLSv1.2 with cipher X"
    )
    told = explain(f"{trusted}\n{_status('Server certificate not verified')}".encode()).suspects
    assert {CHAIN.words, TRUST_STORE.words}.isdisjoint(one.what for one in told)
    assert {one.fault for one in told} == {Fault.RECIPIENT, Fault.SENDER}

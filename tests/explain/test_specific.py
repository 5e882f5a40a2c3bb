"""Of several causes of one delivery the one that says most."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.fault import Fault
from mxproof.explain.causes.suspects import CHAIN, TRUST_STORE
from mxproof.explain.engine import explain
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.specific import MORE_SPECIFIC, NARROWED, most_specific, narrowing, refined
from mxproof.judge.vocabulary import Confidence

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


def stated(*causes: str) -> tuple[StatedCause, ...]:
    """Return causes that are claimed, those with a question mark as leads; each has its place for its words."""
    return tuple(
        StatedCause(one.rstrip("?"), Confidence.DOCUMENTED, str(place), Side.SENDER, lead=one.endswith("?"))
        for place, one in enumerate(causes)
    )


def told(found: tuple[StatedCause, ...]) -> list[str]:
    return [f"{one.cause}{'?' * one.lead}" for one in found]


@pytest.mark.parametrize(
    ("found", "want"),
    [
        (["cert_not_verified", "dane_cert_name"], ["dane_cert_name"]),
        (["dane_cert_name", "cert_not_verified"], ["dane_cert_name"]),
        # What is only possible makes nothing less specific, and is itself left out beside a better claim.
        (["cert_not_verified", "dane_cert_name?"], ["cert_not_verified", "dane_cert_name?"]),
        (["cert_not_verified?", "dane_cert_name"], ["dane_cert_name"]),
        (["spf_fail", "ptr_missing"], ["spf_fail", "ptr_missing"]),
        ([], []),
    ],
)
def test_beside_a_more_specific_claim_a_general_cause_is_not_told(found: list[str], want: list[str]) -> None:
    assert told(most_specific(stated(*found))) == want


def test_of_one_cause_that_is_stated_twice_the_last_words_are_told() -> None:
    assert [one.because for one in most_specific(stated("spf_fail", "spf_fail"))] == ["1"]


@pytest.mark.parametrize(
    ("status", "notes", "want"),
    [
        # The status states a cause: the notes only say more of it.
        (["cert_not_verified"], ["dane_cert_name"], ["dane_cert_name"]),
        (["cert_not_verified"], ["connect_timeout"], ["cert_not_verified"]),
        (["cert_not_verified"], ["dane_cert_name?"], ["cert_not_verified"]),
        (["dane_cert_name"], ["cert_not_verified"], ["dane_cert_name"]),
        (["cert_not_verified", "spf_fail?"], ["dane_cert_name"], ["dane_cert_name", "spf_fail?"]),
        # It states none, or a possible one: the notes are all that there is.
        ([], ["dane_cert_name"], ["dane_cert_name"]),
        (["cert_not_verified?"], ["connect_timeout"], ["connect_timeout"]),
        (["cert_not_verified?"], [], ["cert_not_verified?"]),
        # Of several connections that failed the last one counts, and what is no connection stays.
        ([], ["connect_timeout", "connect_refused"], ["connect_refused"]),
        ([], ["connect_refused", "connect_timeout"], ["connect_timeout"]),
        ([], ["connect_timeout", "spf_fail"], ["connect_timeout", "spf_fail"]),
        ([], ["connect_timeout", "connect_refused?"], ["connect_timeout", "connect_refused?"]),
        ([], [], []),
    ],
)
def test_an_attempt_failed_for_its_status_as_far_as_its_notes_do_not_say_more(
    status: list[str], notes: list[str], want: list[str]
) -> None:
    assert told(refined(stated(*status), stated(*notes))) == want


def test_a_note_of_the_same_cause_has_the_words_that_are_told() -> None:
    (one,) = refined(stated("spf_fail"), (*stated("ptr_missing", "spf_fail"),))
    assert one.because == "1"

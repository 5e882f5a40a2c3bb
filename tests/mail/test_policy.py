"""What waits behind a session with the policy host that may not be trusted."""

import gzip

import msgspec
import pytest

from mxproof.evidence import Kind, Outcome, PolicyData, Question
from mxproof.formats.mtasts_reading import PolicyReading
from mxproof.judge.checks.sts_policy import check
from mxproof.judge.codes import Code
from mxproof.judge.value import NextFault
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import PolicyFetch
from mxproof.mail.fetch_state import FetchState
from support_certificates import Defect
from support_findings import only
from support_world import GOOD_POLICY, Https, ZoneWorld, collect
from support_worlds import MX1, policy

AT = "192.0.2.80"
UNASKED = Https(outcome=Outcome.UNASKED)
STRANGE = ("www.example.com",)


def world(server: Https) -> ZoneWorld:
    return ZoneWorld(https={AT: server})


def fetch_of(server: Https) -> PolicyFetch:
    subject = world(server)
    (fetch,) = assemble(collect(subject), subject.at).policy_host.fetches
    return fetch


def told(server: Https) -> tuple[NextFault, ...]:
    """Return what the finding about the certificate foretells."""
    found = only(world(server), Code.STS_POLICY_CERT_INVALID, check).params["next"]
    assert isinstance(found, tuple)
    return tuple(one for one in found if isinstance(one, NextFault))


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (Https(names=STRANGE), FetchState.FETCHED),
        (Https(names=STRANGE, status=404), FetchState.STATUS),
        (Https(defect=Defect.EXPIRED, status=301), FetchState.REDIRECT),
        (Https(version="TLSv1.1", status=404), FetchState.STATUS),
        (Https(), None),
        (Https(status=404), None),
    ],
)
def test_the_state_behind_is_that_of_the_same_answer_trusted(server: Https, want: FetchState | None) -> None:
    assert fetch_of(server).behind is want


def test_a_text_behind_is_examined_and_none_is_taken_for_a_policy() -> None:
    fetch = fetch_of(Https(names=STRANGE))
    assert fetch.foretold is not None
    assert (fetch.foretold.strict is not None, fetch.examination) == (True, None)


def test_a_policy_behind_that_lists_every_host_is_no_next_fault() -> None:
    assert told(Https(names=STRANGE)) == ()


def test_a_status_behind_is_foretold() -> None:
    (fault,) = told(Https(names=STRANGE, status=404))
    assert fault.fetch is not None
    assert (fault.fetch.behind, fault.unlisted) == (FetchState.STATUS, ())


def test_a_text_behind_that_is_no_policy_is_foretold() -> None:
    (fault,) = told(Https(names=STRANGE, body=b"hello"))
    assert fault.fetch is not None
    assert fault.fetch.behind is FetchState.FETCHED


def test_hosts_that_the_policy_behind_does_not_list_are_foretold() -> None:
    assert told(Https(names=STRANGE, body=policy(MX1))) == (NextFault(None, ("mx2.example.com",)),)


def test_a_policy_behind_in_mode_none_refuses_nobody() -> None:
    assert told(Https(names=STRANGE, body=policy(MX1, mode="none"))) == ()


@pytest.mark.parametrize(
    ("sent", "want"),
    [
        ('text/plain; a="x, y"', ("text/plain",)),
        ("text/plain, text/html", ("text/plain", "text/html")),
        ('text/plain; a="x\\", y", text/html', ("text/plain", "text/html")),
        ('text/plain; a="x, text/html', ("text/plain", "text/html")),
        ('text/plain; a="' + '\\"' * 100_000, ("text/plain",)),
    ],
    ids=["quoted", "two", "escaped", "open", "long"],
)
def test_media_types_are_told_apart_outside_of_quotes(sent: str, want: tuple[str, ...]) -> None:
    assert fetch_of(Https(media_type=sent)).media_types == want


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (Https(outcome=Outcome.TIMEOUT), FetchState.UNKNOWN),
        (Https(outcome=Outcome.UNREACHABLE), FetchState.UNKNOWN),
        (Https(outcome=Outcome.REFUSED), FetchState.UNCONNECTED),
        (Https(outcome=Outcome.TLS_FAILED), FetchState.TLS_FAILED),
        (Https(version="TLSv1.1"), FetchState.TLS_OUTDATED),
        (Https(version="TLSv1.1", names=STRANGE), FetchState.TLS_OUTDATED),
        (Https(version="TLSv1.2"), FetchState.FETCHED),
        (Https(names=STRANGE), FetchState.CERTIFICATE),
        (Https(defect=Defect.EXPIRED), FetchState.CERTIFICATE),
        (Https(outcome=Outcome.OVERSIZE), FetchState.OVERSIZE),
        (Https(outcome=Outcome.MALFORMED), FetchState.INCOMPLETE),
        *((Https(status=status), FetchState.REDIRECT) for status in (300, 301, 302, 303, 305, 307, 308)),
        *((Https(status=status), FetchState.STATUS) for status in (201, 204, 206, 304, 404, 410, 500)),
        (Https(media_type="text/plain, text/html"), FetchState.INCOMPLETE),
        (Https(headers=(("Content-Type", "text/html"),)), FetchState.INCOMPLETE),
        (Https(headers=(("Content-Encoding", "gzip"),)), FetchState.ENCODED),
        (Https(headers=(("content-encoding", "identity, br"),)), FetchState.ENCODED),
        (Https(headers=(("Content-Encoding", "Identity"),)), FetchState.FETCHED),
        (Https(headers=(("Content-Encoding", ""),)), FetchState.FETCHED),
    ],
)
def test_a_fetch_ends_with_the_first_thing_that_keeps_a_sender_from_the_policy(
    server: Https, want: FetchState
) -> None:
    """RFC 8461 section 3.3: HTTPS with a certificate that holds, status 200, no redirect; and the text is looked at then alone."""
    fetch = fetch_of(server)
    assert fetch.state is want
    assert (fetch.examination is not None) is (want is FetchState.FETCHED)


def test_a_fetch_that_was_not_made_is_unknown_and_one_from_no_public_address_is_withheld() -> None:
    subject = world(Https())
    evidence = collect(subject)
    unmade = evidence.without([Question(Kind.POLICY, "mta-sts.example.com", AT)])
    private = "10.0.0.80"
    withheld = collect(subject.zone_with(f"mta-sts.example.com A {private}").but(https={private: UNASKED}))
    found = [assemble(one, subject.at).policy_host.fetches[0].state for one in (evidence, unmade, withheld)]
    assert found == [FetchState.FETCHED, FetchState.UNKNOWN, FetchState.WITHHELD]


@pytest.mark.parametrize(
    ("content_type", "types", "charset"),
    [
        ("text/plain", ("text/plain",), ""),
        ("Text/Plain; charset=UTF-8", ("text/plain",), "utf-8"),
        ('text/plain; charset="us-ascii"', ("text/plain",), "us-ascii"),
        ('text/plain; name="a, b"', ("text/plain",), ""),
        ("text/plain; version=1; charset = latin1; x=y", ("text/plain",), "latin1"),
        ("text/plain, text/html", ("text/plain", "text/html"), ""),
        ('text/plain; name="a, text/html', ("text/plain", "text/html"), ""),
        ("", ("",), ""),
    ],
)
def test_a_media_type_is_what_stands_before_its_parameters(
    content_type: str, types: tuple[str, ...], charset: str
) -> None:
    """RFC 9110 sections 5.6.4 and 8.3: a comma between quotes separates nothing."""
    fetch = fetch_of(Https(media_type=content_type))
    assert (fetch.media_types, fetch.media_type, fetch.charset) == (types, types[0], charset)


def test_the_longest_name_or_value_of_a_field_is_what_a_reader_with_a_bound_meets() -> None:
    assert fetch_of(Https(headers=(("x-long", "v" * 5000),))).field_bytes == 5000
    assert fetch_of(Https(headers=(("x" * 6000, "v" * 5000),))).field_bytes == 6000


PACKED: dict[str, object] = {"state": FetchState.ENCODED, "body": gzip.compress(GOOD_POLICY)}


@pytest.mark.parametrize(
    ("reading", "changed", "is_read"),
    [
        (PolicyReading(), {}, True),
        (PolicyReading(), {"media_type": "text/html"}, False),
        (PolicyReading(plain_only=False), {"media_type": "text/html"}, True),
        (PolicyReading(field_bytes_max=100), {"field_bytes": 100}, True),
        (PolicyReading(field_bytes_max=100), {"field_bytes": 101}, False),
        (PolicyReading(), {"field_bytes": 101}, True),
        (PolicyReading(ascii_unless_said=True), {"charset": ""}, True),
        (PolicyReading(ascii_unless_said=True), {"charset": "", "odd": True}, False),
        (PolicyReading(ascii_unless_said=True), {"charset": "us-ascii", "odd": True}, False),
        (PolicyReading(ascii_unless_said=True), {"charset": "utf-8", "odd": True}, True),
        (PolicyReading(), {"charset": "", "odd": True}, True),
        (PolicyReading(), {"state": FetchState.STATUS}, False),
        (PolicyReading(inflates=True), {"state": FetchState.STATUS}, False),
        (PolicyReading(inflates=True), {}, True),
        (PolicyReading(inflates=True), PACKED, True),
        (PolicyReading(), PACKED, False),
    ],
)
def test_what_a_program_refuses_of_an_answer_it_does_not_read(
    reading: PolicyReading, changed: dict[str, object], is_read: bool
) -> None:
    sound = fetch_of(Https())
    if changed.pop("odd", False):
        changed = {**changed, "body": sound.body + b"x: \xc3\xa9\n"}
    assert (msgspec.structs.replace(sound, **changed).read(reading) is not None) is is_read


def test_of_several_locations_the_last_is_where_a_redirect_leads() -> None:
    fields = (("Location", "https://a.example.com/"), ("location", "https://b.example.com/"))
    fetch = fetch_of(Https(status=302, headers=fields))
    assert (fetch.state, fetch.location) == (FetchState.REDIRECT, "https://b.example.com/")
    assert fetch_of(Https(status=302)).location == ""


@pytest.mark.parametrize("outcome", [Outcome.CLOSED, Outcome.REFUSED])
def test_a_connection_that_ends_after_the_handshake_was_one(outcome: Outcome) -> None:
    """What came over it is cut short; its certificate is looked at first."""
    subject = world(Https())
    evidence = collect(subject)
    question = Question(Kind.POLICY, "mta-sts.example.com", AT)
    whole = evidence.answer(question)
    assert isinstance(whole.data, PolicyData)
    for data, want in (
        (msgspec.structs.replace(whole.data, status=0, headers=(), body=b""), FetchState.INCOMPLETE),
        (None, FetchState.UNCONNECTED),
    ):
        ended = msgspec.structs.replace(whole, outcome=outcome, data=data)
        (fetch,) = assemble(evidence.with_answers([(question, ended)]), subject.at).policy_host.fetches
        assert (fetch.state, fetch.chain is None) == (want, data is None)


@pytest.mark.parametrize("status", [0, 200])
def test_behind_a_session_that_may_not_be_trusted_there_is_something_where_a_response_came(
    status: int,
) -> None:
    subject = world(Https(names=STRANGE))
    evidence = collect(subject)
    question = Question(Kind.POLICY, "mta-sts.example.com", AT)
    whole = evidence.answer(question)
    assert isinstance(whole.data, PolicyData)
    data = whole.data if status else msgspec.structs.replace(whole.data, status=0, headers=(), body=b"")
    outcome = Outcome.FOUND if status else Outcome.CLOSED
    said = msgspec.structs.replace(whole, outcome=outcome, data=data)
    (fetch,) = assemble(evidence.with_answers([(question, said)]), subject.at).policy_host.fetches
    assert (fetch.state, fetch.behind) == (FetchState.CERTIFICATE, FetchState.FETCHED if status else None)

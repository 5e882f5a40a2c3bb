"""At whose side the fault lies: the suspects of a cause, and what the rest of the text leaves of them."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import Cause
from mxproof.explain.causes.fault import Fault, Suspect
from mxproof.explain.causes.suspects import CHAIN, TLSA, TRUST_STORE, ZONE
from mxproof.explain.engine import explain
from mxproof.explain.fault import STATEMENTS_READ_MAX, fault_of, is_of_provider, suspects_of
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.knowledge.systems import NAMES
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.judge.vocabulary import Confidence


def _told(text: str) -> tuple[list[str], str]:
    got = explain(text.encode())
    return [one.code for one in got.causes], str(got.fault)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # One status line, several sides: a text that does not tell is not made to.
        ("4.7.5 Server certificate not verified", (["cert_not_verified"], "unclear")),
        ("TLSA lookup error for mx.example.com:25", (["dane_dns"], "unclear")),
        ("connect to mx.example.com[192.0.2.1]:25: Connection timed out", (["connect_timeout"], "unclear")),
        ("421 4.4.1 Connection timed out", (["connect_timeout"], "unclear")),
        ("DANE failed to authenticate: Bogus MX records were found", (["dnssec_bogus"], "unclear")),
        ("STARTTLS: got 502, expected 220", (["starttls_missing"], "unclear")),
        # The words tell.
        ("num=62:hostname mismatch", (["cert_not_verified"], "recipient")),
        ("SSL routines::legacy sigalg disallowed or unsupported", (["tls_handshake"], "recipient")),
        (
            "connect to mx.example.com[2001:db8::1]:25: Network is unreachable",
            (["connect_failure"], "sender"),
        ),
        ("connect to 127.0.0.1[127.0.0.1]:10024: Connection refused", (["connect_refused"], "sender")),
        ("client TLS configuration problem", (["sender_config"], "sender")),
        ("451 Internal resources are temporarily unavailable", (["greylist"], "receiver")),
        ("550 5.7.26 Multiple authentication checks failed", (["auth_multiple"], "sender")),
    ],
)
def test_the_words_tell_or_they_do_not(text: str, want: tuple[list[str], str]) -> None:
    assert _told(text) == want


@pytest.mark.parametrize(
    ("domain", "want"), [("gmail.com", "sender"), ("example.com", "unclear"), ("outlook.com", "sender")]
)
def test_the_zone_of_a_provider_is_no_suspect(domain: str, want: str) -> None:
    assert _told(f"<a@{domain}>: mail for {domain} loops back to myself") == (["mx_loop"], want)


def test_the_resolver_of_a_provider_is_no_suspect() -> None:
    assert _told("450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records.") == (
        ["dnssec_bogus"],
        "recipient",
    )


def test_the_server_of_a_provider_is_no_suspect_where_nothing_connects() -> None:
    assert (
        _told("connect to alt1.gmail-smtp-in.l.google.com[192.0.2.1]:25: Connection timed out")[1] == "sender"
    )


@pytest.mark.parametrize(
    ("domain", "host", "want"),
    [
        ("gmail.com", None, True),
        (None, "mx.l.google.com", True),
        ("notgmail.com", "google.com.example.net", False),
        (None, None, False),
    ],
)
def test_a_provider_is_known_by_its_domains_and_hosts(
    domain: str | None, host: str | None, want: bool
) -> None:
    assert is_of_provider(domain, host) is want


def test_several_sides_are_unclear_and_all_are_named() -> None:
    got = explain(b"num=20:unable to get local issuer certificate")
    assert (got.fault, [one.fault for one in got.suspects]) == (
        Fault.UNCLEAR,
        [Fault.RECIPIENT, Fault.SENDER],
    )


def test_nobody_is_suspected_of_what_is_not_understood() -> None:
    got = explain(b"hello world")
    assert (got.fault, got.suspects) == (Fault.UNCLEAR, ())
    assert fault_of(()) is Fault.UNCLEAR


@pytest.mark.parametrize("cause", CATALOGUE.values(), ids=CATALOGUE)
def test_a_cause_has_suspects(cause: Cause) -> None:
    assert cause.suspects


def test_the_domain_is_that_of_the_host_that_failed_and_stands_in_the_text() -> None:
    text = (
        "Nov 1 10:00:00 mx postfix/smtp[1]: 1A2B: to=<a@first.example>, relay=mx.first.example[192.0.2.1]:25,"
        " delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n"
        "Nov 1 10:00:01 mx postfix/smtp[1]: 1A2C: to=<b@second.example>, relay=none, delay=1, delays=0/0/1/0,"
        " dsn=4.7.5, status=deferred (TLSA lookup error for mx.second.example:25)\n"
    )
    assert explain(text.encode()).domain == "second.example"
    alone = explain(
        b"server certificate verification failed for mx2.example.com[192.0.2.2]:25: num=65:no matching"
    )
    assert (alone.domain, alone.next) == ("example.com", ("mxproof check example.com",))


def test_another_line_of_the_log_tells_whose_fault_it_is() -> None:
    text = (
        "Jan 24 14:43:33 mx postfix/smtp[138]: 3C1D8C1D28: to=<a@example.com>, relay=mx2.example.com[192.0.2.27]:25,"
        " delay=6, delays=0.1/0.1/5.8/0, dsn=4.7.5, status=deferred (Server certificate not trusted)\n"
        "Jan 24 14:43:33 mx postfix/smtp[138]: certificate verification failed for mx1.example.com[192.0.2.26]:25:"
        " untrusted issuer /O=Example/CN=Example Root R2\n"
    )
    got = explain(text.encode())
    assert ([one.code for one in got.causes], got.fault) == (["cert_not_verified"], Fault.SENDER)


OWN, OTHERS = (CHAIN,), (TRUST_STORE,)
UNTRUSTED = "certificate verification failed for mx1.example.com[192.0.2.26]:25: untrusted issuer /O=Example/CN=Example Root R2"


def suspected(
    cause: str,
    *texts: str,
    of: tuple[Suspect, ...] = (),
    form: MaterialForm = MaterialForm.LOG,
    reporter: str | None = None,
    domain: str | None = None,
) -> tuple[Suspect, ...]:
    statements = tuple(Statement(StatementPlace.NOTE, text) for text in texts)
    stated = StatedCause(cause, Confidence.DOCUMENTED, "words", Side.SENDER, suspects=of)
    return suspects_of(stated, Material(form=form, statements=statements), reporter, domain)


def test_whom_the_words_suspect_goes_before_what_another_line_tells_and_that_before_the_cause() -> None:
    cause = "cert_not_verified"
    elsewhere = suspected(cause, "words", UNTRUSTED)
    assert elsewhere != CATALOGUE[cause].suspects
    assert suspected(cause, UNTRUSTED, of=OWN) == OWN
    assert suspected(cause, "words") == CATALOGUE[cause].suspects
    assert suspected(cause, "words", UNTRUSTED, form=MaterialForm.BOUNCE) == CATALOGUE[cause].suspects
    assert suspected("starttls_missing", UNTRUSTED) == CATALOGUE["starttls_missing"].suspects
    far = ["words"] * STATEMENTS_READ_MAX
    assert suspected(cause, *far, UNTRUSTED) == CATALOGUE[cause].suspects
    assert suspected(cause, *far[1:], UNTRUSTED) == elsewhere


def test_a_line_that_rules_a_part_out_goes_before_what_the_words_suspect() -> None:
    trusted = "Trusted TLS connection established to mx.example.com[192.0.2.1]:25"
    left = suspected("cert_not_verified", trusted, of=OTHERS)
    assert OTHERS[0] not in left
    assert left == suspected("cert_not_verified", trusted)


def test_where_only_a_provider_would_be_left_it_is_suspected_all_the_same() -> None:
    assert suspected("mx_loop", of=(ZONE,), domain="gmail.com") == (ZONE,)
    assert suspected("mx_loop", of=(ZONE, TLSA), domain="gmail.com") == (TLSA,)
    assert suspected("mx_loop", of=(ZONE, TLSA), domain="example.com") == (ZONE, TLSA)
    assert suspected("mx_loop", of=(TRUST_STORE, TLSA), reporter="Postfix") == (TRUST_STORE, TLSA)
    assert suspected("mx_loop", of=(TRUST_STORE, TLSA), reporter=NAMES["microsoft"]) == (TLSA,)
    assert suspected("mx_loop", of=(ZONE, TLSA), reporter=NAMES["microsoft"]) == (ZONE, TLSA)


def test_the_server_of_a_provider_is_known_by_its_own_name_and_its_zone_by_the_domain() -> None:
    """Mail of a domain of one's own may be taken by a provider, whose servers are in order and whose zone is not its own."""
    said = "host mx.l.google.com[192.0.2.1] said: 450 4.7.1 no"
    assert suspected("cert_invalid", said, of=(CHAIN, TLSA), domain="example.com") == (TLSA,)
    assert suspected("cert_invalid", said, of=(ZONE, TLSA), domain="example.com") == (ZONE, TLSA)
    assert suspected("cert_invalid", "no", of=(CHAIN, TLSA), domain="example.com") == (CHAIN, TLSA)

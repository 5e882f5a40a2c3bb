"""The host that failed: each way in which a text names the one that it speaks of."""

import pytest

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.match.hosts import failing_host
from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.formats.bounce.dsn import RecipientStatus
from mxproof.judge.vocabulary import Confidence

MX = "mx1.example.com"


def stated(
    cause: str = "connect_timeout",
    side: Side = Side.SENDER,
    *,
    host: str = "",
    address: str = "",
    domain: str = "",
) -> StatedCause:
    return StatedCause(
        cause, Confidence.DOCUMENTED, "the words", side, host=host, address=address, domain=domain
    )


def material(*texts: str, remote_mta: str = "") -> Material:
    return Material(
        form=MaterialForm.BOUNCE,
        statements=tuple(Statement(StatementPlace.DIAGNOSTIC, text) for text in texts),
        recipients=(RecipientStatus(remote_mta=remote_mta),),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"[LastAttemptedServerName={MX}] [LastAttemptedIP=192.0.2.1:25]",
        f"Server at {MX} (192.0.2.1) returned '450 4.4.317'",
        f"host {MX}[192.0.2.1] said: 454 4.7.1",
        f"host {MX} [192.0.2.1]: 454",
        f"[{MX} 192.0.2.1: timed out]",
        f"[(0) {MX}. [192.0.2.1]:25: socket error]",
        f"tls ERROR from '{MX}'",
        f"Connection to '{MX}' was refused",
        f'hostname = "{MX}"',
        f'"remote_server":"{MX}."',
        f"while TALKING TO {MX}.:",
    ],
)
def test_each_program_names_the_host_in_its_own_way(text: str) -> None:
    assert failing_host(stated(), material("a line without a name", text)) == MX


def test_an_address_is_named_where_no_server_is() -> None:
    assert failing_host(stated(), material("[LastAttemptedIP=192.0.2.1:25]")) == "192.0.2.1"


def test_of_one_statement_the_name_goes_before_the_address_and_of_two_the_first_counts() -> None:
    both = "[LastAttemptedIP=192.0.2.1:25] [LastAttemptedServerName=b.example.com]"
    assert failing_host(stated(), material(both, f"talking to {MX}:")) == "b.example.com"


def test_what_the_words_of_the_cause_name_goes_before_what_stands_near_them() -> None:
    assert failing_host(stated(host="A.example.com."), material(f"talking to {MX}:")) == "a.example.com"


def test_the_server_of_the_report_is_named_where_no_text_names_one() -> None:
    assert failing_host(stated(address="192.0.2.9"), material("no host", remote_mta=MX)) == MX
    assert failing_host(stated(address="192.0.2.9"), material("no host")) == "192.0.2.9"
    assert failing_host(stated(domain="example.com"), material("no host")) == "example.com"
    assert failing_host(stated(), material("no host")) is None


def test_where_the_receiver_judged_an_address_it_is_found_beside_the_words() -> None:
    text = "192.0.2.1 sent this: the words [192.0.2.7] see above"
    judged = stated("ptr_missing", Side.RECEIVER, domain="example.org")
    assert failing_host(judged, material(text)) == "192.0.2.7"
    named = stated("spf_fail", Side.RECEIVER, domain="example.org")
    assert failing_host(named, material("of no address")) == "example.org"


def test_what_stands_near_the_words_goes_before_the_server_of_the_report_and_the_address_of_the_words() -> (
    None
):
    near = material("no host", f"talking to {MX}:", remote_mta="remote.example.com")
    assert failing_host(stated(address="192.0.2.9"), near) == MX
    remote = material("no host", remote_mta="remote.example.com")
    assert failing_host(stated(address="192.0.2.9", domain="example.com"), remote) == "remote.example.com"
    assert failing_host(stated(address="192.0.2.9", domain="example.com"), material("no host")) == "192.0.2.9"
    assert failing_host(stated(host="not a host", address="[2001:db8::1]"), material("no")) == "2001:db8::1"


def test_a_receiver_names_an_address_before_a_domain_where_it_judged_the_address() -> None:
    by_address, by_name = (
        stated(cause, Side.RECEIVER, domain="example.org", address="192.0.2.9")
        for cause in ("ptr_missing", "spf_fail")
    )
    near = material(f"talking to {MX}: the words [192.0.2.7]", remote_mta=MX)
    assert (failing_host(by_address, near), failing_host(by_name, near)) == ("192.0.2.9", "example.org")
    of_both = stated(
        "ptr_missing", Side.RECEIVER, domain="example.org", host="a.example.org", address="192.0.2.9"
    )
    assert failing_host(of_both, near) == "a.example.org"
    first = material("something else 192.0.2.6", "the words and no more", "the words 192.0.2.7")
    assert failing_host(stated("ptr_missing", Side.RECEIVER), first) is None

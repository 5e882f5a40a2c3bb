"""How is asked, and which domain was meant: what people type, what it is taken for, and what is said of it."""

from pathlib import Path

import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.asking import (
    CONNECT_TO_MAX,
    AskingOptions,
    Roots,
    asking_options,
    domain_meant,
    named_domains,
)
from mxproof.net.asking import RESOLVERS_MAX, Peer
from support_certificates import ROOT
from support_options import refusal, taken

PAIR = "192.0.2.1:25=127.0.0.1:2525"


def refused(value: str, place: str = "") -> str:
    with pytest.raises(RunError) as error:
        domain_meant(value, place)
    assert error.value.status == USAGE
    return str(error.value)


def test_what_is_not_said_is_left_to_the_machine_or_the_lab() -> None:
    assert taken(asking_options) == AskingOptions()


def test_every_option_counts(tmp_path: Path) -> None:
    (tmp_path / "roots").write_bytes(ROOT.der)
    assert taken(
        asking_options,
        *("--resolver", "192.0.2.53", "--resolver", "[2001:db8::53]:54", "--resolver", "192.0.2.53:53"),
        *("--trust-ad", "--ca-file", str(tmp_path / "roots"), "--connect-to", PAIR, "-4", "--timeout", "0.1"),
        *("--allow-private", "--no-name-servers", "--lab", "incident"),
    ) == AskingOptions(
        resolver=(Peer("192.0.2.53", 53), Peer("2001:db8::53", 54)),
        trust_ad=True,
        ca_file=Roots(str(tmp_path / "roots"), (ROOT.der,)),
        connect_to=((Peer("192.0.2.1", 25), Peer("127.0.0.1", 2525)),),
        ipv4=True,
        timeout=0.1,
        allow_private=True,
        name_servers=False,
        lab="incident",
    )


@pytest.mark.parametrize(
    ("options", "want"),
    [
        (AskingOptions(), (4, 6)),
        (AskingOptions(ipv4=True), (4,)),
        (AskingOptions(ipv6=True), (6,)),
        (AskingOptions(ipv4=True, ipv6=True), (4, 6)),
    ],
)
def test_both_families_are_asked_over_unless_one_is_named(
    options: AskingOptions, want: tuple[int, ...]
) -> None:
    assert options.families() == want


@pytest.mark.parametrize("value", ["example.com", "EXAMPLE.com.", " example.com "])
def test_a_domain_is_taken_as_it_is_typed_without_a_word(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert domain_meant(value).name == "example.com"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("place", "where"), [("", ""), ("list, line 2", "list, line 2: ")])
def test_what_an_address_or_a_url_is_taken_for_is_said(
    place: str, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert domain_meant(" postmaster@example.com", place).name == "example.com"
    assert domain_meant("https://example.com/about", place).name == "example.com"
    assert capsys.readouterr().err == (
        f"mxproof: {where}taking 'postmaster@example.com' for the domain example.com\n"
        f"mxproof: {where}taking 'https://example.com/about' for the domain example.com\n"
    )


def test_domains_are_named_once_each() -> None:
    assert named_domains(["example.net", "example.com", "EXAMPLE.net"]) == ("example.net", "example.com")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "'': no domain name was given; a domain such as example.com was expected"),
        ("localhost", "'localhost' has no dot; a domain such as example.com was expected"),
        (
            "192.0.2.1",
            "'192.0.2.1': an IP address is not a mail domain (RFC 8461 section 3.4); a domain such as example.com was expected",
        ),
    ],
)
def test_what_is_no_domain_is_told_with_what_was_expected_and_named_once(value: str, said: str) -> None:
    assert refused(value) == said
    assert refused(value, "list, line 2") == f"list, line 2: {said}"


def test_so_many_resolvers_are_asked_and_no_more() -> None:
    every = [("--resolver", f"192.0.2.{number}") for number in range(1, RESOLVERS_MAX + 2)]
    most = [word for pair in every[:-1] for word in pair]
    assert len(taken(asking_options, *most).resolver) == RESOLVERS_MAX
    assert refusal(asking_options, *most, *every[-1]) == (
        "Invalid value for '--resolver': 4 resolvers; at most 3 are asked"
    )


def test_so_many_pairs_are_taken_and_no_more() -> None:
    most = ("--connect-to", PAIR) * CONNECT_TO_MAX
    assert len(taken(asking_options, *most).connect_to) == CONNECT_TO_MAX == 1000
    assert refusal(asking_options, *most, "--connect-to", PAIR) == (
        "Invalid value for '--connect-to': 1001 pairs; at most 1000 are taken"
    )


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        (
            "--resolver",
            "none",
            "'none' is not ADDRESS or ADDRESS:PORT, such as 192.0.2.1:25 or [2001:db8::1]:25",
        ),
        (
            "--connect-to",
            "192.0.2.1:25",
            "'192.0.2.1:25' is not ADDRESS:PORT=ADDRESS:PORT, such as 192.0.2.1:25=127.0.0.1:2525",
        ),
        ("--ca-file", "/dev/null", "/dev/null: holds no certificate; PEM or DER was expected"),
        ("--timeout", "300.1", "'300.1'; a number of seconds from 0.1 to 300 was expected"),
    ],
)
def test_a_value_that_cannot_be_is_refused(option: str, value: str, said: str) -> None:
    assert refusal(asking_options, option, value) == f"Invalid value for '{option}': {said}"

"""How a scan asks: what the options come to in the manifest, and which are refused."""

from pathlib import Path

import pytest

from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.scan import ScanAskingOptions, scan_asking_options
from mxproof.net.asking import Asking, Peer
from mxproof.scan.manifest import ScanAsking
from mxproof.scan.rate import NetworkRate
from support_options import refusal, taken

RESOLVER = Peer("192.0.2.53", 53)
MEANT, INSTEAD = Peer("2001:db8::1", 25), Peer("127.0.0.1", 2525)


def test_the_defaults_are_those_of_the_manifest() -> None:
    assert taken(scan_asking_options) == ScanAskingOptions()
    settings = ScanAskingOptions().settings(Asking(resolvers=(RESOLVER,)), trust_ad=False)
    assert settings == ScanAsking(resolvers=("192.0.2.53:53",))
    assert (settings.resolver_window, settings.connections) == (256, 1024)


def test_every_option_stands_in_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "rates").write_text("192.0.2.0/24 5 # asked for it\n2001:db8::/32 0\n")
    options = taken(
        scan_asking_options,
        *("--contact", "https://example.com/scan", "--ehlo-name", "Scan.example.com"),
        *("--queries", "4096", "--connections", "4095", "--smtp-rate", "7", "--policy-rate", "8"),
        *("--rate-file", str(tmp_path / "rates")),
    )
    asking = Asking(
        resolvers=(RESOLVER,),
        connect_to={MEANT: INSTEAD},
        families=(6,),
        timeout_s=3.0,
        allow_private=True,
    )
    assert options.settings(asking, trust_ad=True) == ScanAsking(
        resolvers=("192.0.2.53:53",),
        connect_to=("[2001:db8::1]:25=127.0.0.1:2525",),
        families=(6,),
        timeout_s=3.0,
        trust_ad=True,
        allow_private=True,
        helo_name="scan.example.com",
        contact="https://example.com/scan",
        resolver_window=4096,
        connections=4095,
        smtp_a_minute=7,
        policies_a_minute=8,
        rates=(NetworkRate("192.0.2.0/24", 5), NetworkRate("2001:db8::/32", 0)),
    )


def test_a_scan_asks_by_the_ways_of_a_check_and_no_name_server_by_itself() -> None:
    options = taken(
        scan_asking_options,
        *("--resolver", "192.0.2.53", "--no-trust-ad", "--connect-to", "[2001:db8::1]:25=127.0.0.1:2525"),
        *("--ipv4", "--ipv6", "--timeout", "3", "--allow-private", "--lab", "incident"),
    )
    assert options.ways == AskingOptions(
        resolver=(RESOLVER,),
        trust_ad=False,
        connect_to=((MEANT, INSTEAD),),
        ipv4=True,
        ipv6=True,
        timeout=3.0,
        allow_private=True,
        name_servers=False,
        lab="incident",
    )


@pytest.mark.parametrize("name", ["--queries", "--connections"])
def test_so_many_are_under_way_at_once(name: str) -> None:
    unit = name.removeprefix("--").replace("queries", "questions")
    assert refusal(scan_asking_options, name, "4097") == (
        f"Invalid value for '{name}': '4097'; a whole number of {unit} from 1 to 4096 was expected"
    )


def test_whom_to_write_to_is_a_word_of_at_most_200_signs() -> None:
    longest = "https://example.com/".ljust(200, "x")
    assert taken(scan_asking_options, "--contact", longest).contact == longest


@pytest.mark.parametrize(
    "contact",
    [
        "https://example.com/a scan",
        "(scan@example.com",
        "scan@example.com)",
        "a\\b",
        "x" * 201,
        "b\u00fccher",
    ],
)
def test_what_cannot_stand_in_a_header_is_no_contact(contact: str) -> None:
    assert refusal(scan_asking_options, "--contact", contact) == (
        f"Invalid value for '--contact': {contact!r}; a URL or an address was expected, as https://example.com/scan"
    )


def test_mail_servers_are_greeted_with_the_name_of_a_host() -> None:
    assert taken(scan_asking_options, "--ehlo-name", "").ehlo_name == ""
    assert refusal(scan_asking_options, "--ehlo-name", "no host") == (
        "Invalid value for '--ehlo-name': 'no host': not a label of letters, digits and hyphens: 'no host'"
    )

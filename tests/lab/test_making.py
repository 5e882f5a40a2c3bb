"""What each word of a scenario makes of the server, the zone or the certificate that it is said of."""

from datetime import timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from mxproof.evidence import Der, Outcome, SmtpStage, TlsaRecord
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tlsa import association_for
from mxproof.lab.making import EARLY_DATA, KEYWORDS, LabIssuing, LabWorld, made
from mxproof.lab.scenario import HttpsFault, ScenarioError, SmtpFault
from mxproof.mail.memory import Memory
from mxproof.world.world import (
    AuthoritativeServer,
    Ending,
    PolicyServer,
    Script,
    ServerFault,
    SmtpServer,
    ZoneContents,
)
from support_certificates import NOW
from support_lab import world

MX = '[[smtp]]\nname = "mx1.example.com"\n'
HOST = '[[https]]\nbody = "p"\n'
NAMED = """
[[zone]]
name = "example.org"
records = '''
@    NS   ns1
ns1  A    192.0.2.53
'''
[[name_server]]
name = "NS1.example.org"
"""


@cache
def issuing() -> LabIssuing:
    """Return authorities that all worlds here share."""
    return LabIssuing(NOW)


def lab(tables: str, keys: str = "") -> LabWorld:
    return made(world(tables, keys), NOW, issuing())


def server(more: str = "") -> SmtpServer:
    (one,) = lab(MX + more).world.smtp_servers
    return one


def host(more: str = "") -> PolicyServer:
    (one,) = lab(HOST + more).world.policy_servers
    return one


def name_server(more: str = "") -> AuthoritativeServer:
    (one,) = lab(NAMED + more).world.name_servers
    return one


def test_a_sound_server_lets_every_client_come_to_the_end() -> None:
    one = server()
    assert (one.name, one.addresses, one.stage, one.outcome) == (
        "mx1.example.com",
        ("192.0.2.25",),
        SmtpStage.SECURED,
        Outcome.FOUND,
    )
    assert (one.reply, one.early, one.inside, one.script, one.turns) == (b"", b"", b"", "", None)
    assert (one.keywords, one.tls_version, one.offers, one.delay_ms) == (KEYWORDS, "TLSv1.3", (), 0)


@pytest.mark.parametrize(
    ("fault", "stage", "outcome", "reply"),
    [
        (SmtpFault.REFUSED, SmtpStage.CONNECT, Outcome.REFUSED, b""),
        (SmtpFault.BLACKHOLE, SmtpStage.CONNECT, Outcome.TIMEOUT, b""),
        (
            SmtpFault.GREETING_554,
            SmtpStage.GREETING,
            Outcome.FOUND,
            b"554 mx1.example.com No SMTP service here",
        ),
        (SmtpFault.NO_STARTTLS, SmtpStage.EHLO, Outcome.FOUND, b""),
        (
            SmtpFault.STARTTLS_454,
            SmtpStage.STARTTLS,
            Outcome.FOUND,
            b"454 4.7.0 TLS not available due to local problem",
        ),
        (SmtpFault.CUT, SmtpStage.SECURED, Outcome.CLOSED, b""),
        (SmtpFault.HANDSHAKE_ABORT, SmtpStage.HANDSHAKE, Outcome.CLOSED, b""),
    ],
)
def test_the_word_of_a_fault_says_how_far_a_client_comes(
    fault: SmtpFault, stage: SmtpStage, outcome: Outcome, reply: bytes
) -> None:
    one = server(f'fault = "{fault}"\n')
    assert (one.stage, one.outcome, one.reply, one.script) == (stage, outcome, reply, "")


@pytest.mark.parametrize(
    ("fault", "inside"),
    [
        (SmtpFault.EHLO_REJECTED, b"502 5.5.1 mx1.example.com Command not implemented"),
        (SmtpFault.STARTTLS_REPEATED, b"250-mx1.example.com\r\n250 STARTTLS"),
    ],
)
def test_a_server_may_answer_ehlo_otherwise_inside_tls(fault: SmtpFault, inside: bytes) -> None:
    one = server(f'fault = "{fault}"\n')
    assert (one.stage, one.outcome, one.inside) == (SmtpStage.SECURED, Outcome.FOUND, inside)


def test_early_data_follows_the_220_in_the_clear_and_of_no_other_server() -> None:
    assert server(f'fault = "{SmtpFault.EARLY_DATA}"\n').early == EARLY_DATA
    assert server(f'fault = "{SmtpFault.CUT}"\n').early == b""


@pytest.mark.parametrize("fault", [SmtpFault.ENDLESS_BANNER, SmtpFault.SLOW_DRIP, SmtpFault.RESET])
def test_any_other_fault_of_a_server_is_a_script_by_its_name(fault: SmtpFault) -> None:
    one = server(f'fault = "{fault}"\n')
    assert (one.stage, one.outcome, one.script, one.turns) == (
        SmtpStage.SECURED,
        Outcome.FOUND,
        fault,
        None,
    )


def test_a_greeting_that_is_said_turns_away_whatever_the_fault() -> None:
    one = server('greeting = "421 {name} busy"\n')
    assert (one.stage, one.outcome, one.reply) == (
        SmtpStage.GREETING,
        Outcome.FOUND,
        b"421 mx1.example.com busy",
    )


def test_what_a_server_calls_itself_says_and_waits_is_as_it_is_set_up() -> None:
    one = server('called = "mail.example.com"\nbanner = "hello"\nkeywords = ["SIZE"]\ndelay_s = 0.25\n')
    assert (one.name, one.banner, one.keywords, one.delay_ms) == ("mail.example.com", "hello", ("SIZE",), 250)


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        ("", "TLSv1.3"),
        (f'fault = "{SmtpFault.TLS10_ONLY}"', "TLSv1"),
        ('tls = "1.2"', "TLSv1.2"),
        (f'offers = ["{Offer.TLS_1_3}", "{Offer.TLS_1_2}"]', "TLSv1.3"),
        (f'offers = ["{Offer.TLS_1_2}"]', "TLSv1.2"),
        (f'offers = ["{Offer.TLS_1_1}"]', "TLSv1.1"),
        (f'offers = ["{Offer.TLS_1_1}", "{Offer.TLS_1_2}"]', "TLSv1.2"),
        (f'offers = ["{Offer.TLS_1_1}"]\ntls = "1.0"', "TLSv1"),
    ],
)
def test_a_server_speaks_the_newest_version_that_goes_with_what_it_takes(lines: str, version: str) -> None:
    assert server(f"{lines}\n").tls_version == version


def test_a_server_that_takes_key_transport_has_a_key_of_rsa() -> None:
    assert isinstance(issuing().issued[server().chain].key, EllipticCurvePrivateKey)
    old = server(f'offers = ["{Offer.KEY_TRANSPORT}"]\n')
    assert isinstance(issuing().issued[old.chain].key, RSAPrivateKey)


def test_a_name_in_sni_has_a_certificate_of_its_own() -> None:
    one = server('[[smtp.sni]]\nname = "other.example.com"\n')
    assert [name for name, _ in one.by_sni] == ["other.example.com"]
    assert one.shown("other.example.com") != one.chain
    assert issuing().issued[one.shown("other.example.com")].ders() == tuple(one.shown("other.example.com"))


def test_an_address_that_is_said_stands_before_that_of_the_zone_and_one_of_both_is_needed() -> None:
    assert server('addresses = ["192.0.2.77"]\n').addresses == ("192.0.2.77",)
    with pytest.raises(ScenarioError) as told:
        lab('[[smtp]]\nname = "mx9.example.com"\n')
    assert str(told.value) == (
        "server 'mx9.example.com': no address; expected `addresses`, or an A or AAAA record of the name"
    )


def test_a_policy_host_has_the_usual_name_and_serves_its_text() -> None:
    one = host()
    assert (one.name, one.addresses, one.body, one.status) == (
        "mta-sts.example.com",
        ("203.0.113.80",),
        b"p",
        200,
    )
    assert (one.headers, one.outcome, one.tls_version) == (
        (("Content-Type", "text/plain"),),
        Outcome.FOUND,
        "TLSv1.3",
    )
    assert (one.script, one.turns, one.delay_ms) == ("", None, 0)


def test_a_policy_host_is_as_it_is_set_up() -> None:
    one = host(
        'name = "mx1.example.com"\nstatus = 404\ncontent_type = "text/html"\nheaders = [["A", "b"]]\ntls = "1.1"\n'
        "delay_s = 1.5\n"
    )
    assert (one.name, one.addresses, one.status) == ("mx1.example.com", ("192.0.2.25",), 404)
    assert one.headers == (("Content-Type", "text/html"), ("A", "b"))
    assert (one.tls_version, one.delay_ms) == ("TLSv1.1", 1500)


@pytest.mark.parametrize(
    ("fault", "outcome"), [(HttpsFault.REFUSED, Outcome.REFUSED), (HttpsFault.BLACKHOLE, Outcome.TIMEOUT)]
)
def test_the_word_of_a_fault_of_a_policy_host_is_how_a_fetch_ends(
    fault: HttpsFault, outcome: Outcome
) -> None:
    one = host(f'fault = "{fault}"\n')
    assert (one.outcome, one.script) == (outcome, "")


@pytest.mark.parametrize("fault", [HttpsFault.RESET, HttpsFault.SLOW, HttpsFault.GZIP_BOMB])
def test_any_other_fault_of_a_policy_host_is_a_script_by_its_name(fault: HttpsFault) -> None:
    one = host(f'fault = "{fault}"\n')
    assert (one.outcome, one.script, one.turns) == (Outcome.FOUND, fault, None)


def test_a_script_has_its_words_filled_in_and_stands_before_any_fault() -> None:
    script = (
        'turns = ["{length} {body} {name}", "{repeated}"]\nrepeated = "xy"\ntimes = 3\nending = "reset"\n'
        "pause_s = 0.5\nclear = true\n"
    )
    one = host(f"[https.script]\n{script}")
    turns = (b"1 p mta-sts.example.com", b"xyxyxy")
    assert (one.script, one.turns) == ("turns", Script(turns, Ending.RESET, 0.5, clear=True))
    other = server('[smtp.script]\nturns = ["220 {name}{body}{length}\\r\\n"]\n')
    assert (other.script, other.turns) == ("turns", Script((b"220 mx1.example.com0\r\n",)))


def test_the_length_of_a_text_is_that_in_bytes_and_other_bytes_are_as_they_are_written() -> None:
    one = lab(
        '[[https]]\nbody = "\\u00e9"\n[https.script]\nturns = ["{length}\\u00ff"]\n'
    ).world.policy_servers[0]
    assert one.turns == Script((b"2\xff",))


def test_a_name_server_stands_where_its_zone_says() -> None:
    one = name_server(f'fault = "{ServerFault.LAME}"\n')
    assert one == AuthoritativeServer("ns1.example.org", ("192.0.2.53",), ServerFault.LAME)


def test_a_name_server_holds_its_own_version_of_a_zone() -> None:
    own = "[[name_server.zone]]\nname = \"example.org\"\nserial = 7\nrecords = '@ NS ns1'\n"
    (zone,) = name_server(own).zones
    assert isinstance(zone, ZoneContents)
    assert (zone.name, zone.serial, [one.type for one in zone.rrsets]) == ("example.org", 7, ["NS"])


def test_a_version_of_its_own_is_signed_where_the_zone_is() -> None:
    signed = NAMED.replace('name = "example.org"\n', 'name = "example.org"\nsigning = {}\n')
    own = "[[name_server.zone]]\nname = \"example.org\"\nrecords = '@ NS ns1'\n"
    (one,) = lab(signed + own).world.name_servers
    assert [zone.name for zone in one.zones] == ["example.org"]
    assert {proof.name for proof in one.zones[0].proofs} == {"example.org"}
    assert not name_server(own).zones[0].proofs
    (bare,) = lab(signed).world.name_servers
    assert bare.zones == ()


@pytest.mark.parametrize("gone", ["@    NS   ns1\n", "ns1  A    192.0.2.53\n"])
def test_a_name_server_has_an_address_and_a_zone_that_names_it(gone: str) -> None:
    with pytest.raises(ScenarioError) as told:
        lab(NAMED.replace(gone, ""))
    assert (
        str(told.value) == "name server 'NS1.example.org': expected an address and an NS record of its name"
    )


def tlsa(lines: str) -> tuple[LabWorld, str, TlsaRecord]:
    """Return a world with the TLSA record that is asked for, the owner of that, and the record."""
    one = lab(f'{MX}[[tlsa]]\nserver = "mx1.example.com"\n{lines}')
    (found,) = [rrset for zone in one.world.zones for rrset in zone.rrsets if rrset.type == "TLSA"]
    (record,) = found.records
    assert isinstance(record, TlsaRecord)
    return one, found.name, record


def test_a_tlsa_record_fits_the_certificate_of_its_server() -> None:
    one, owner, record = tlsa("")
    leaf = one.world.smtp_servers[0].chain[0]
    assert owner == "_25._tcp.mx1.example.com"
    assert record == TlsaRecord(3, 1, 1, association_for(bytes(leaf), 1, 1))


def test_a_tlsa_record_of_an_authority_fits_what_is_sent_above_or_the_root() -> None:
    one, owner, record = tlsa('name = "_25._tcp.Other.example.com"\nusage = 2\nselector = 0\nmatching = 2\n')
    assert owner == "_25._tcp.other.example.com"
    above = one.world.smtp_servers[0].chain[1]
    assert record == TlsaRecord(2, 0, 2, association_for(bytes(above), 0, 2))
    other, _, of_root = tlsa("usage = 2\nroot = true\n")
    (root,) = other.authority.root.ders()
    assert of_root == TlsaRecord(2, 1, 1, association_for(root, 1, 1))


def test_a_tlsa_record_is_of_the_server_that_it_names() -> None:
    second = '[[smtp]]\nname = "mx2.example.com"\naddresses = ["192.0.2.26"]\n'
    one = lab(f'{MX}{second}[[tlsa]]\nserver = "mx2.example.com"\n')
    (record,) = [
        record
        for zone in one.world.zones
        for rrset in zone.rrsets
        if rrset.type == "TLSA"
        for record in rrset.records
    ]
    leaf = one.world.smtp_servers[1].chain[0]
    assert record == TlsaRecord(3, 1, 1, association_for(bytes(leaf), 1, 1))


def test_a_wrong_tlsa_record_fits_a_certificate_that_nobody_serves() -> None:
    one, _, record = tlsa("wrong = true\n")
    served = one.world.smtp_servers[0].chain[0]
    assert record.association != association_for(bytes(served), 1, 1)
    fitting = [chain for chain in one.issued if association_for(bytes(chain[0]), 1, 1) == record.association]
    assert len(fitting) == 1


def test_a_tlsa_record_stands_in_the_zone_that_it_belongs_to_alone() -> None:
    below = "[[zone]]\nname = \"mx1.example.com\"\nrecords = '@ A 192.0.2.25'\n"
    one = lab(f'{MX}{below}[[tlsa]]\nserver = "mx1.example.com"\n')
    holding = [zone.name for zone in one.world.zones if any(rrset.type == "TLSA" for rrset in zone.rrsets)]
    assert holding == ["mx1.example.com"]


def test_an_old_policy_is_remembered_from_so_many_days_ago() -> None:
    assert lab("").memory is None
    held = lab('[memory]\nbody = "p"\nid = "1"\nage_days = 1.5\n').memory
    assert held == Memory(b"p", NOW - timedelta(hours=36), "1")


def test_a_world_of_its_own_has_an_authority_of_its_own() -> None:
    one = made(world(MX), NOW)
    assert one.world.name == "the lab"
    assert one.authority != issuing().authority
    (chain,) = one.issued
    assert chain == one.world.smtp_servers[0].chain
    assert isinstance(chain[0], Der)


def test_only_zones_that_are_signed_have_signatures() -> None:
    signed = "[[zone]]\nname = \"example.net\"\nrecords = 'a A 192.0.2.7'\n[zone.signing]\n"
    by_name = {zone.name: len(zone.proofs) > 0 for zone in lab(signed).world.zones}
    assert (by_name["example.net"], by_name["example.com"]) == (True, False)
    assert not any(zone.proofs for zone in lab("").world.zones)

"""What the nouns of a mail domain tell about themselves: readings, sessions, endpoints, aliases and TLSA records."""

import gzip

import msgspec
import pytest

from mxproof.evidence import Answer, Outcome, SmtpStage
from mxproof.formats.mtasts import LENIENT, STRICT, PolicyReading
from mxproof.formats.tls_offer import Offer
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Endpoint, MailDomain, PolicyFetch, Session, SessionState, TlsaState
from mxproof.mail.fetch_state import FetchState
from support_certificates import Defect
from support_world import Https, Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, INCIDENT, MX1, MX2, POLICY_ADDRESS, SIGNED, everywhere


def domain_of(world: ZoneWorld) -> MailDomain:
    return assemble(collect(world), world.at)


def session_with(server: Smtp) -> Session:
    return domain_of(everywhere(server)).hosts[0].endpoints[0].session(MX1)


def endpoint_at(address: str) -> Endpoint:
    """Return the one address of the second host of a domain."""
    return domain_of(GOOD.zone_with(f"{MX2} A {address}")).hosts[1].endpoints[0]


def test_a_policy_is_read_from_what_was_fetched_and_from_nothing_that_was_foretold() -> None:
    """Behind a certificate that may not be trusted stands a text, but no policy."""
    (fetch,) = domain_of(GOOD).policy_host.fetches
    assert fetch.read(STRICT) is not None
    wrong = GOOD.but(https={POLICY_ADDRESS: Https(defect=Defect.SELF_SIGNED)})
    (doubted,) = domain_of(wrong).policy_host.fetches
    assert doubted.foretold is not None
    assert doubted.read(LENIENT) is None


def test_a_session_is_sound_where_nothing_is_odd_but_what_its_certificate_is_worth() -> None:
    assert session_with(Smtp()).is_sound
    assert session_with(Smtp(version="TLSv1.2")).is_sound
    assert session_with(Smtp(defect=Defect.SELF_SIGNED)).is_sound
    assert session_with(Smtp(("other.example.net",))).is_sound


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(Smtp(version="TLSv1.1"), id="an old TLS"),
        pytest.param(Smtp(stage=SmtpStage.EHLO), id="no TLS"),
        pytest.param(Smtp(inside=b"502 5.5.1 what"), id="EHLO refused inside"),
        pytest.param(Smtp(defect=Defect.UNREADABLE), id="a certificate that cannot be read"),
        pytest.param(Smtp(defect=Defect.NO_SIGNATURES), id="a key that signs nothing"),
        pytest.param(Smtp(early=b"x"), id="text in the clear"),
    ],
)
def test_a_session_that_senders_have_differently_is_not_sound(server: Smtp) -> None:
    assert not session_with(server).is_sound


def test_a_session_whose_server_refused_an_offer_is_not_sound() -> None:
    refused = msgspec.structs.replace(session_with(Smtp()), refused=frozenset({Offer.TLS_1_2}))
    assert not refused.is_sound


def test_a_session_whose_certificate_has_a_name_beyond_ascii_is_not_sound() -> None:
    session = session_with(Smtp())
    assert session.chain is not None
    assert session.chain.leaf is not None
    leaf = msgspec.structs.replace(session.chain.leaf, names_in_ascii=False)
    chain = msgspec.structs.replace(session.chain, leaf=leaf)
    assert not msgspec.structs.replace(session, chain=chain).is_sound


def test_a_session_is_settled_that_came_as_far_as_starttls_or_never_offered_it() -> None:
    session = session_with(Smtp())
    settled = {one for one in SessionState if msgspec.structs.replace(session, state=one).is_settled}
    assert settled == {
        SessionState.SECURED,
        SessionState.NO_STARTTLS,
        SessionState.STARTTLS_REJECTED,
        SessionState.HANDSHAKE_FAILED,
    }


def answered(endpoint: Endpoint, outcome: Outcome) -> Endpoint:
    """Return the address with another outcome of the first session."""
    first, *rest = endpoint.sessions
    told = msgspec.structs.replace(first, answer=Answer(outcome, GOOD.at))
    return msgspec.structs.replace(endpoint, sessions=(told, *rest))


@pytest.mark.parametrize(
    ("address", "outcome", "withheld"),
    [
        ("10.0.0.1", Outcome.UNASKED, True),
        ("10.0.0.1", Outcome.FOUND, False),
        ("192.0.2.2", Outcome.UNASKED, False),
    ],
)
def test_an_address_is_withheld_that_is_not_public_and_to_which_nobody_connected(
    address: str, outcome: Outcome, *, withheld: bool
) -> None:
    assert answered(endpoint_at(address), outcome).is_withheld is withheld


def test_the_session_with_a_name_is_that_which_sent_it_or_else_the_first() -> None:
    endpoint = domain_of(INCIDENT).hosts[0].endpoints[0]
    assert endpoint.session(MX1).server_name == MX1
    assert endpoint.session("smol.example.com").server_name == "smol.example.com"
    assert endpoint.session("other.example.net") is endpoint.sessions[0]


def test_a_host_is_an_alias_whose_addresses_stand_at_another_name() -> None:
    plain, alias = domain_of(GOOD).hosts[0], domain_of(INCIDENT).hosts[0]
    assert (plain.target, plain.is_alias) == (MX1, False)
    assert (alias.target, alias.is_alias) == ("smol.example.com", True)


def test_a_domain_has_an_alias_as_soon_as_one_of_its_hosts_is_one() -> None:
    one = GOOD.zone_with(f"{MX1} CNAME smol.example.com", "smol.example.com A 192.0.2.1")
    assert [domain_of(world).has_alias for world in (GOOD, one, INCIDENT)] == [False, True, True]


@pytest.mark.parametrize(
    ("world", "may"),
    [
        pytest.param(DANE, True, id="all have records"),
        pytest.param(SIGNED.zone_with(f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.2"), True, id="one has"),
        pytest.param(SIGNED.zone_with(f"_25._tcp.{MX2} TLSA !servfail"), True, id="one look-up failed"),
        pytest.param(SIGNED, False, id="none has"),
        pytest.param(GOOD.zone_with(f"_25._tcp.{MX2} TLSA 3 1 1 @192.0.2.2"), False, id="not signed"),
    ],
)
def test_a_domain_may_have_records_for_dane_unless_every_host_is_known_to_have_none(
    world: ZoneWorld, *, may: bool
) -> None:
    assert domain_of(world).may_have_tlsa is may


def fetched(**changes: object) -> PolicyFetch:
    """Return what the policy host of the good world serves, with other values."""
    return msgspec.structs.replace(domain_of(GOOD).policy_host.fetches[0], **changes)


def reading(**changes: object) -> PolicyReading:
    """Return a lenient reading with other habits."""
    return msgspec.structs.replace(LENIENT, **changes)


def test_a_sender_that_takes_plain_text_alone_reads_no_other() -> None:
    web = fetched(media_type="text/html")
    assert web.read(reading(plain_only=False)) is not None
    assert web.read(reading(plain_only=True)) is None


def test_a_field_of_the_head_may_be_as_long_as_the_sender_takes() -> None:
    long = fetched(field_bytes=8_190)
    assert long.read(reading(field_bytes_max=None)) is not None
    assert long.read(reading(field_bytes_max=8_190)) is not None
    assert long.read(reading(field_bytes_max=8_189)) is None


def test_a_body_that_is_packed_is_read_by_whoever_unpacks_it() -> None:
    packed = fetched(state=FetchState.ENCODED, body=gzip.compress(GOOD.policy))
    assert packed.read(reading(inflates=True)) is not None
    assert packed.read(reading(inflates=False)) is None
    elsewhere = fetched(state=FetchState.STATUS, body=gzip.compress(GOOD.policy))
    assert elsewhere.read(reading(inflates=True)) is None


@pytest.mark.parametrize("charset", ["", "ascii", "us-ascii"])
def test_a_sender_that_goes_by_the_charset_reads_ascii_unless_another_is_named(charset: str) -> None:
    beyond = GOOD.policy + "x-name: ä\n".encode()
    by_charset = reading(ascii_unless_said=True)
    assert fetched(charset=charset).read(by_charset) is not None
    assert fetched(charset=charset, body=beyond).read(by_charset) is None
    assert fetched(charset="utf-8", body=beyond).read(by_charset) is not None
    assert fetched(charset=charset, body=beyond).read(reading(ascii_unless_said=False)) is not None


def test_each_reading_has_a_record_of_its_own() -> None:
    record = domain_of(GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=1; junk")).record
    assert record.read(STRICT) is None
    assert record.read(LENIENT) is not None


@pytest.mark.parametrize("state", TlsaState)
def test_there_may_be_tlsa_records_unless_it_is_known_that_there_are_none_or_none_that_count(
    state: TlsaState,
) -> None:
    domain = domain_of(GOOD)
    none, *others = domain.hosts
    tried = msgspec.structs.replace(none.tlsa_target, state=state)
    hosts = (*others, msgspec.structs.replace(none, tlsa_tried=(tried,)))
    may_have = msgspec.structs.replace(domain, hosts=hosts).may_have_tlsa
    assert may_have is (state not in {TlsaState.ABSENT, TlsaState.INSECURE})
    untried = tuple(msgspec.structs.replace(one, tlsa_target=tried, tlsa_tried=()) for one in domain.hosts)
    assert not msgspec.structs.replace(domain, hosts=untried).may_have_tlsa

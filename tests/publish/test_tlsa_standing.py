"""Which TLSA records stand at a host, where, and which certificate each of them names."""

from mxproof.evidence import Der, Outcome
from mxproof.mail.assemble import assemble
from mxproof.publish.tlsa_standing import standing_tlsa
from mxproof.publish.told_rollover import StandingTlsa, TlsaRole
from mxproof.survey.served_records import tlsa_of_hosts
from support_certificates import INTERMEDIATE
from support_name_servers import At
from support_publication import SERVERS
from support_rollover import ADDRESSES, MX1, NEW, NEWER, OLD, OWNER, record, shown
from support_world import GOOD_ZONE, Smtp, ZoneWorld, collect
from support_worlds import connect

DELEGATION = """
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns2.example.com            A     198.51.100.53
"""
WORLD = ZoneWorld(
    zone=GOOD_ZONE + DELEGATION,
    signed=("example.com",),
    name_servers={},
    smtp=dict.fromkeys(ADDRESSES, Smtp(names=OLD)),
)
SHOWN, COMING, GONE = record(shown(OLD)), record(shown(NEW)), record(shown(NEWER))
CHAIN = tuple(Der(one.der) for one in (shown(NEW), INTERMEDIATE))


def zone(*records: str) -> ZoneWorld:
    return WORLD.zone_with(*(f"{OWNER} TLSA {one}" for one in records))


def standing(
    world: ZoneWorld, *coming: Der, host: str = MX1, names: tuple[str, ...] = (MX1,)
) -> list[StandingTlsa]:
    (found,) = (
        one for one in assemble(collect(world.but(name_servers=None)), world.at).hosts if one.name == host
    )
    return list(standing_tlsa(found, collect(world, tlsa_of_hosts(names).wanted), coming))


def line(text: str, owner: str = OWNER) -> str:
    return f"{owner}. TLSA {text}"


def test_a_record_is_of_what_is_shown_of_what_comes_or_left_from_before() -> None:
    assert standing(zone(SHOWN, COMING, GONE), *CHAIN) == [
        StandingTlsa(MX1, line(SHOWN), TlsaRole.SHOWN, 4, 4),
        StandingTlsa(MX1, line(COMING), TlsaRole.NEXT, 4, 4),
        StandingTlsa(MX1, line(GONE), TlsaRole.LEFT, 4, 4),
    ]


def test_where_nothing_comes_a_record_is_of_what_is_shown_or_left() -> None:
    assert [one.role for one in standing(zone(SHOWN, COMING))] == [TlsaRole.SHOWN, TlsaRole.LEFT]


def test_a_record_of_what_one_address_alone_shows_is_shown() -> None:
    two = zone(SHOWN, GONE).but(smtp={ADDRESSES[0]: Smtp(names=OLD), ADDRESSES[1]: Smtp(names=NEWER)})
    assert [one.role for one in standing(two)] == [TlsaRole.SHOWN, TlsaRole.SHOWN]


def test_where_no_address_shows_a_certificate_a_record_is_left_from_before() -> None:
    silent = zone(SHOWN).but(smtp=dict.fromkeys(ADDRESSES, connect(Outcome.REFUSED)))
    assert [one.role for one in standing(silent)] == [TlsaRole.LEFT]


def test_an_authority_above_what_is_shown_is_shown_too() -> None:
    above = record(shown(OLD), usage=2)
    assert [one.role for one in standing(zone(above), *CHAIN)] == [TlsaRole.SHOWN]


def test_a_host_without_records_has_none_that_stand() -> None:
    assert standing(WORLD, *CHAIN) == []


def test_a_record_that_some_servers_have_alone_is_counted_at_those() -> None:
    older = zone(SHOWN).at_servers(SERVERS[1:], At(zone=zone(SHOWN, GONE).zone))
    assert [(one.line, one.places, one.places_asked) for one in standing(older)] == [
        (line(SHOWN), 4, 4),
        (line(GONE), 2, 4),
    ]


def test_a_server_that_does_not_answer_was_asked_all_the_same() -> None:
    silent = zone(SHOWN).at_servers(SERVERS[1:], At(tcp=Outcome.TIMEOUT))
    assert [(one.places, one.places_asked) for one in standing(silent)] == [(3, 4)]


def test_a_host_that_is_an_alias_has_the_records_of_both_names() -> None:
    target = "smol.example.com"
    alias = zone(SHOWN).zone_with(
        f"{MX1} CNAME {target}",
        f"{target} A 192.0.2.1",
        f"{target} AAAA 2001:db8::1",
        f"_25._tcp.{target} TLSA {GONE}",
    )
    assert [(one.host, one.line) for one in standing(alias, names=(MX1, target))] == [
        (MX1, line(SHOWN)),
        (MX1, line(GONE, f"_25._tcp.{target}")),
    ]

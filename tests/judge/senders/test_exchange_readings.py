"""Every way to take the MX records that hold no host name: which of them spoils all, and which is only passed over."""

from itertools import product

import msgspec
import pytest

from mxproof.judge.codes import Code
from mxproof.judge.senders.exchange import PLAIN, ExchangeReadings, exchange_readings, fatal, passed_over
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import ExchangeReading
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import HostState, MailDomain
from support_world import ZoneWorld, collect
from support_worlds import GOOD, MX1

OVER, TAKEN, FATAL = ExchangeReading.PASSED_OVER, ExchangeReading.TAKEN, ExchangeReading.FATAL
MALFORMED, LITERAL, NULL = "<b>.example.com", "192.0.2.1", "."
CODES = {MALFORMED: Code.MX_NAME_INVALID, LITERAL: Code.MX_ADDRESS_LITERAL, NULL: Code.MX_NULL_MIXED}


def domain(*exchanges: str, addresses: tuple[str, ...] = ()) -> MailDomain:
    """Return a domain with these MX records in order of preference, those in `addresses` with an address."""
    records = [f"example.com MX {place}0 {name}" for place, name in enumerate(exchanges, 1)]
    world: ZoneWorld = GOOD.zone_with(*records, *(f"{name} A 192.0.2.1" for name in addresses))
    return assemble(collect(world), world.at)


OPEN = msgspec.structs.replace(
    RFC8461, malformed_mx=(OVER, FATAL), literal_mx=(TAKEN, OVER, FATAL), null_mx_beside=(FATAL, OVER)
)


@pytest.mark.parametrize(
    ("exchanges", "want"),
    [
        ((MX1,), (PLAIN,)),
        ((MX1, MALFORMED), tuple(ExchangeReadings(one, TAKEN, FATAL) for one in (OVER, FATAL))),
        ((MX1, LITERAL), tuple(ExchangeReadings(OVER, one, FATAL) for one in (TAKEN, OVER, FATAL))),
        ((MX1, NULL), tuple(ExchangeReadings(OVER, TAKEN, one) for one in (FATAL, OVER))),
        (
            (MX1, MALFORMED, LITERAL, NULL),
            tuple(
                ExchangeReadings(*one) for one in product((OVER, FATAL), (TAKEN, OVER, FATAL), (FATAL, OVER))
            ),
        ),
    ],
)
def test_only_what_the_domain_has_is_taken_in_every_way(
    exchanges: tuple[str, ...], want: tuple[ExchangeReadings, ...]
) -> None:
    assert exchange_readings(domain(*exchanges), OPEN) == want


@pytest.mark.parametrize(
    ("exchanges", "code"),
    [
        ((MX1, MALFORMED, LITERAL), Code.MX_NAME_INVALID),
        ((LITERAL, MX1, MALFORMED), Code.MX_ADDRESS_LITERAL),
        ((MALFORMED, MX1, NULL), Code.MX_NULL_MIXED),
        ((LITERAL, NULL), Code.MX_NULL_MIXED),
    ],
)
def test_of_several_records_that_spoil_all_the_null_mx_is_told_and_else_the_first(
    exchanges: tuple[str, ...], code: Code
) -> None:
    found = fatal(domain(*exchanges), ExchangeReadings(FATAL, FATAL, FATAL))
    assert found is not None
    assert found[0] is code


@pytest.mark.parametrize("kind", [MALFORMED, LITERAL, NULL])
def test_a_record_spoils_all_only_where_it_is_there_and_is_itself_taken_so(kind: str) -> None:
    place = (MALFORMED, LITERAL, NULL).index(kind)
    alone = ExchangeReadings(*(FATAL if one == place else OVER for one in range(3)))
    others = ExchangeReadings(*(OVER if one == place else FATAL for one in range(3)))
    subject = domain(MX1, kind)
    assert [one is not None and one[0] for one in (fatal(subject, alone), fatal(subject, others))] == [
        CODES[kind],
        False,
    ]
    assert fatal(domain(MX1), ExchangeReadings(FATAL, FATAL, FATAL)) is None


def test_a_record_that_is_taken_is_tried_where_it_leads_to_an_address_and_else_passed_over() -> None:
    dead, live = domain(MX1, MALFORMED), domain(MX1, MALFORMED, addresses=(MALFORMED,))
    for subject, readings, is_tried in (
        (live, ExchangeReadings(malformed=TAKEN), True),
        (live, ExchangeReadings(malformed=OVER, literal=TAKEN), False),
        (dead, ExchangeReadings(malformed=TAKEN), False),
    ):
        host = next(one for one in subject.hosts if one.state is HostState.INVALID)
        assert bool(host.endpoints) is (subject is live)
        found = passed_over(host, readings)
        assert (found is None) is is_tried
        assert found is None or found[0] is Code.MX_NAME_INVALID
        named = next(one for one in subject.hosts if one.name == MX1)
        assert passed_over(named, readings) is None


def test_an_address_is_tried_as_a_host_only_by_whoever_takes_one() -> None:
    subject = domain(MX1, LITERAL)
    host = next(one for one in subject.hosts if one.state is HostState.LITERAL)
    assert passed_over(host, ExchangeReadings(literal=TAKEN)) is None
    found = passed_over(host, ExchangeReadings(malformed=TAKEN, literal=OVER))
    assert found is not None
    assert found[0] is Code.MX_ADDRESS_LITERAL

"""What answers say of hosts and addresses, and in which order of RFC 7672 section 2.2.2 TLSA records are looked for."""

from itertools import pairwise

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    Vantage,
)
from mxproof.survey.reading import (
    addresses,
    addresses_secure,
    alias_chain,
    is_alias_loop,
    is_secure,
    mx_set,
    ptr_names,
    tlsa_bases,
)
from support_answers import Said, told
from support_evidence import OBSERVED_AT
from support_world import ZoneWorld, collect

ALIAS, TARGET = "mx1.example.com", "mx.example.net"
ALIASED = ZoneWorld().zone_with(f"{ALIAS} CNAME {TARGET}", f"{TARGET} A 192.0.2.1")


@pytest.mark.parametrize(
    ("world", "host", "want"),
    [
        (ALIASED.but(signed=("example.com", "example.net")), ALIAS, (TARGET, ALIAS)),
        (ALIASED.but(signed=("example.com",)), ALIAS, (ALIAS,)),
        (ALIASED.but(signed=("example.net",)), ALIAS, ()),
        (ALIASED, ALIAS, ()),
        (ALIASED.but(validating=False), ALIAS, (TARGET, ALIAS)),
        (ZoneWorld(signed=("example.com",)), ALIAS, (ALIAS,)),
        (ZoneWorld(), ALIAS, ()),
        (ZoneWorld(validating=False), ALIAS, (ALIAS,)),
    ],
)
def test_bases_are_tried_where_secure_answers_lead_to_them(
    world: ZoneWorld, host: str, want: tuple[str, ...]
) -> None:
    assert tlsa_bases(collect(world), host) == want


MX, A, AAAA = Question(Kind.MX, "example.com"), Question(Kind.A, ALIAS), Question(Kind.AAAA, ALIAS)
NULL, HOST = MxRecord(0, "."), MxRecord(10, ALIAS)


@pytest.mark.parametrize(
    ("said", "null", "null_beside", "implicit", "names"),
    [
        ((NULL,), True, False, False, []),
        ((NULL, MxRecord(5, ".")), True, False, False, []),
        ((NULL, HOST), False, True, False, [ALIAS]),
        ((HOST,), False, False, False, [ALIAS]),
        ((MxRecord(20, ALIAS), MxRecord(15, TARGET), HOST), False, False, False, [ALIAS, TARGET]),
        ((OtherRecord("RRSIG"),), False, False, False, []),
        ((), False, False, False, []),
        (Outcome.EMPTY, False, False, True, ["example.com"]),
        (Outcome.NXDOMAIN, False, False, False, []),
        (Outcome.SERVFAIL, False, False, False, []),
    ],
)
def test_a_null_mx_stands_alone_and_no_mx_at_all_is_the_domain_itself(
    said: Said, null: bool, null_beside: bool, implicit: bool, names: list[str]
) -> None:
    found = mx_set(told({MX: said}))
    assert (found.null, found.null_beside, found.implicit) == (null, null_beside, implicit)
    assert [one.name for one in found.exchanges] == names


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((AddressRecord("192.0.2.10"), AddressRecord("192.0.2.9")), ("192.0.2.9", "192.0.2.10")),
        ((OtherRecord("RRSIG"), AddressRecord("192.0.2.9")), ("192.0.2.9",)),
        ((AddressRecord("192.0.2.9"), AddressRecord("192.0.2.9")), ("192.0.2.9",)),
        ((), ()),
    ],
)
def test_addresses_are_the_address_records_of_an_answer_in_order_of_number(
    records: tuple[DnsRecord, ...], want: tuple[str, ...]
) -> None:
    six = (AddressRecord("2001:db8::1"),)
    assert addresses(told({A: records}), ALIAS) == want
    assert addresses(told({A: records, AAAA: six}), ALIAS) == (*want, "2001:db8::1")
    assert addresses(told({A: records, AAAA: six}, vantage=Vantage(families=(6,))), ALIAS) == ("2001:db8::1",)


def test_of_two_chains_that_disagree_the_longer_counts() -> None:
    short = DnsData("NOERROR", secure=False, chain=(Alias(ALIAS, TARGET),))
    long = DnsData(
        "NOERROR", secure=False, chain=(Alias(ALIAS, "a.example.net"), Alias("a.example.net", TARGET))
    )
    for first, second in ((short, long), (long, short)):
        assert alias_chain(told({A: first, AAAA: second}), ALIAS) == (ALIAS, "a.example.net", TARGET)
    assert alias_chain(told({}), ALIAS) == (ALIAS,)


@pytest.mark.parametrize(
    ("validating", "secure"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_an_answer_is_secure_by_its_bit_and_by_who_says_so(validating: bool, secure: bool) -> None:
    evidence = told({A: DnsData("NOERROR", secure=secure)}, vantage=Vantage(validating=validating))
    assert is_secure(evidence, Kind.A, ALIAS) is (validating and secure)
    assert not is_secure(evidence, Kind.AAAA, ALIAS)


def chain(*names: str) -> DnsData:
    """Return an answer that leads from one of these names to the next."""
    aliases = tuple(Alias(name, target) for name, target in pairwise(names))
    return DnsData("NOERROR", secure=False, chain=aliases)


@pytest.mark.parametrize(
    ("four", "six", "is_loop"),
    [
        (chain(), chain(), False),
        (chain(ALIAS, TARGET), chain(ALIAS, "other.example.net"), False),
        (chain(ALIAS, TARGET, ALIAS), chain(), True),
        (chain(ALIAS, TARGET, "a.example.net", TARGET), chain(ALIAS, TARGET), True),
        (chain(ALIAS, TARGET), chain(ALIAS, ALIAS), True),
        (Outcome.SERVFAIL, Outcome.TIMEOUT, False),
    ],
)
def test_aliases_that_come_back_to_one_of_themselves_have_no_end(
    four: Said, six: Said, *, is_loop: bool
) -> None:
    assert is_alias_loop(told({A: four, AAAA: six}), ALIAS) is is_loop


def test_sixteen_aliases_are_followed_and_none_twice() -> None:
    names = [ALIAS, *(f"a{place}.example.net" for place in range(20))]
    assert alias_chain(told({A: chain(*names)}), ALIAS) == tuple(names[:17])
    assert alias_chain(told({A: chain(ALIAS, TARGET, ALIAS, "a.example.net")}), ALIAS) == (ALIAS, TARGET)


def test_twenty_hosts_are_looked_at_the_best_of_them_and_sixteen_addresses_of_each() -> None:
    hosts = tuple(MxRecord(30 - place, f"mx{place}.example.com") for place in range(22))
    found = mx_set(told({MX: hosts}))
    assert [one.name for one in found.exchanges] == [f"mx{place}.example.com" for place in range(21, 1, -1)]
    assert [one.name for one in found.unprobed] == ["mx1.example.com", "mx0.example.com"]
    many = tuple(AddressRecord(f"192.0.2.{place}") for place in range(1, 19))
    assert addresses(told({A: many}), ALIAS) == tuple(f"192.0.2.{place}" for place in range(1, 17))


def addressed(address: str, *, secure: bool, alias: bool = False) -> DnsData:
    """Return the answer with one address, perhaps at the end of an alias."""
    links = (Alias(ALIAS, TARGET),) if alias else ()
    return DnsData("NOERROR", secure=secure, records=(AddressRecord(address),), chain=links)


@pytest.mark.parametrize(
    ("four", "six", "want"),
    [
        (True, True, True),
        (True, False, False),
        (False, True, False),
        (True, None, True),
        (None, True, True),
        (False, None, False),
        (None, None, False),
    ],
)
def test_addresses_are_secure_where_every_answer_that_holds_one_is(
    four: bool | None, six: bool | None, *, want: bool
) -> None:
    said: dict[Question, Said] = {
        A: Outcome.EMPTY if four is None else addressed("192.0.2.1", secure=four),
        AAAA: Outcome.EMPTY if six is None else addressed("2001:db8::1", secure=six),
    }
    assert addresses_secure(told(said, vantage=Vantage(validating=True)), ALIAS) is want
    assert not addresses_secure(told(said, vantage=Vantage(validating=False)), ALIAS)


@pytest.mark.parametrize(
    ("addresses_are", "alias_is", "want"),
    [
        (True, True, (TARGET, ALIAS)),
        (True, False, (TARGET,)),
        (False, True, (ALIAS,)),
        (False, False, ()),
        (True, None, (TARGET,)),
    ],
)
def test_each_base_has_a_secure_answer_of_its_own_that_leads_to_it(
    addresses_are: bool, alias_is: bool | None, want: tuple[str, ...]
) -> None:
    said: dict[Question, Said] = {A: addressed("192.0.2.1", secure=addresses_are, alias=True)}
    if alias_is is not None:
        said[Question(Kind.CNAME, ALIAS)] = DnsData("NOERROR", secure=alias_is)
    assert tlsa_bases(told(said, vantage=Vantage(validating=True)), ALIAS) == want


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(DnsData("NOERROR", secure=True, records=(HOST,)), id="listed"),
        pytest.param(DnsData("NOERROR", secure=True, records=(NULL,)), id="null"),
        pytest.param(DnsData("NOERROR", secure=True), id="implicit"),
    ],
)
def test_an_answer_about_mx_records_is_secure_whatever_it_says(data: DnsData) -> None:
    outcome = Outcome.FOUND if data.records else Outcome.EMPTY
    answer = Answer(outcome, OBSERVED_AT, data)
    for validating in (True, False):
        evidence = Evidence("example.com", Vantage(validating=validating), {MX: answer})
        assert mx_set(evidence).secure is validating
    insecure = Answer(outcome, OBSERVED_AT, msgspec.structs.replace(data, secure=False))
    assert not mx_set(Evidence("example.com", Vantage(validating=True), {MX: insecure})).secure


def test_four_reverse_names_count_the_first_of_the_alphabet() -> None:
    names = [f"{letter}.example.com" for letter in "fbdaec"]
    evidence = told({Question(Kind.PTR, "1.2.0.192.in-addr.arpa"): tuple(map(NameRecord, names))})
    assert ptr_names(evidence, "192.0.2.1") == tuple(f"{letter}.example.com" for letter in "abcd")

"""Where records are looked for that were published a moment ago, and what a resolver has not heard of yet."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    DnsRecord,
    Kind,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    Transport,
)
from mxproof.survey.published import wanted, with_policy_host
from mxproof.survey.reading import addresses
from support_answers import Said, told

HOST = "mta-sts.example.com"
ZONE: dict[Question, Said] = {
    Question(Kind.NS, HOST): Outcome.EMPTY,
    Question(Kind.NS, "example.com"): (NameRecord("ns1.example.com"),),
    Question(Kind.A, "ns1.example.com"): (AddressRecord("192.0.2.53"),),
    Question(Kind.A, HOST): Outcome.NXDOMAIN,
    Question(Kind.AAAA, HOST): Outcome.NXDOMAIN,
    Question(Kind.A, "sts.example.net"): (AddressRecord("192.0.2.80"),),
}


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((NameRecord("sts.example.net"),), ("192.0.2.80",)),
        ((OtherRecord("RRSIG"), NameRecord("sts.example.net")), ("192.0.2.80",)),
        ((OtherRecord("RRSIG"),), ()),
        ((), ()),
    ],
)
def test_a_policy_host_is_where_its_name_servers_say_before_the_resolver_has_heard(
    transport: Transport, records: tuple[DnsRecord, ...], want: tuple[str, ...]
) -> None:
    served = Question(Kind.CNAME, HOST, server="192.0.2.53", transport=transport)
    evidence = told(ZONE | {served: records})
    assert addresses(with_policy_host(evidence), HOST) == want
    asked = [one for one in wanted(evidence) if one.kind is Kind.POLICY]
    assert asked == [Question(Kind.POLICY, HOST, address) for address in want]


def test_what_the_resolver_knows_of_a_policy_host_stands() -> None:
    served = Question(Kind.CNAME, HOST, server="192.0.2.53", transport=Transport.UDP)
    known = {Question(Kind.A, HOST): (AddressRecord("192.0.2.81"),)}
    evidence = told(ZONE | {served: (NameRecord("sts.example.net"),)} | known)
    assert addresses(with_policy_host(evidence), HOST) == ("192.0.2.81",)

"""What DANE makes of several digests, and of anchors that are not sent or out of order."""

from collections.abc import Sequence

import msgspec
import pytest

from mxproof.evidence import Answer, Der, SmtpData
from mxproof.formats.tlsa import association_for
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from support_certificates import INTERMEDIATE, ROOT, Defect, leaf
from support_senders import everywhere, those
from support_world import Smtp, ZoneWorld, collect

PLAIN = ZoneWorld(signed=("example.com", "in-addr.arpa", "ip6.arpa")).zone_with("_mta-sts.example.com TXT")
AT = {"mx1.example.com": "@192.0.2.1", "mx2.example.com": "@192.0.2.2"}
DANE = {traits.id for traits in SENDERS if traits.dane}
STRONGEST = {traits.id for traits in SENDERS if traits.strongest_digest}


def with_tlsa(*data: str) -> ZoneWorld:
    """Return a signed world with these records at each host, `@` for its own address."""
    return PLAIN.zone_with(
        *(f"_25._tcp.{host} TLSA {one.replace('@', at)}" for host, at in AT.items() for one in data)
    )


def test_a_weaker_digest_does_not_count_where_the_library_knows_the_stronger() -> None:
    """observed: Sendmail 8.18.1 defers, Exim 4.98.2 delivers; RFC 7671 section 9."""
    refused = those(Verdict.REFUSED, with_tlsa("3 1 1 @", "3 1 2 " + "00" * 64))
    assert refused == STRONGEST - {"postfix-sts"}  # which may be set up without DANE
    assert {"postfix-dane", "sendmail-dane"} <= refused


def test_of_a_sender_that_nobody_ran_it_is_open() -> None:
    at_risk = those(Verdict.AT_RISK, with_tlsa("3 1 1 @", "3 1 2 " + "00" * 64))
    assert at_risk == {"microsoft", "postfix-sts"}


@pytest.mark.parametrize("data", ["3 1 2 @", "3 1 0 @"])
def test_the_strongest_digest_and_full_data_are_enough(data: str) -> None:
    delivered = those(Verdict.DELIVERS, with_tlsa(data, "3 1 1 " + "00" * 32))
    assert delivered == {traits.id for traits in SENDERS}


@pytest.mark.parametrize(
    ("selector", "able"),
    [
        (0, {traits.id for traits in SENDERS if traits.whole_anchors}),
        (1, {traits.id for traits in SENDERS if traits.whole_keys}),
    ],
)
def test_an_anchor_in_the_record_need_not_be_sent_to_those_who_read_it_there(
    selector: int, able: set[str]
) -> None:
    """observed: Sendmail delivers, Exim does not; RFC 7671 section 5.2.2."""
    world = with_tlsa(f"2 {selector} 0 {association_for(ROOT.der, selector, 0).hex()}")
    assert those(Verdict.DELIVERS, world) & DANE == DANE & able


@pytest.mark.parametrize("defect", [Defect.NONE, Defect.SELF_SIGNED])
@pytest.mark.parametrize(("selector", "matching_type"), [(0, 0), (0, 1), (1, 1), (1, 2)])
def test_a_certificate_that_is_named_as_its_own_anchor_is_one_to_mox(
    defect: Defect, selector: int, matching_type: int
) -> None:
    """mjl-/mox dane/dane.go verifySingle; observed: OpenSSL and GnuTLS look above it only."""
    world = its_own_anchor(("mx1.example.com", "mx2.example.com"), defect, selector, matching_type)
    assert those(Verdict.DELIVERS, world) & DANE == {"mox"}


def test_its_dates_and_its_names_count_all_the_same() -> None:
    expired = its_own_anchor(("mx1.example.com", "mx2.example.com"), Defect.EXPIRED)
    misnamed = its_own_anchor(("other.example.net",), Defect.NONE)
    assert those(Verdict.DELIVERS, expired) & DANE == set()
    assert those(Verdict.DELIVERS, misnamed) & DANE == set()


def its_own_anchor(
    names: tuple[str, ...], defect: Defect, selector: int = 1, matching_type: int = 1
) -> ZoneWorld:
    """Return a world whose one certificate is what TLSA records of usage 2 name."""
    data = association_for(leaf(names, defect).der, selector, matching_type).hex()
    server = Smtp(names=names, defect=defect)
    return with_tlsa(f"2 {selector} {matching_type} {data}").but(smtp=everywhere(server))


def test_the_digest_of_an_anchor_that_is_not_sent_helps_nobody() -> None:
    digest = association_for(ROOT.der, 1, 1).hex()
    assert those(Verdict.DELIVERS, with_tlsa(f"2 1 1 {digest}")) & DANE == set()


def test_an_authority_behind_the_anchor_is_left_out_by_mox() -> None:
    """A server may send its anchor before the authority that leads to it (mjl-/mox dane/dane.go verifySingle)."""
    world = with_tlsa(f"2 1 1 {association_for(ROOT.der, 1, 1).hex()}")
    assert delivering(world, INTERMEDIATE.der, ROOT.der) == DANE
    assert delivering(world, ROOT.der, INTERMEDIATE.der) == DANE - {"mox"}


def delivering(world: ZoneWorld, *above: bytes) -> set[str]:
    """Return the senders with DANE that deliver where servers send these certificates behind their own."""
    evidence = collect(world)
    answers = {question: _with_chain(answer, above) for question, answer in evidence.answers.items()}
    domain = assemble(msgspec.structs.replace(evidence, answers=answers), world.at)
    return {one.id for one in SENDERS if one.dane and deliver(domain, one).outcome is Verdict.DELIVERS}


def _with_chain(answer: Answer, above: Sequence[bytes]) -> Answer:
    data = answer.data
    if not isinstance(data, SmtpData) or data.tls is None:
        return answer
    tls = msgspec.structs.replace(data.tls, chain=(data.tls.chain[0], *map(Der, above)))
    return msgspec.structs.replace(answer, data=msgspec.structs.replace(data, tls=tls))

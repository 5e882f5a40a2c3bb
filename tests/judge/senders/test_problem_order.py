"""Which of several faults of one certificate is told, and what Postfix makes of the patterns that a daemon hands to it."""

from functools import cache

import msgspec
import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders.problem import (
    certificate_problem,
    is_matched,
    level_of,
    match_list,
    mx_problem,
    unencrypted_problem,
)
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import JudgedName, Library, Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Endpoint, Host, SessionState
from mxproof.mail.memory import SessionLevel
from mxproof.mail.trust import Chain
from support_certificates import Defect
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX1

POLICY = Policy(Mode.ENFORCE, 86_400, (MX1,))
OTHER = "other.example.net"


@cache
def first(names: tuple[str, ...] = (MX1,), defect: Defect = Defect.NONE, ptr: str = "") -> Host:
    """Return the first host of a world, with a certificate for these names and this reverse name."""
    world = ZoneWorld(smtp={"192.0.2.1": Smtp(names=names, defect=defect)})
    world = world.zone_with("192.0.2.1 PTR" if ptr == "none" else f"192.0.2.1 PTR {ptr or MX1}")
    return assemble(collect(world), world.at).hosts[0]


def chain_of(host: Host) -> Chain:
    chain = host.endpoints[0].sessions[0].chain
    assert chain is not None
    return chain


def sender(**traits: object) -> Traits:
    return msgspec.structs.replace(RFC8461, **traits)


def told(host: Host, traits: Traits = RFC8461, chain: Chain | None = None) -> Code | None:
    """Return why the certificate does not serve."""
    found = certificate_problem(host, host.endpoints[0], chain or chain_of(host), POLICY, traits)
    return None if found is None else found.code


def test_of_several_faults_that_of_trust_is_told_then_the_purpose_the_key_and_the_name_last() -> None:
    weak = {"weakness": "a key of 1024 bits"}
    misnamed, unmeant = first((OTHER,)), first((OTHER,), Defect.KEY_USAGE)
    expired = first((OTHER,), Defect.EXPIRED)
    strict = sender(weak_key_at_mx=False, library=Library.OPENSSL)
    for host, traits, want in (
        (expired, strict, Code.CERT_EXPIRED),
        (unmeant, strict, Code.CERT_PURPOSE_WRONG),
        (misnamed, strict, Code.CERT_KEY_WEAK),
        (unmeant, sender(weak_key_at_mx=False, library=Library.GO), Code.CERT_KEY_WEAK),
        (misnamed, sender(weak_key_at_mx=True), Code.CERT_NAME_MISMATCH),
        (first(), sender(weak_key_at_mx=True), None),
        (first(), strict, Code.CERT_KEY_WEAK),
    ):
        assert told(host, traits, msgspec.structs.replace(chain_of(host), **weak)) is want
    nameless = sender(certificate_name=JudgedName.NONE, weak_key_at_mx=False, library=Library.OPENSSL)
    assert [told(one, nameless) for one in (expired, unmeant, misnamed)] == [
        Code.CERT_EXPIRED,
        Code.CERT_PURPOSE_WRONG,
        None,
    ]


def test_without_a_certificate_none_can_be_read_and_no_name_is_compared() -> None:
    host = first()
    for chain in (None, msgspec.structs.replace(chain_of(host), leaf=None)):
        found = certificate_problem(
            host, host.endpoints[0], chain, POLICY, sender(certificate_name=JudgedName.NONE)
        )
        assert found is not None
        assert (found.result_type, found.code) == (ResultType.VALIDATION_FAILURE, Code.CERT_UNREADABLE)


@pytest.mark.parametrize(
    ("ptr", "want"),
    [(MX1, Code.STS_MX_UNLISTED), (OTHER, Code.PTR_OTHER_NAME), ("none", Code.PTR_MISSING)],
)
def test_a_reverse_name_is_the_reason_only_where_it_is_not_the_name_of_the_host(ptr: str, want: Code) -> None:
    host = first(ptr=ptr)
    by_ptr = sender(policy_name=JudgedName.PTR)
    found = mx_problem(host, host.endpoints[0], Policy(Mode.ENFORCE, 86_400, ("old.example.com",)), by_ptr)
    assert found is not None
    assert (found.result_type, found.code) == (ResultType.MX_MISMATCH, want)
    listed = mx_problem(host, host.endpoints[0], POLICY, by_ptr)
    assert (listed is None) is (ptr == MX1)


@pytest.mark.parametrize(
    ("ptr", "want"), [(MX1, Code.CERT_NAME_MISMATCH), (OTHER, None), ("none", Code.PTR_MISSING)]
)
def test_a_certificate_is_compared_with_the_reverse_name_by_whoever_does_so(
    ptr: str, want: Code | None
) -> None:
    host = first((OTHER,), ptr=ptr)
    assert told(host, sender(certificate_name=JudgedName.PTR)) is want


def test_of_an_alias_the_name_that_is_compared_is_that_of_the_sender() -> None:
    world = GOOD.zone_with(f"{MX1} CNAME box.example.com", "box.example.com A 192.0.2.1").but(
        smtp={"192.0.2.1": Smtp(names=(MX1,))}
    )
    host = assemble(collect(world), world.at).hosts[0]
    at_target = sender(policy_name=JudgedName.TARGET, certificate_name=JudgedName.TARGET)
    found = mx_problem(host, None, POLICY, at_target)
    assert (None if found is None else found.code) is Code.MX_ALIAS
    assert told(host, at_target) is Code.MX_ALIAS
    assert mx_problem(host, None, POLICY, RFC8461) is None
    assert told(host) is None


@pytest.mark.parametrize(
    ("patterns", "want"),
    [
        ((MX1,), (MX1,)),
        (("*.example.com", MX1), (".example.com", MX1)),
        (("mx1.example.com:25",), (MX1, "25")),
        (("*",), None),
        (("a b",), None),
        (("a,b", MX1), None),
        (("a\x00b",), None),
        (("*", MX1), (MX1,)),
        (("hostname",), ("hostname",)),
    ],
)
def test_patterns_are_joined_and_cut_at_colons(
    patterns: tuple[str, ...], want: tuple[str, ...] | None
) -> None:
    assert match_list(patterns) == want


@pytest.mark.parametrize(
    ("names", "match", "want"),
    [
        ((MX1,), ("hostname",), True),
        ((OTHER,), ("hostname",), False),
        (("*.example.com",), ("hostname",), True),
        (("hostname",), ("hostname",), False),
        ((OTHER,), ("hostname", OTHER), True),
        (("a.b.example.com",), (".example.com",), True),
        (("example.com",), (".example.com",), False),
        ((f"{MX1}.",), (MX1,), False),
        ((MX1,), (f"{MX1}.",), False),
        ((), (MX1,), False),
        ((OTHER, MX1), ("x.example.org", MX1), True),
    ],
)
def test_a_certificate_is_matched_by_a_name_a_parent_or_the_word_for_the_mx_name(
    names: tuple[str, ...], match: tuple[str, ...], *, want: bool
) -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13."""
    assert is_matched(names, match, MX1) is want


def test_what_postfix_holds_against_the_policy_is_told_apart_from_a_wrong_certificate() -> None:
    by_policy = sender(certificate_name=JudgedName.POLICY)
    elsewhere = Policy(Mode.ENFORCE, 86_400, ("old.example.com",))
    right, wrong = first(), first((OTHER,))
    codes = []
    for host, policy in ((right, elsewhere), (wrong, elsewhere), (right, Policy(Mode.ENFORCE, 1, ("a b",)))):
        found = certificate_problem(host, host.endpoints[0], chain_of(host), policy, by_policy)
        codes.append(None if found is None else found.code)
    assert codes == [Code.STS_MX_UNLISTED, Code.CERT_NAME_MISMATCH, Code.STS_POLICY_AMBIGUOUS]
    assert told(right, by_policy) is None


def test_a_level_is_verified_only_with_a_sound_chain_for_the_mx_name() -> None:
    hosts = (first(), first((OTHER,)), first(defect=Defect.SELF_SIGNED))
    levels = [level_of(host, host.endpoints[0].sessions[0], RFC8461) for host in hosts]
    assert levels == [SessionLevel.VERIFIED, SessionLevel.ENCRYPTED, SessionLevel.ENCRYPTED]
    session = first().endpoints[0].sessions[0]
    for changed in ({"chain": None}, {"state": SessionState.HELO_ONLY}, {"state": SessionState.NO_STARTTLS}):
        altered = msgspec.structs.replace(session, **changed)
        assert level_of(first(), altered, RFC8461) is SessionLevel.PLAIN


def test_why_a_handshake_failed_is_the_early_text_the_suites_or_the_certificate_in_this_order() -> None:
    endpoint: Endpoint = first().endpoints[0]
    failed = msgspec.structs.replace(endpoint.sessions[0], state=SessionState.HANDSHAKE_FAILED)
    odd = msgspec.structs.replace(chain_of(first()), leaf=None)
    found = [
        unencrypted_problem(msgspec.structs.replace(failed, **changes))
        for changes in ({"tls": None, "chain": None}, {"chain": odd}, {"chain": None})
    ]
    assert [None if one is None else one.code for one in found] == [
        Code.TLS_HANDSHAKE_FAILED,
        Code.TLS_HANDSHAKE_FAILED,
        None,
    ]
    assert unencrypted_problem(endpoint.sessions[0]) is None

"""Why a session does not meet what a sender demands: names of certificates against patterns of policies."""

import msgspec
import pytest

from mxproof.formats.cert import facts
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders.postfix import POSTFIX_STS
from mxproof.judge.senders.problem import certificate_problem, mx_problem, names_host
from mxproof.judge.senders.table import COURIER, RFC8461
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Host
from support_certificates import NOW
from support_certificates import leaf as made_leaf
from support_world import Smtp, ZoneWorld, collect

MANY = tuple(f"{number}.example.net" for number in range(3000))
DETAIL_CHARACTERS_MAX = 1000


def host_showing(*names: str) -> Host:
    return assemble(collect(ZoneWorld(smtp={"192.0.2.1": Smtp(names=names)})), NOW).hosts[0]


@pytest.mark.parametrize(
    ("name", "pattern", "want"),
    [
        ("mx1.example.com", "mx1.example.com", True),
        ("*.example.com", "mx1.example.com", True),
        ("*.example.com", "*.example.com", True),
        ("mx1.example.com", "*.example.com", True),
        ("a.b.example.com", "*.example.com", True),
        ("example.com", "*.example.com", False),
        ("*.com", "mx1.example.com", False),
        ("notexample.com", "*.example.com", False),
        ("mx2.example.com", "mx1.example.com", False),
    ],
)
def test_postfix_compares_the_names_of_the_certificate_with_the_patterns(
    name: str, pattern: str, want: bool
) -> None:
    host = host_showing(name)
    endpoint = host.endpoints[0]
    chain = endpoint.sessions[0].chain
    policy = Policy(Mode.ENFORCE, 86_400, (pattern,))
    assert (certificate_problem(host, endpoint, chain, policy, POSTFIX_STS) is None) == want


def test_thousands_of_names_and_patterns_make_no_long_detail() -> None:
    host = host_showing(*MANY)
    endpoint = host.endpoints[0]
    policy = Policy(Mode.ENFORCE, 86_400, tuple(f"{name}.example.org" for name in MANY))
    problems = [
        mx_problem(host, endpoint, policy, RFC8461),
        *(
            certificate_problem(host, endpoint, endpoint.sessions[0].chain, policy, traits)
            for traits in (RFC8461, POSTFIX_STS)
        ),
    ]
    assert [problem is not None and len(problem.detail) < DETAIL_CHARACTERS_MAX for problem in problems] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("common_names", "postfix", "courier"),
    [
        (("mx1.example.com",), True, True),
        (("mx1.example.com", "other.example.com"), True, False),
        (("other.example.com", "mx1.example.com"), True, False),
        (("other.example.com",), False, False),
    ],
)
def test_of_several_common_names_each_counts_for_openssl_and_none_for_gnutls(
    common_names: tuple[str, ...], postfix: bool, courier: bool
) -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13, gnutls-cli 3.8.9."""
    leaf = msgspec.structs.replace(facts(made_leaf(("CN=x",)).der), common_names=common_names)
    senders = (POSTFIX_STS, COURIER, RFC8461)
    assert [names_host(leaf, "mx1.example.com", one) for one in senders] == [postfix, courier, False]

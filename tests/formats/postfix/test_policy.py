import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.postfix.policy import (
    Level,
    StsAttributes,
    TlsPolicy,
    parse_tls_policy,
    print_tls_policy,
)

STS = StsAttributes(
    domain="example.com",
    mx=("mx1.example.com", "*.example.net"),
    ttl_s=86_400,
    strings=("version: STSv1", "mode: enforce"),
)
HOSTS = st.from_regex(r"(?:[a-z][a-z0-9]{0,8}\.){1,3}[a-z]{2,5}", fullmatch=True)
STS_VALUES = st.builds(
    StsAttributes,
    domain=HOSTS,
    mx=st.lists(HOSTS | HOSTS.map("*.".__add__), max_size=3).map(tuple),
    ttl_s=st.none() | st.integers(0, 31_557_600),
    strings=st.lists(st.from_regex(r"[a-z_]{1,9}: [A-Za-z0-9.=*-]{1,20}", fullmatch=True), max_size=3).map(
        tuple
    ),
)
POLICIES = st.one_of(
    st.builds(TlsPolicy, level=st.sampled_from([Level.MAY, Level.DANE, Level.DANE_ONLY, Level.ENCRYPT])),
    st.builds(
        TlsPolicy,
        level=st.sampled_from([Level.SECURE, Level.VERIFY]),
        match=st.lists(HOSTS | HOSTS.map(".".__add__) | st.just("nexthop"), min_size=1, max_size=4).map(
            tuple
        ),
        servername=st.sampled_from(["", "hostname", "mx.example.com"]),
        ciphers=st.sampled_from(["", "high"]),
        protocols=st.sampled_from(["", ">=TLSv1.2", "!SSLv3:!TLSv1"]),
        sts=st.none() | STS_VALUES,
    ),
)


@given(POLICIES)
def test_what_is_printed_reads_back(policy: TlsPolicy) -> None:
    assert parse_tls_policy(print_tls_policy(policy)) == policy


@given(st.text(max_size=60) | st.text("secure match=policy_type{}sts,. :", max_size=60))
def test_random_text_raises_only_format_error(text: str) -> None:
    try:
        policy = parse_tls_policy(text)
    except FormatError:
        return
    assert parse_tls_policy(print_tls_policy(policy)) == policy


def test_a_policy_is_printed_for_old_and_for_new_postfix() -> None:
    old = TlsPolicy(Level.SECURE, match=("mx1.example.com", ".example.net"), servername="hostname")
    assert print_tls_policy(old) == "secure match=mx1.example.com:.example.net servername=hostname"
    new = TlsPolicy(Level.SECURE, match=("mx1.example.com", ".example.net"), servername="hostname", sts=STS)
    assert print_tls_policy(new) == (
        "secure match=mx1.example.com:.example.net servername=hostname policy_type=sts policy_domain=example.com"
        " policy_ttl=86400 mx_host_pattern=mx1.example.com mx_host_pattern=*.example.net"
        " { policy_string = version: STSv1 } { policy_string = mode: enforce }"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "safe",
        "secure match=",
        "secure match=a.example::b.example",
        "secure match=192.0.2.1",
        "secure match=[192.0.2.1]",
        "secure match=a.example servername=hostname servername=hostname",
        "secure match=a.example servername=",
        "secure match=a.example colour=blue",
        "secure match",
        "may match=a.example",
        "dane-only match=a.example",
        "none servername=hostname",
        "secure match=a.example policy_domain=example.com",
        "secure match=a.example policy_type=sts",
        "secure match=a.example mx_host_pattern=a.example",
        "secure match=a.example policy_type=tlsa policy_domain=example.com",
        "secure match=a.example policy_type=sts policy_domain=bücher.example",
        "secure match=a.example policy_type=sts policy_domain=example.com mx_host_pattern=a.example.",
        "secure match=a.example policy_type=sts policy_domain=example.com mx_host_pattern=.example",
        "secure match=a.example policy_type=sts policy_domain=example.com mx_host_pattern=",
        "secure match=a.example policy_type=sts policy_domain=example.com mx_host_pattern=192.0.2.1",
        "secure match=a.example policy_type=sts policy_domain=example.com policy_ttl=1d",
        "secure match=a.example { policy_string = a",
        "secure match=a.example { policy_string = {a} }",
        "secure match=a.example {policy_type=sts}policy_domain=example.com",
        "secure match=a.example\0",
    ],
)
def test_what_makes_postfix_defer_mail_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_tls_policy(text)


@pytest.mark.parametrize("level", ["may", "dane", "encrypt", "secure match=a.example"])
def test_what_ends_postfix_at_a_resumed_session_is_refused(level: str) -> None:
    parse_tls_policy(f"{level} policy_type=sts policy_domain=example.com")
    with pytest.raises(FormatError):
        parse_tls_policy(
            f"{level} policy_type=sts policy_domain=example.com policy_failure=sts-policy-fetch-error"
        )


@pytest.mark.parametrize(
    "host",
    [
        "mx.example servername=evil",
        "mx.example{",
        "mx.example\nmay",
        "mx.example\0",
        "192.0.2.1",
        "",
        "mx.example.",
    ],
)
def test_a_hostile_name_is_never_printed(host: str) -> None:
    policies = (
        TlsPolicy(Level.SECURE, match=(host,)),
        TlsPolicy(Level.SECURE, match=("a.example",), sts=StsAttributes("example.com", mx=(host,))),
        TlsPolicy(Level.SECURE, match=("a.example",), sts=StsAttributes(host)),
    )
    for policy in policies:
        with pytest.raises(FormatError):
            print_tls_policy(policy)


def test_an_entry_longer_than_a_reply_is_never_printed() -> None:
    names = tuple(f"mx{number}.example.com" for number in range(8000))
    with pytest.raises(FormatError) as caught:
        print_tls_policy(TlsPolicy(Level.SECURE, match=names))
    assert caught.value.objections[0].rule == "tls-policy-too-long"


def test_case_of_names_and_levels_does_not_matter_to_the_reader() -> None:
    assert parse_tls_policy("Secure, MATCH=a.example") == TlsPolicy(Level.SECURE, match=("a.example",))

"""Authentication headers: what Microsoft and others write, and what it means."""

import pytest

from mxproof.cli.exit import status_of_explanation
from mxproof.explain.causes import CATALOGUE, suspects
from mxproof.explain.causes.base_rate import BASE_RATES, base_rate
from mxproof.explain.engine import explain
from mxproof.explain.match.authentication import causes_of, keys_of
from mxproof.formats.bounce.authres import AuthResults, parse_auth_results
from mxproof.formats.dkim import Signature

MICROSOFT = "spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com; hotmail.com; dkim=timeout (key query timeout)"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com", ["spf_temperror"]),
        (f"{MICROSOFT} header.d=example.com", ["spf_temperror", "dkim_key_dns"]),
        ("spf=permerror smtp.mailfrom=example.com", ["spf_permerror"]),
        ("dkim=fail (no key for signature) header.d=example.com", ["dkim_key_dns"]),
        ("dkim=none (key query timeout) header.d=example.com", ["dkim_key_dns"]),
        ("dkim=temperror (dns timeout) header.d=example.com", ["dkim_key_dns"]),
        ("dkim=fail (body hash did not verify) header.d=example.com", ["dkim_body_hash"]),
        ("dkim=fail (signature did not verify) header.d=example.com", ["dkim_signature"]),
        (
            "dmarc=fail action=oreject header.from=example.com; compauth=fail reason=000",
            ["dmarc_fail", "compauth"],
        ),
        ("compauth=softpass reason=201", ["compauth"]),
        ("dmarc=temperror header.from=example.com", ["dmarc_dns_temp"]),
        ("spf=fail smtp.mailfrom=example.com", ["spf_fail"]),
        ("iprev=permerror policy.iprev=192.0.2.1", ["ptr_missing"]),
        ("iprev=fail policy.iprev=192.0.2.1", ["ptr_mismatch"]),
        ("iprev=fail policy.iprev=192.0.2.1; dmarc=pass header.from=example.com", []),
        ("spf=fail smtp.mailfrom=list.example; dkim=pass header.d=example.com; dmarc=pass", []),
        ("dkim=fail (body hash did not verify); dkim=pass; dmarc=pass header.from=example.com", []),
        ("spf=temperror smtp.mailfrom=example.com; dkim=pass; dmarc=pass", ["spf_temperror"]),
        ("spf=pass; dkim=none (message not signed) header.d=none; dmarc=bestguesspass", []),
    ],
)
def test_a_header_states_its_causes(value: str, want: list[str]) -> None:
    for name in ("Authentication-Results", "ARC-Authentication-Results", "authentication-results"):
        got = explain(f"{name}: {value}".encode())
        assert [claim.code for claim in got.causes] == want
        assert status_of_explanation(got) == (0 if want else 1)


def test_the_name_of_the_header_may_be_missing() -> None:
    assert [claim.code for claim in explain(MICROSOFT.encode()).causes] == ["spf_temperror", "dkim_key_dns"]


def test_the_header_of_a_whole_message_counts() -> None:
    message = f"From: a@example.com\nTo: b@hotmail.com\nSubject: hello\nAuthentication-Results: {MICROSOFT}\n\nhello\n"
    got = explain(message.encode())
    assert [claim.code for claim in got.causes] == ["spf_temperror", "dkim_key_dns"]
    assert got.domain == "example.com"


def test_the_header_of_a_bounce_itself_does_not_count() -> None:
    bounce = f"From: mailer-daemon@example.net\nSubject: Undelivered\nAuthentication-Results: {MICROSOFT}\n\n550 5.1.1 User unknown\n"
    assert explain(bounce.encode()).other == "user-unknown"


def test_received_spf_counts_too() -> None:
    got = explain(
        b"Received-SPF: TempError (protection.outlook.com: error in processing) client-ip=192.0.2.1;"
    )
    assert [claim.code for claim in got.causes] == ["spf_temperror"]


def test_a_temporary_error_is_told_with_the_published_rate() -> None:
    got = explain(MICROSOFT.encode())
    rate = base_rate("spf_temperror")
    assert rate is not None
    assert rate.words in got.words
    assert rate.source.startswith("https://")


def test_rates_are_about_causes_of_the_catalogue() -> None:
    assert {cause for rate in BASE_RATES for cause in rate.causes} <= set(CATALOGUE)
    assert base_rate("spf_fail") is None


BY_LIST = "spf=pass smtp.mailfrom=list.example"
BODY = "(body hash did not verify)"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (f"dkim=neutral {BODY} header.d=example.com", ["dkim_body_hash"]),
        ("dkim=neutral header.d=example.com", []),
        ("dkim=pass (no key for signature) header.d=example.com", []),
        ("dkim=fail (signature did not verify) header.d=example.com; dmarc=pass", []),
        ("compauth=softpass reason=201; dmarc=pass", []),
        ("compauth=fail reason=000; dmarc=pass", ["compauth"]),
        ("dmarc=permerror header.from=example.com", ["dmarc_permerror"]),
        ("spf=softfail smtp.mailfrom=example.com", ["spf_fail"]),
        ("spf=neutral smtp.mailfrom=example.com", []),
        ("iprev=pass policy.iprev=192.0.2.1", []),
    ],
)
def test_what_passed_or_had_no_effect_is_no_cause(value: str, want: list[str]) -> None:
    assert [one.code for one in explain(f"Authentication-Results: mx; {value}".encode()).causes] == want


@pytest.mark.parametrize(
    ("dmarc", "beside", "want"),
    [
        # Refused, or nothing said and nothing passed: the policy stopped it.
        ("(p=reject)", BY_LIST, ["dmarc_fail"]),
        ("", "", ["dmarc_fail"]),
        # What passed, passed for another domain than that of the author.
        ("(p=none)", BY_LIST, ["dmarc_alignment"]),
        ("", BY_LIST, ["dmarc_alignment"]),
        ("(p=reject dis=none)", BY_LIST, ["dmarc_alignment"]),
        ("(p=none)", "spf=none; dkim=none", ["dmarc_alignment"]),
        # A signature of the author's own that broke is what there is to mend, a stranger's is not.
        ("(p=none)", f"dkim=fail {BODY} header.d=example.com; {BY_LIST}", ["dkim_body_hash"]),
        ("(p=none)", f"dkim=fail {BODY} header.d=mail.example.com; {BY_LIST}", ["dkim_body_hash"]),
        ("(p=none)", f"dkim=neutral {BODY} header.d=com; {BY_LIST}", ["dkim_body_hash"]),
        (
            "(p=none)",
            f"dkim=fail {BODY} header.d=badexample.com; {BY_LIST}",
            ["dmarc_alignment", "dkim_body_hash"],
        ),
        (
            "(p=none)",
            f"dkim=neutral {BODY} (2048-bit key) header.d=example.com; {BY_LIST}",
            ["dkim_body_hash"],
        ),
        ("(p=none)", f"dkim=neutral header.d=example.com; {BY_LIST}", ["dmarc_alignment"]),
        ("(p=none)", f"dkim=neutral (no policy) header.d=example.com; {BY_LIST}", ["dmarc_alignment"]),
        ("(p=none)", "spf=fail smtp.mailfrom=example.com", ["spf_fail"]),
    ],
)
def test_a_failure_of_dmarc_is_told_by_what_was_asked_for_and_by_what_passed_beside_it(
    dmarc: str, beside: str, want: list[str]
) -> None:
    value = "; ".join(filter(None, (f"dmarc=fail {dmarc} header.from=example.com", beside)))
    assert [one.code for one in explain(f"Authentication-Results: mx; {value}".encode()).causes] == want


def test_of_what_passed_for_another_domain_it_is_told_for_which_and_that_it_may_sign_for_the_author_too() -> (
    None
):
    def check(beside: str) -> str:
        value = f"dmarc=fail (p=none) header.from=example.com; {beside}"
        (claim,) = explain(f"Authentication-Results: mx; {value}".encode()).causes
        return claim.check

    by_spf = check(BY_LIST)
    assert by_spf.endswith("Here SPF passed for list.example, and From has example.com.")
    both = check(f"{BY_LIST}; dkim=pass header.d=signer.example")
    assert "DKIM passed for signer.example" in both
    assert both.endswith("have the mail signed in the name of example.com too.")
    assert "Here " not in check("spf=none; dkim=none")


def test_the_words_of_a_result_are_quoted_with_its_comment_and_reason() -> None:
    (claim,) = explain(
        b'Authentication-Results: mx; spf=fail (not allowed) reason="why" smtp.mailfrom=a.example'
    ).causes
    assert claim.because == "spf=fail (not allowed) reason=why"


def fields(*values: str) -> tuple[AuthResults, ...]:
    return tuple(map(parse_auth_results, values))


def causes(*values: str) -> list[str]:
    return [one.cause for one in causes_of(fields(*values))]


def test_what_stands_beside_a_failure_of_dmarc_is_told_by_its_own_field_or_else_by_all() -> None:
    """A receiver may write each method into a field of its own."""
    failed, passed = "dmarc=fail (p=none) header.from=example.com", "spf=pass smtp.mailfrom=list.example"
    broken = "dkim=fail (signature did not verify) header.d=example.com"
    assert causes(f"a; {failed}", f"a; {passed}") == ["dmarc_alignment"]
    assert causes(f"a; {failed}", f"a; {broken}") == ["dkim_signature"]
    assert causes(f"a; {failed}; {passed}", f"a; {broken}") == ["dmarc_alignment", "dkim_signature"]
    assert causes(f"a; {passed}; {failed}", f"a; {broken}") == ["dmarc_alignment", "dkim_signature"]


def test_what_failed_only_to_be_looked_up_comes_first() -> None:
    assert causes("a; spf=fail smtp.mailfrom=example.com; dkim=temperror header.d=example.com") == [
        "dkim_key_dns",
        "spf_fail",
    ]


OWN, OTHER = Signature("example.com", "s1"), Signature("list.example", "l1")


@pytest.mark.parametrize(
    ("value", "signatures", "want"),
    [
        ("dkim=fail header.d=example.com header.s=s9", (), ["s9._domainkey.example.com"]),
        ("dkim=fail header.i=@Example.com header.s=s9", (), ["s9._domainkey.example.com"]),
        ("dkim=fail header.d=example.com", (), []),
        (
            "dkim=fail header.d=list.example",
            (OWN, OTHER),
            ["l1._domainkey.list.example", "s1._domainkey.example.com"],
        ),
        (
            "dkim=pass header.d=example.com header.s=s1; dkim=fail header.d=list.example header.s=l1",
            (),
            ["l1._domainkey.list.example", "s1._domainkey.example.com"],
        ),
        ("spf=fail header.d=example.com header.s=s9", (OTHER,), ["l1._domainkey.list.example"]),
    ],
)
def test_the_keys_are_those_of_signatures_that_did_not_pass_first(
    value: str, signatures: tuple[Signature, ...], want: list[str]
) -> None:
    assert list(keys_of(fields(f"a; {value}"), signatures)) == want


def test_of_many_keys_four_are_told() -> None:
    many = tuple(Signature("example.com", f"s{number}") for number in range(5))
    assert keys_of((), many) == tuple(one.key_name for one in many[:4])


@pytest.mark.parametrize(
    ("value", "is_of_record"),
    [
        ("dkim=permerror (bad record) header.d=example.com", True),
        ('dkim=fail reason="invalid key" header.d=example.com', True),
        ("dkim=fail (signature did not verify) header.d=example.com", False),
        ("spf=permerror (bad record) smtp.mailfrom=example.com", False),
    ],
)
def test_the_record_of_a_key_is_suspected_where_the_receiver_blames_it(
    value: str, *, is_of_record: bool
) -> None:
    (one,) = causes_of(fields(f"a; {value}"))
    assert one.suspects == ((suspects.RECORDS,) if is_of_record else ())


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ("action=none", "dmarc_alignment"),
        ("action=quarantine", "dmarc_fail"),
        ("action=none dis=reject", "dmarc_fail"),
        ("policy.dmarc=reject dis=none", "dmarc_alignment"),
        ("(p=none dis=reject)", "dmarc_fail"),
        ("(policy=none)", "dmarc_alignment"),
        ("(d=quarantine)", "dmarc_fail"),
    ],
)
def test_what_was_done_counts_before_what_the_policy_asks_for(said: str, want: str) -> None:
    assert causes(f"a; dmarc=fail {said} header.from=example.com; spf=pass smtp.mailfrom=list.example") == [
        want
    ]


def test_where_nothing_passed_one_failure_beside_others_is_the_reason() -> None:
    failed = "dmarc=fail (p=none) header.from=example.com"
    assert causes(f"a; {failed}; spf=softfail smtp.mailfrom=list.example; dkim=none") == ["spf_fail"]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=example.com", "192.0.2.1"),
        ("spf=fail (not allowed) (sender IP is 192.0.2.1; no) smtp.mailfrom=example.com", "192.0.2.1"),
        ("spf=fail (sender IP is ) smtp.remote-ip=192.0.2.2", "192.0.2.2"),
        ("spf=fail client-ip=192.0.2.3 smtp.remote-ip=192.0.2.2", "192.0.2.3"),
        ("spf=fail smtp.mailfrom=example.com", ""),
    ],
)
def test_the_address_is_that_which_the_receiver_names(value: str, address: str) -> None:
    (one,) = causes_of(fields(f"a; {value}"))
    assert one.address == address


@pytest.mark.parametrize(
    ("value", "domain"),
    [
        ("dmarc=fail header.from=Example.com smtp.mailfrom=list.example", "example.com"),
        ("dkim=fail header.d=example.com header.i=@mail.example.com", "example.com"),
        ("dkim=fail header.i=@mail.example.com", "mail.example.com"),
        ("spf=fail smtp.mailfrom=none smtp.helo=mx.example.com", "mx.example.com"),
        ("spf=fail smtp.mailfrom=<user@example.com>", "example.com"),
    ],
)
def test_the_domain_is_that_which_the_method_is_about(value: str, domain: str) -> None:
    (one,) = causes_of(fields(f"a; {value}"))
    assert one.domain == domain

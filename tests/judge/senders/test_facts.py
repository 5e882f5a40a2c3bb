"""What real senders were seen to do, world by world: one test for each fact that a model has from a run."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.tlsa import association_for
from mxproof.judge.judging import report_on
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Confidence, Security, Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel
from support_certificates import INTERMEDIATE, Defect
from support_incident import ALIASES, FIXED, TARGETS, policy
from support_world import GOOD_POLICY, Https, Smtp, ZoneWorld, collect

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN
ADDRESSES = ("192.0.2.1", "2001:db8::1", "192.0.2.2")
OLD = b"version: STSv1\nmode: enforce\nmx: old.example.com\nmax_age: 86400\n"
RECORD = "_mta-sts.example.com TXT"
SIGNED = ("example.com", "in-addr.arpa", "ip6.arpa")
POSTFIX = {"postfix-sts", "postfix-mxproof", "postfix-dane"}
NO_STS = ZoneWorld().zone_with(RECORD, "mta-sts.example.com A")


def everywhere(server: Smtp) -> Mapping[str, Smtp]:
    return dict.fromkeys(ADDRESSES, server)


def deliveries(world: ZoneWorld, *memories: SenderMemory) -> dict[str, Delivery]:
    domain = assemble(collect(world), world.at)
    return {traits.id: deliver(domain, traits, memories) for traits in SENDERS}


def those(verdict: Verdict, world: ZoneWorld, *memories: SenderMemory) -> set[str]:
    found = deliveries(world, *memories)
    return {sender for sender, delivery in found.items() if delivery.outcome is verdict}


def enforcing(world: ZoneWorld) -> set[str]:
    """Return who goes by a policy here, which lists no host that there is and a certificate that nobody takes."""
    unfit = world.but(smtp=everywhere(Smtp(defect=Defect.SELF_SIGNED)))
    return those(REFUSED, unfit)


@pytest.mark.parametrize(
    "text",
    [
        "v=STSv1;",
        "v=STSv1; x=y",
        "v=STSv1; id=;",
        "v=STSv1; id=2026-06-01;",
        "v=STSv1; id=" + "1" * 40,
        "v=STSv1; id=1; junk",
        "v=STSv1;;;",
    ],
)
def test_chasquid_takes_a_record_that_begins_as_one_does(text: str) -> None:
    assert "chasquid" in enforcing(ZoneWorld().zone_with(f"{RECORD} {text}"))
    assert "rfc8461" not in enforcing(ZoneWorld().zone_with(f"{RECORD} {text}"))


def test_chasquid_takes_one_of_two_records() -> None:
    doubled = ZoneWorld(zone=ZoneWorld().zone + f"\n{RECORD} v=STSv1; id=2;\n")
    assert "chasquid" in enforcing(doubled)
    assert not {"rfc8461", "google", "postfix-sts", "mox", "courier"} & enforcing(doubled)


@pytest.mark.parametrize(
    ("old", "new", "want"),
    [
        (b"mode", b"\nmode", {"chasquid", "postfix-sts", "stalwart", "kumomta"}),
        (b"mode:", b"mode :", {"chasquid", "stalwart", "kumomta"}),
        (b"mode", b"junk\nmode", {"chasquid", "postfix-sts", "courier", "stalwart"}),
        (b"1209600", b"+1209600", {"courier", "chasquid", "postfix-sts", "stalwart", "kumomta"}),
        (b"1209600", b"1_209_600", {"courier", "postfix-sts"}),
        (b"max_age: 1209600", b"max_age: 0", "all but chasquid"),
        (b"max_age: 1209600", b"max_age: 31557601", {"mox", "stalwart", "kumomta", "courier"}),
    ],
    ids=["blank line", "space", "junk line", "plus", "underscores", "zero", "over the limit"],
)
def test_each_reads_the_policy_in_its_own_way(old: bytes, new: bytes, want: set[str] | str) -> None:
    got = enforcing(ZoneWorld(policy=GOOD_POLICY.replace(old, new)))
    looked_at = {"rfc8461", "postfix-sts", "chasquid", "mox", "kumomta", "courier"}
    if isinstance(want, str):
        assert got & looked_at == looked_at - {"chasquid"}
    else:
        assert got - {"postfix-mxproof", "stalwart"} - want == set()
        assert want - got - {"stalwart"} == set()


def test_of_a_field_given_again_the_last_counts_for_some() -> None:
    doubled = ZoneWorld(policy=GOOD_POLICY.replace(b"mode: enforce", b"mode: testing\nmode: enforce"))
    assert enforcing(doubled) == {"chasquid", "postfix-sts", "stalwart"}
    codes = {one.code for one in report_on(collect(doubled), now=doubled.at).findings}
    assert "sts-policy-ambiguous" in codes


@pytest.mark.parametrize("media_type", ["text/html", "", "application/octet-stream"])
def test_the_media_type_counts_for_most(media_type: str) -> None:
    world = ZoneWorld(https={"192.0.2.80": Https(media_type=media_type)})
    assert enforcing(world) == {"mox", "courier", "stalwart"}


BROKEN = [
    b"192.0.2.1",
    b"[192.0.2.1]",
    b"2001:db8::1",
    b"*",
    b"",
    b"mx1.example.com.",
    b"mx_1.example.com",
    b"https://mx1.example.com/",
    b"mx1.example.com:25",
    b"mx1.example.com mx2.example.com",
    b"mx1.example.com, mx2.example.com",
    b"{ mx1.example.com }",
    b"{mx1.example.com}",
    b"<mx1.example.com>",
    b"<b>mx1.example.com</b>",
    b"mx1..example.com",
    b"-mx1.example.com",
    b"mx1.*.example.com",
    b"m*.example.com",
    b"a.example tafile=/evil.pem",
    b'"mx1.example.com"',
    b"10 mx1.example.com",
    b"user@example.com",
    b"mx1.example.com;",
    b"mx1.example.com # the first",
    b"xn--",
    b"@",
    b"\x00",
]


@pytest.mark.parametrize("value", BROKEN, ids=repr)
def test_postfix_waits_where_the_daemon_keeps_a_broken_mx_line(value: bytes) -> None:
    body = b"version: STSv1\nmode: enforce\nmx: " + value + b"\nmax_age: 86400\n"
    got = deliveries(ZoneWorld(policy=body))
    if value == b"mx1.example.com:25":
        # Cut at the colon, it is the name of one host and a number.
        assert got["postfix-sts"].outcome is AT_RISK
    else:
        assert got["postfix-sts"].outcome is REFUSED
        assert "sts-policy-invalid" in got["postfix-sts"].because
    assert got["rfc8461"].outcome is DELIVERS


def test_postfix_understands_nothing_of_a_policy_with_space_in_one_pattern() -> None:
    body = GOOD_POLICY.replace(b"max_age", b"mx: spare one\nmax_age")
    got = deliveries(ZoneWorld(policy=body))["postfix-sts"]
    assert got.outcome is REFUSED
    assert got.because == ("sts-policy-ambiguous",)
    assert got.bounce is not None
    assert got.bounce.transient == "4.7.5 client TLS configuration problem"
    assert (
        deliveries(ZoneWorld(policy=GOOD_POLICY.replace(b"max_age", b"mx: 192.0.2.9\nmax_age")))[
            "postfix-sts"
        ].outcome
        is DELIVERS
    )


def test_without_a_policy_postfix_goes_by_the_level_of_main_cf() -> None:
    wrong = "3 1 1 " + "00" * 32
    mismatch = NO_STS.but(signed=SIGNED).zone_with(
        f"_25._tcp.mx1.example.com TLSA {wrong}", f"_25._tcp.mx2.example.com TLSA {wrong}"
    )
    assert deliveries(mismatch)["postfix-sts"].outcome is AT_RISK
    with_policy = mismatch.zone_with(f"{RECORD} v=STSv1; id=1;", "mta-sts.example.com A 192.0.2.80")
    assert deliveries(with_policy)["postfix-sts"].outcome is DELIVERS


def test_the_same_id_keeps_the_old_policy_for_ever() -> None:
    long_ago = ZoneWorld().at - timedelta(days=400)
    assert deliveries(ZoneWorld(), Memory(OLD, long_ago, "20260601"))["postfix-sts"].outcome is AT_RISK
    assert deliveries(ZoneWorld(), Memory(OLD, long_ago, "other"))["postfix-sts"].outcome is DELIVERS
    assert those(AT_RISK, ZoneWorld(), Memory(OLD, long_ago, "20260601")) == {"postfix-sts", "courier"}


def test_a_common_name_counts_for_some_where_there_is_no_alternative_name() -> None:
    world = ZoneWorld(
        policy=policy("mx1.example.com"),
        zone=ZoneWorld().zone_with("example.com MX 10 mx1.example.com").zone,
        smtp=everywhere(Smtp(names=("CN=mx1.example.com",))),
    )
    takes = those(DELIVERS, world)
    assert {"postfix-sts", "postfix-mxproof", "courier"} <= takes
    assert {"rfc8461", "google", "mox", "chasquid"} <= those(REFUSED, world)
    assert deliveries(world)["postfix-sts"].security is Security.MTA_STS


def test_an_alternative_name_with_a_final_dot_names_nobody() -> None:
    world = ZoneWorld(
        zone=ZoneWorld().zone_with("example.com MX 10 mx1.example.com").zone,
        smtp=everywhere(Smtp(names=("mx1.example.com.",))),
    )
    assert {"postfix-sts", "rfc8461"} <= those(REFUSED, world)


def test_exim_lets_an_anchor_vouch_for_any_name_and_takes_the_session_for_opportunistic() -> None:
    association = association_for(INTERMEDIATE.der, 1, 1).hex()
    world = NO_STS.but(signed=SIGNED, smtp=everywhere(Smtp(names=("other.example.net",)))).zone_with(
        f"_25._tcp.mx1.example.com TLSA 2 1 1 {association}",
        f"_25._tcp.mx2.example.com TLSA 2 1 1 {association}",
    )
    got = deliveries(world)
    assert (got["exim-dane"].outcome, got["exim-dane"].security) == (DELIVERS, Security.OPPORTUNISTIC)
    assert got["postfix-dane"].outcome is REFUSED


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.TIMEOUT, Outcome.UNREACHABLE])
def test_a_dead_family_beside_a_living_one_is_a_warning(outcome: Outcome) -> None:
    dead = Smtp(stage=SmtpStage.CONNECT, outcome=outcome)
    world = ZoneWorld(smtp={"2001:db8::1": dead})
    assert those(DELIVERS, world) == {traits.id for traits in SENDERS}
    report = report_on(collect(world), now=world.at)
    severities = {one.code: one.severity for one in report.findings if one.code.startswith("smtp-")}
    assert Severity.ERROR not in severities.values()


def test_a_dead_host_beside_a_living_one_is_a_risk() -> None:
    dead = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)
    world = ZoneWorld(smtp={"192.0.2.2": dead})
    assert those(AT_RISK, world) == {traits.id for traits in SENDERS}


def test_a_refusing_address_does_not_excuse_the_one_that_answers() -> None:
    dead = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)
    bad = Smtp(defect=Defect.EXPIRED)
    world = ZoneWorld(smtp={"2001:db8::1": dead, "192.0.2.1": bad, "192.0.2.2": bad})
    assert deliveries(world)["rfc8461"].outcome is REFUSED


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.TIMEOUT])
def test_a_dead_address_of_the_policy_host_beside_a_living_one_changes_nothing(outcome: Outcome) -> None:
    world = ZoneWorld(https={"2001:db8::80": Https(outcome=outcome)})
    world = world.zone_with("mta-sts.example.com AAAA 2001:db8::80")
    assert those(DELIVERS, world) == {traits.id for traits in SENDERS}
    assert deliveries(world)["rfc8461"].security is Security.MTA_STS
    assert enforcing(world) == enforcing(ZoneWorld())


def test_of_a_host_with_two_families_chasquid_tries_the_first_that_connects() -> None:
    one_host = (
        ZoneWorld().zone_with("example.com MX 10 mx1.example.com").but(policy=policy("mx1.example.com"))
    )
    world = one_host.but(smtp={"2001:db8::1": Smtp(names=("other.example.net",))})
    got = deliveries(world)
    assert (got["chasquid"].outcome, got["rfc8461"].outcome) == (REFUSED, AT_RISK)
    dead = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)
    assert deliveries(one_host.but(smtp={"2001:db8::1": dead}))["chasquid"].outcome is DELIVERS


@pytest.mark.parametrize(
    ("server", "level", "want"),
    [
        (Smtp(), SessionLevel.VERIFIED, DELIVERS),
        (Smtp(defect=Defect.SELF_SIGNED), SessionLevel.VERIFIED, AT_RISK),
        (Smtp(names=("other.example.net",)), SessionLevel.VERIFIED, AT_RISK),
        (Smtp(stage=SmtpStage.EHLO), SessionLevel.VERIFIED, AT_RISK),
        (Smtp(stage=SmtpStage.EHLO), SessionLevel.ENCRYPTED, AT_RISK),
        (Smtp(defect=Defect.SELF_SIGNED), SessionLevel.ENCRYPTED, DELIVERS),
    ],
)
def test_chasquid_remembers_how_well_sessions_were_secured(
    server: Smtp, level: SessionLevel, want: Verdict
) -> None:
    world = NO_STS.but(smtp=everywhere(server))
    got = deliveries(world, LevelMemory(level))
    assert got["chasquid"].outcome is want
    assert {one for one, delivery in got.items() if delivery.outcome is not DELIVERS} <= {"chasquid"}
    assert (got["chasquid"].because == ("tls-level-fell",)) is (want is AT_RISK)


def test_courier_bounces_at_once_where_no_host_is_in_the_policy() -> None:
    got = deliveries(ZoneWorld(policy=policy("other.example.com")))["courier"]
    assert got.outcome is REFUSED
    assert got.bounce is not None
    assert (got.bounce.transient, got.bounce.after_s) == (None, 0)


def test_a_wildcard_covers_more_than_one_label_for_courier() -> None:
    deep = ZoneWorld().zone_with(
        "example.com MX 10 a.b.example.com", "a.b.example.com A 192.0.2.1", "mx1.example.com A"
    )
    got = deliveries(deep.but(policy=policy("*.example.com")))
    assert (got["courier"].outcome, got["rfc8461"].outcome) == (DELIVERS, REFUSED)


@pytest.mark.parametrize(
    "body",
    [
        GOOD_POLICY.replace(b"mx:", b"\nmx:", 1),
        GOOD_POLICY.replace(b"1209600", b"31557601"),
        GOOD_POLICY.replace(b"1209600", b"99999999999"),
        b"version: STSv1\nmode: enforce\nmax_age: 86400\n",
    ],
    ids=["blank line", "max_age", "long max_age", "no mx"],
)
def test_courier_holds_mail_to_a_policy_that_it_stumbles_over(body: bytes) -> None:
    assert deliveries(ZoneWorld(policy=body))["courier"].outcome is REFUSED


def test_sendmail_uses_the_records_at_the_mx_name_where_both_names_have_some() -> None:
    wrong = "00" * 32
    conflict = FIXED.but(signed=SIGNED).zone_with(
        *(f"_25._tcp.{alias} TLSA 3 1 1 {wrong}" for alias in ALIASES),
        f"_25._tcp.{TARGETS[0]} TLSA 3 1 1 @192.0.2.1",
        f"_25._tcp.{TARGETS[1]} TLSA 3 1 1 @192.0.2.2",
    )
    got = deliveries(conflict)
    assert (got["sendmail-dane"].outcome, got["postfix-dane"].outcome) == (REFUSED, DELIVERS)


def test_an_expired_certificate_under_dane_is_open_for_microsoft_alone() -> None:
    world = NO_STS.but(signed=SIGNED, smtp=everywhere(Smtp(defect=Defect.EXPIRED))).zone_with(
        "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"
    )
    assert those(AT_RISK, world) == {"microsoft"}
    assert those(REFUSED, world) == set()
    assert deliveries(world)["microsoft"].because == ("cert-expired",)


def test_an_underscore_in_a_name_stops_nobody_without_a_policy() -> None:
    world = NO_STS.zone_with("example.com MX 10 mx_1.example.com", "mx_1.example.com A 192.0.2.1")
    assert those(DELIVERS, world) == {traits.id for traits in SENDERS}


def test_what_was_run_is_called_observed() -> None:
    run = {
        *POSTFIX,
        "exim-dane",
        "sendmail-dane",
        "chasquid",
        "courier",
        "opportunistic",
    }
    known = {one.id for one in SENDERS if one.addresses_known is Confidence.OBSERVED}
    assert known == run
    assert {one.confidence for one in SENDERS if one.id in run - {"opportunistic"}} == {Confidence.OBSERVED}
    assert all(any(source.startswith("run") for source in one.sources) for one in SENDERS if one.id in run)


def test_what_chasquid_makes_of_the_beginning_of_a_policy_that_is_too_long_is_not_known() -> None:
    huge = ZoneWorld(https={"192.0.2.80": Https(outcome=Outcome.OVERSIZE)})
    assert those(UNKNOWN, huge) == {"chasquid"}


@pytest.mark.parametrize(
    ("outcome", "want"),
    [(Outcome.FOUND, {"courier"}), (Outcome.TLS_FAILED, {"courier", "sendmail-dane"})],
)
def test_not_all_fall_back_to_clear_text_where_starttls_is_offered(outcome: Outcome, want: set[str]) -> None:
    broken = Smtp(stage=SmtpStage.STARTTLS, outcome=outcome)
    assert those(REFUSED, NO_STS.but(smtp=everywhere(broken))) == want


def test_sendmail_looks_for_tlsa_records_at_the_mx_name_only() -> None:
    wrong = "TLSA 3 1 1 " + "00" * 32
    aliased = NO_STS.but(signed=SIGNED).zone_with(
        "example.com MX 10 mxi1.example.com", "mxi1.example.com CNAME mx1.example.com"
    )
    at_alias, at_target = (
        aliased.zone_with(f"_25._tcp.{name}.example.com {wrong}") for name in ("mxi1", "mx1")
    )
    got = [deliveries(world)["sendmail-dane"].outcome for world in (at_alias, at_target)]
    assert got == [REFUSED, DELIVERS]


def test_courier_takes_no_record_with_two_ids() -> None:
    assert "courier" not in enforcing(ZoneWorld().zone_with(f"{RECORD} v=STSv1; id=1; id=2"))

"""What a run comes to for whoever runs the server, and for whoever keeps the models."""

import msgspec

from mxproof.formats.mtasts import LENIENT, STRICT
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference import conclusion
from mxproof.judge.senders.inference.case import Topic
from mxproof.judge.senders.inference.conclusion import (
    Became,
    Conduct,
    Honoured,
    SenderTestReport,
    ToldBounce,
    concluded,
)
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.inferring import Agreement, Inference, Shown
from mxproof.judge.senders.inference.kept import kept
from mxproof.judge.senders.inference.observation import SeenBounce, SeenRecipient, SenderTest
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.judge.senders.table import RFC8461
from support_certificates import NOW
from support_long import EXHAUSTIVE
from support_sendertest import CLIENT, domains, done, sent_by


def of(model: str, **other: str) -> SenderTestReport:
    """Return the report of a sender that is like a model, but for some words."""
    traits = next(one for one in SENDERS if one.id == model)
    words = {trait: words_of(traits, trait)[0] for trait in POSSIBLE} | other
    return concluded(sent_by(done(words)), SENDERS, "test")


def standing(report: SenderTestReport) -> dict[Topic, Honoured]:
    return {one.mechanism: one.honoured for one in report.mechanisms}


@EXHAUSTIVE
def test_a_sender_with_both_honours_both_and_has_nothing_to_set() -> None:
    report = of("postfix-mxproof", common_name="no")
    assert standing(report) == {Topic.MTA_STS: Honoured.YES, Topic.DANE: Honoured.YES}
    assert report.settings == ()


@EXHAUSTIVE
def test_a_sender_without_either_is_told_what_to_set_for_both() -> None:
    report = of("opportunistic")
    assert standing(report) == {Topic.MTA_STS: Honoured.NO, Topic.DANE: Honoured.NO}
    assert {one.mechanism for one in report.settings} == {Topic.MTA_STS, Topic.DANE}
    assert {one.server for one in report.settings} == {"Postfix", "Exim", "Sendmail", "Courier"}


@EXHAUSTIVE
def test_a_sender_that_delivers_in_one_case_where_it_should_not_honours_it_in_part() -> None:
    report = of("rfc8461", deep_wildcards="yes")
    assert standing(report)[Topic.MTA_STS] is Honoured.PARTLY
    assert report.mechanisms[0].lax == ("wildcard-depth",)


def test_a_sender_that_was_sent_nothing_is_not_known() -> None:
    report = concluded(sent_by({}), SENDERS, "test")
    assert set(standing(report).values()) == {Honoured.UNKNOWN}
    assert (report.sent, report.settings) == (0, ())


def test_mail_that_should_go_out_and_does_not_is_told_of() -> None:
    report = concluded(sent_by({"open": NOT_TAKEN}), SENDERS, "test")
    told = next(one for one in report.cases if one.case == "open")
    assert (told.became, told.conduct) == (Became.HELD, Conduct.STRICT)
    assert report.contradictions == ("open",)


def test_mail_in_clear_text_is_told_apart() -> None:
    host = domains()["open-no-starttls"].hosts[0].name
    report = concluded(sent_by({"open-no-starttls": MailFate(host)}), SENDERS, "test")
    told = next(one for one in report.cases if one.case == "open-no-starttls")
    assert (told.became, told.conduct) == (Became.CLEAR_TEXT, Conduct.PROPER)


@EXHAUSTIVE
def test_the_model_of_a_sender_is_the_nearest_to_it() -> None:
    for model in ("postfix-dane", "kumomta"):
        first = of(model).models[0]
        assert (first.id, first.different) == (model, ())


@EXHAUSTIVE
def test_how_long_a_policy_was_waited_for_is_told_of_the_cases_where_it_is_late() -> None:
    told = {one.case: one.policy_waited_ms for one in of("postfix-sts").cases}
    waited = {one.case: one.policy_waited_ms for one in of("chasquid").cases}
    assert (told["policy-slow"], waited["policy-slow"], waited["control"]) == (1000, 6000, 0)


def test_a_bounce_is_told_with_the_case_it_is_about_and_one_about_other_mail_is_not() -> None:
    test = sent_by({"open": NOT_TAKEN})
    domain = next(one.domain for one in test.cases if one.case == "open")
    said = tuple(
        SeenRecipient(f"token@{one}", "failed", "4.7.5", "mx.example.net", "no TLS")
        for one in (domain.upper(), "example.org")
    )
    bounced = msgspec.structs.replace(test, bounces=(SeenBounce(NOW, CLIENT, "out.example.net", said),))
    assert concluded(bounced, SENDERS, "test").bounces == (ToldBounce("open", "failed", "4.7.5", "no TLS"),)


WITHOUT = msgspec.structs.replace(RFC8461, id="without", mta_sts=False)


def taken(case: str) -> MailFate:
    return MailFate(domains()[case].hosts[0].name, encrypted=True)


def test_models_stand_by_what_they_have_wrong_first_and_by_what_they_have_right_then() -> None:
    test = sent_by({"control": taken("control"), "mx-unlisted": NOT_TAKEN, "cert-expired": NOT_TAKEN})
    every = concluded(test, (WITHOUT, *SENDERS), "test").models
    ranks = [(len(one.different), -one.same) for one in every]
    turned = concluded(test, (*SENDERS[::-1], WITHOUT), "test").models
    for told in (every, turned):
        assert [(len(one.different), -one.same) for one in told] == sorted(ranks)
    assert sorted(one.id for one in every) == sorted(one.id for one in (WITHOUT, *SENDERS))
    assert len({wrong for wrong, _ in ranks}) > 1
    wrong = next(one for one in every if one.id == "without")
    difference = next(one for one in wrong.differences if one.trait == "mta_sts")
    assert (difference.agreement, difference.seen, difference.model) == (
        Agreement.DIFFERENT,
        ("yes",),
        ("no",),
    )


def test_of_models_that_are_wrong_as_often_the_one_that_is_right_more_often_is_the_nearer() -> None:
    """What a model leaves open is neither right nor wrong where it includes what was seen."""
    inference = Inference((Shown("mta_sts", ("yes",)), Shown("readings", ("rfc8461",))))
    models = [
        msgspec.structs.replace(RFC8461, id=name, mta_sts=mta_sts, readings=readings)
        for name, mta_sts, readings in (
            ("exact", True, (STRICT,)),
            ("open", True, (STRICT, LENIENT)),
            ("also-open", True, (LENIENT, STRICT)),
            ("wrong", False, (STRICT,)),
            ("wrong-and-open", False, (STRICT, LENIENT)),
            ("all-wrong", False, (LENIENT,)),
        )
    ]
    told = conclusion._models(inference, models)
    assert [(one.id, len(one.different), one.same) for one in told] == [
        ("exact", 0, 2),
        ("open", 0, 1),
        ("also-open", 0, 1),
        ("wrong", 1, 1),
        ("wrong-and-open", 1, 0),
        ("all-wrong", 2, 0),
    ]
    assert told[1].differences[0].agreement is Agreement.NEW
    turned = [one.id for one in conclusion._models(inference, models[::-1])]
    assert turned == ["exact", "also-open", "open", "wrong", "wrong-and-open", "all-wrong"]


def report_of(test: SenderTest) -> SenderTestReport:
    return concluded(test, (), "test")


def test_a_policy_is_told_to_be_waited_for_only_where_it_is_late() -> None:
    test = sent_by({"policy-slow": MailFate(policy_got=True), "mx-unlisted": NOT_TAKEN})
    hosts = {case: domains()[case].policy_host.name for case in ("policy-slow", "mx-unlisted")}
    slow = next(one for one in test.fetches if one.host == hosts["policy-slow"])
    fetches = [
        msgspec.structs.replace(slow, host=host, elapsed_ms=elapsed_ms)
        for host in hosts.values()
        for elapsed_ms in (10, 900, 30)
    ]
    told = {
        one.case: one.policy_waited_ms
        for one in report_of(msgspec.structs.replace(test, fetches=tuple(fetches))).cases
    }
    assert (told["policy-slow"], told["mx-unlisted"], told["control"]) == (900, 0, 0)


def test_what_is_kept_of_a_report_is_what_was_shown_and_when() -> None:
    report = report_of(sent_by({"control": taken("control"), "mx-unlisted": NOT_TAKEN}))
    one = kept(report, "rfc8461", "Software 1", "by hand")
    assert one.traits == tuple(each for each in report.traits if each.shown)
    assert 0 < len(one.traits) < len(report.traits)
    assert (one.date, one.sender, one.software, one.method) == (
        f"{report.begun:%Y-%m-%d}",
        "rfc8461",
        "Software 1",
        "by hand",
    )
    assert one.contradictions == report.contradictions

"""What a planned state may not lose to the measures that mend it, when it is worse than today, and when nothing is known."""

from functools import cache

import msgspec
import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.mail.change import (
    Change,
    Configure,
    Ipv4Value,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.judgement import Judge, JudgedWorld
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.target import _is_dark, _is_kept, _worse
from support_moments import does
from support_world import collect
from support_worlds import GOOD, MX1, MX2

A, OTHER = Ipv4Value("192.0.2.1"), Ipv4Value("192.0.2.2")
STS = "_mta-sts.example.com"
ID = TxtValue("v=STSv1; id=1;")
SERVE, WIDER = (ServePolicy("example.com", Policy(Mode.ENFORCE, 86_400, mx)) for mx in ((MX1,), (MX1, MX2)))


def shown(host: str, service: Service = Service.SMTP) -> PresentCertificate:
    return PresentCertificate(service, host, ("192.0.2.1",), (host,), keeps_key=False)


@pytest.mark.parametrize(
    ("change", "mending", "kept"),
    [
        (Publish(MX1, A), Withdraw(MX1, A), False),
        (Publish(MX1, A), Withdraw(MX1, OTHER), True),
        (Publish(MX1, A), Withdraw(MX2, A), True),
        (Publish(MX1, A), Publish(MX1, A), True),
        (Withdraw(MX1, A), Publish(MX1, A), False),
        (Withdraw(MX1, A), Publish(MX1, OTHER), True),
        (Withdraw(MX1, A), Withdraw(MX1, A), True),
        (Publish(STS, ID), Withdraw(STS, ID), True),
        (Withdraw(STS, ID), Publish(STS, ID), True),
        (SERVE, WIDER, True),
        (shown(MX1), shown(MX1), False),
        (shown(MX1), shown(MX2), True),
        (shown(MX1), shown(MX1, Service.HTTPS), True),
        (shown(MX1), Configure(Service.SMTP, MX1, ("192.0.2.1",), Setting.TLS), True),
    ],
)
def test_of_what_is_planned_only_the_policy_and_its_record_may_be_taken_back(
    change: Change, mending: Change, *, kept: bool
) -> None:
    other = Measure(MeasureKind.RETIRE_HOST, MX2, (Withdraw("elsewhere.example.com", A),))
    measures = (other, Measure(MeasureKind.SERVER, MX1, (mending,)))
    assert _is_kept((change,), measures) is kept
    policy_first = (SERVE, Publish(STS, ID), Publish("kept.example.com", A), change)
    assert _is_kept(policy_first, measures) is kept
    assert _is_kept((change,), ())


@pytest.mark.parametrize(
    ("delivery", "dark"),
    [
        (does("rfc8461"), False),
        (does("rfc8461", Verdict.REFUSED), False),
        (does("rfc8461", Verdict.UNKNOWN), True),
        (does("rfc8461", Verdict.REFUSED, because=("other", Code.DOMAIN_MISSING)), True),
        (does("rfc8461", Verdict.UNKNOWN, confidence=Confidence.GUESS), False),
        (
            does("rfc8461", Verdict.REFUSED, because=(Code.DOMAIN_MISSING,), confidence=Confidence.GUESS),
            False,
        ),
    ],
)
def test_little_is_known_where_a_sender_that_decides_is_unknown_or_the_domain_missing(
    delivery: Delivery, *, dark: bool
) -> None:
    assert _is_dark(delivery) is dark


@cache
def good() -> JudgedWorld:
    return Judge(collect(GOOD), GOOD.at, (), SENDERS).after(())


def world(*deliveries: Delivery) -> JudgedWorld:
    return msgspec.structs.replace(good(), deliveries=deliveries)


def test_a_planned_state_is_worse_where_some_sender_that_decides_is_less_sure_than_today() -> None:
    fine, refused = does("mox"), does("mox", Verdict.REFUSED)
    first, guess = does("rfc8461"), does("courier", confidence=Confidence.GUESS)
    gone = does("courier", Verdict.REFUSED, confidence=Confidence.GUESS)
    assert _worse(world(first, fine), world(first, refused))
    assert _worse(world(first, fine), world(first, does("mox", Verdict.UNKNOWN)))
    assert not _worse(world(first, refused), world(first, fine))
    assert not _worse(world(first, refused), world(first, refused))
    assert not _worse(world(first, guess), world(first, gone))

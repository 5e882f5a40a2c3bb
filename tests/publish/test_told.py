"""What became of a publication as it is printed."""

from datetime import UTC, datetime

from mxproof.publish.permission import Permission, PublicationJudgement
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState
from mxproof.publish.step import LaggingPlace, StepName, steps_to
from mxproof.publish.told import ToldPublication, told
from mxproof.remedy.plan import Pause, PlannedStep, Rehearsal
from mxproof.remedy.preflight import Preflight

POLICY = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 86400\r\n"
STATE = PublishedState("example.com", POLICY, "20260302")


def test_what_waits_is_told_with_what_is_left_who_lags_and_how_long_the_order_takes() -> None:
    order = tuple(PlannedStep(at_s, (), wait_s, Pause.TTL, ()) for at_s, wait_s in ((0, 300), (300, 900)))
    at = datetime(2026, 3, 2, tzinfo=UTC)
    found = Preflight(1, "example.com", at, (), (), (), (), (), Rehearsal((), (), ()), order, (), ())
    lag = (LaggingPlace("ns2.example.net", "192.0.2.53", "udp", "no record"),)
    result = PublicationResult(
        "example.com",
        PublicationEnd.WAITING,
        STATE,
        tuple(steps_to(STATE)),
        lag,
        PublicationJudgement(Permission.GRANTED, found),
        "it waits",
    )
    assert told(result) == ToldPublication(
        schema_version=1,
        domain="example.com",
        end=PublicationEnd.WAITING,
        id="20260302",
        policy=POLICY,
        steps=(StepName.POLICY, StepName.ID),
        lag=lag,
        judgement=found,
        wait_s=900,
        said="it waits",
    )


def test_where_nothing_was_judged_nothing_is_told_of_it() -> None:
    result = PublicationResult("example.com", PublicationEnd.FAILED, said="there is nothing to publish")
    assert told(result) == ToldPublication(
        1, "example.com", PublicationEnd.FAILED, "", "", (), (), None, None, "there is nothing to publish"
    )

"""Several surveys in one run."""

from functools import partial

from mxproof.evidence import Evidence, Kind, Question
from mxproof.survey import authentication, inbound
from mxproof.survey.outbound import FetchPlan
from mxproof.survey.outbound import wanted as outbound_wanted
from mxproof.survey.together import together
from support_incident import INCIDENT
from support_world import ZoneWorld, collect

KEYS = ("2026._domainkey.example.com",)
ZONE = ZoneWorld().zone_with(
    "example.com NS ns.example.com", "ns.example.com A 192.0.2.53", "com NS ns.example.com"
)


def test_what_each_survey_wants_is_wanted_and_nothing_else() -> None:
    authenticating = partial(authentication.wanted, keys=KEYS)
    for world in (ZONE, INCIDENT):
        both = collect(world, together(inbound.wanted, authenticating))
        alone = [collect(world, survey) for survey in (inbound.wanted, authenticating)]
        assert dict(both.answers) == {**alone[0].answers, **alone[1].answers}


def test_what_several_surveys_want_is_wanted_once_and_the_first_survey_is_the_more_urgent() -> None:
    start = Evidence("example.com")
    sending = partial(outbound_wanted, plan=FetchPlan())
    got = together(inbound.wanted, sending, lambda _evidence: [Question(Kind.SOA, "example.com")])(start)
    assert got == (*inbound.wanted(start), Question(Kind.SOA, "example.com"))


def test_no_survey_wants_nothing() -> None:
    assert together()(Evidence("example.com")) == ()

"""What name servers and policy hosts show of a domain stands beside what was published of it."""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from mxproof.evidence import Evidence, Outcome
from mxproof.formats.mtasts import print_policy
from mxproof.publish.rollout import Rollout, RolloutAim, RolloutDecision, RolloutReason, RolloutStage
from mxproof.publish.rollout_told import told_rollout
from mxproof.publish.showing import shown_domain
from mxproof.publish.state import PublishedState, encoded
from mxproof.publish.step import ZONE_UNKNOWN, StepName
from mxproof.publish.told import PUBLICATION_VERSION, PublishedDomain, ShownPlace
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.store.journal.publication import (
    JournalledStep,
    Publication,
    PublicationKind,
    PublicationState,
    StepStanding,
)
from mxproof.survey import published
from support_certificates import NOW, Defect, leaf
from support_name_servers import At
from support_publication import DOMAIN, HOST_ADDRESS, SERVERS, policy
from support_world import GOOD_ZONE, Https, ZoneWorld, collect

POLICY = print_policy(policy()).decode()
STATE = PublishedState(DOMAIN, POLICY, "20260601")
REPORTS = "v=TLSRPTv1; rua=mailto:tls@example.com"
NAMED = """
example.com                NS    ns1.example.com
example.com                NS    ns2.example.com
ns1.example.com            A     192.0.2.53
ns2.example.com            A     198.51.100.53
"""
WORLD = ZoneWorld(zone=GOOD_ZONE + NAMED, name_servers={}, policy=POLICY.encode(), families=(4,))
TEXT = "mode testing, max_age 86400, mx mx1.example.com, mx2.example.com"
STEPS = (StepName.POLICY, StepName.ID)


def look(world: ZoneWorld = WORLD) -> Evidence:
    return collect(world, published.wanted)


@cache
def whole() -> Evidence:
    """Return a look at the domain as it was published."""
    return look()


def publication(
    state: PublishedState | None = STATE,
    standing: PublicationState = PublicationState.DONE,
    *,
    number: int = 1,
    forced: str = "",
    steps: tuple[tuple[StepName, StepStanding], ...] = (),
) -> Publication:
    ended = None if standing is PublicationState.OPEN else NOW - timedelta(hours=number)
    return Publication(
        number,
        DOMAIN,
        PublicationKind.APPLY,
        b"",
        encoded(state),
        forced,
        standing,
        NOW - timedelta(days=number),
        ended,
        tuple(JournalledStep(step, one, NOW, None, "") for step, one in steps),
    )


def of(evidence: Evidence, *history: Publication) -> PublishedDomain:
    return shown_domain(evidence, history)


def places(shown: PublishedDomain, step: StepName) -> list[tuple[str, str, str, bool | None, bool]]:
    return [
        (one.address, one.transport, one.shows, one.as_published, one.told)
        for one in shown.shown
        if one.step is step
    ]


def test_what_was_published_last_is_told_with_when() -> None:
    shown = of(whole(), publication())
    assert (shown.schema_version, shown.domain, shown.observed_at) == (PUBLICATION_VERSION, DOMAIN, NOW)
    assert (shown.id, shown.policy, shown.published_at) == ("20260601", POLICY, NOW - timedelta(hours=1))
    assert (shown.open_since, shown.open_steps, shown.rollout, shown.certificate) == (None, (), None, None)


def test_the_newest_that_was_done_counts_and_neither_one_that_is_open_nor_one_that_was_undone() -> None:
    other = msgspec.structs.replace(STATE, id="2")
    shown = of(
        whole(),
        publication(other, PublicationState.OPEN, number=1),
        publication(other, PublicationState.UNDONE, number=2),
        publication(number=3),
        publication(other, number=4),
    )
    assert (shown.id, shown.published_at) == ("20260601", NOW - timedelta(hours=3))
    assert shown.open_since == NOW - timedelta(days=1)


def test_where_nothing_was_published_nothing_is_held_against_what_is_shown() -> None:
    shown = of(whole())
    assert (shown.id, shown.policy, shown.published_at) == ("", "", None)
    assert len(shown.shown) == 3 * 4 + 1
    assert {one.as_published for one in shown.shown} == {None}


def test_a_domain_that_was_taken_back_to_nothing_has_neither_id_nor_policy() -> None:
    shown = of(whole(), publication(None))
    assert (shown.id, shown.policy) == ("", "")
    assert shown.published_at == NOW - timedelta(hours=1)


def test_of_what_is_open_the_steps_are_left_that_were_not_seen() -> None:
    def left(*steps: tuple[StepName, StepStanding]) -> tuple[StepName, ...]:
        return of(whole(), publication(standing=PublicationState.OPEN, steps=steps)).open_steps

    assert left() == STEPS
    assert left((StepName.POLICY, StepStanding.BEGUN)) == STEPS
    assert left((StepName.POLICY, StepStanding.SEEN), (StepName.ID, StepStanding.BEGUN)) == (StepName.ID,)
    assert of(whole(), publication(None, PublicationState.OPEN)).open_steps == ()


def test_the_reasons_for_which_something_was_forced_are_told_the_newest_first() -> None:
    forced = (publication(forced="b", number=1), publication(number=2), publication(forced="a", number=3))
    assert of(whole(), *forced).forced == ("b", "a")


def test_every_server_is_told_over_each_transport_with_what_it_shows() -> None:
    want = [
        (address, transport, '"v=STSv1; id=20260601;"', True, True)
        for address in SERVERS
        for transport in ("udp", "tcp")
    ]
    shown = of(whole(), publication())
    assert places(shown, StepName.ID) == want
    assert [one.place for one in shown.shown if one.step is StepName.ID] == [
        *["ns1.example.com"] * 2,
        *["ns2.example.com"] * 2,
    ]


def test_a_record_that_is_not_ours_to_say_is_shown_without_a_verdict() -> None:
    shown = of(whole(), publication())
    assert {one[3] for one in places(shown, StepName.REPORTS)} == {None}
    ours = of(whole(), publication(msgspec.structs.replace(STATE, reports=REPORTS)))
    assert {one[3] for one in places(ours, StepName.REPORTS)} == {True}
    other = of(whole(), publication(msgspec.structs.replace(STATE, reports=f"{REPORTS}.")))
    assert {one[3] for one in places(other, StepName.REPORTS)} == {False}


def test_a_server_that_lags_or_is_silent_does_not_show_what_was_published() -> None:
    old = WORLD.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;").zone
    lagging = look(
        WORLD.at_servers(SERVERS[:1], At(zone=old)).at_servers(SERVERS[1:], At(tcp=Outcome.TIMEOUT))
    )
    assert places(of(lagging, publication()), StepName.ID) == [
        (SERVERS[0], "udp", '"v=STSv1; id=1;"', False, True),
        (SERVERS[0], "tcp", '"v=STSv1; id=1;"', False, True),
        (SERVERS[1], "udp", '"v=STSv1; id=20260601;"', True, True),
        (SERVERS[1], "tcp", "timeout", False, False),
    ]
    assert places(of(lagging), StepName.ID)[3] == (SERVERS[1], "tcp", "timeout", None, False)


def test_where_no_server_can_be_asked_that_is_told_of_what_was_published_alone() -> None:
    nobody = Evidence(DOMAIN)
    assert of(nobody, publication()).shown == (
        ShownPlace(StepName.ID, "_mta-sts.example.com", "", "", ZONE_UNKNOWN, False, told=False),
        ShownPlace(
            StepName.POLICY,
            "mta-sts.example.com",
            "",
            "https",
            "no address of it is known",
            False,
            told=False,
        ),
    )
    assert of(nobody).shown == ()


def test_an_address_of_the_policy_host_is_told_with_its_policy_and_the_end_of_its_certificate() -> None:
    shown = of(whole(), publication())
    ends = leaf(("mta-sts.example.com",)).certificate.not_valid_after_utc
    assert [one for one in shown.shown if one.step is StepName.POLICY] == [
        ShownPlace(StepName.POLICY, "mta-sts.example.com", HOST_ADDRESS, "https", TEXT, True, ends)
    ]


@pytest.mark.parametrize(
    ("server", "shows", "has_end"),
    [
        (Https(body=POLICY.replace("testing", "none").encode()), TEXT.replace("testing", "none"), True),
        (
            Https(body=b"version: STSv1\nmode: none\nmax_age: 86400\n"),
            "mode none, max_age 86400, mx none",
            True,
        ),
        (Https(body=b"hello"), "no policy that senders can read", True),
        (Https(media_type="text/html"), "media type text/html", True),
        (Https(status=404), "status", True),
        (Https(defect=Defect.SELF_SIGNED), "certificate (self-signed)", True),
        (Https(outcome=Outcome.REFUSED), "unconnected", False),
    ],
)
def test_an_address_that_serves_something_else_does_not_show_what_was_published(
    server: Https, shows: str, *, has_end: bool
) -> None:
    shown = of(look(WORLD.but(https={HOST_ADDRESS: server})), publication())
    (one,) = (place for place in shown.shown if place.step is StepName.POLICY)
    assert (one.shows, one.as_published, one.certificate_ends is not None) == (shows, False, has_end)


def test_a_roll_out_and_a_certificate_are_told_beside_what_is_shown() -> None:
    said = RolloutDecision(makes_step=False, reason=RolloutReason.DAYS, until=NOW)
    rollout = Rollout(DOMAIN, RolloutAim.ENFORCE, RolloutStage.TESTING, NOW, said=said)
    certificate = ToldCertificate(1, "mta-sts.example.com", CertificateEnd.DUE, None, None, None, "")
    shown = shown_domain(whole(), (publication(),), rollout, certificate)
    assert (shown.rollout, shown.certificate) == (told_rollout(DOMAIN, rollout, said), certificate)
    assert shown == msgspec.structs.replace(
        of(whole(), publication()), rollout=shown.rollout, certificate=certificate
    )


def test_what_is_open_is_told_since_when_beside_the_last_that_was_done_whatever_came_before() -> None:
    other = msgspec.structs.replace(STATE, id="2", reports=REPORTS)
    opened = publication(
        other, PublicationState.OPEN, number=2, steps=((StepName.POLICY, StepStanding.SEEN),)
    )
    shown = of(whole(), opened, publication(number=3), publication(other, number=4))
    assert (shown.id, shown.open_since) == ("20260601", NOW - timedelta(days=2))
    assert shown.open_steps == (StepName.REPORTS, StepName.ID)

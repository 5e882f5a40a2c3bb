"""A publication from its judgement to its last step, in a world in memory with a real journal."""

from pathlib import Path

import pytest

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import Mode, print_policy
from mxproof.publish.publishing import _is_settled
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState
from mxproof.publish.step import StepName
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.store.journal.error import JournalError
from support_long import EXHAUSTIVE
from support_name_servers import At
from support_publication import DOMAIN, SERVERS, Killed, PublishedWorld, bare, policy, set_up
from support_world import Https

NO_MORE = WantedOf()
TESTING = WantedPolicy(policy())


KILLED_AT = range(1, 30, 4)
"""Every fourth of the events of a publication; tests/real/publish kills a process at random points."""
BEGUN_AT = 5


def is_whole(world: PublishedWorld) -> bool:
    """Tell whether nobody ever saw an id before the policy that it announces: each id goes with one policy."""
    policies: dict[str, set[str]] = {}
    for served, record in world.seen:
        policies.setdefault(record, set()).add(served)
    return all(len(served) <= 2 for record, served in policies.items() if record)


def test_a_first_policy_is_served_everywhere_before_it_is_announced(tmp_path: Path) -> None:
    world = bare(tmp_path)
    result = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert (result.end, result.lag, result.said) == (PublicationEnd.DONE, (), "")
    assert result.state is not None
    assert world.served() == print_policy(policy()).decode()
    assert world.id() == f"v=STSv1; id={result.state.id};"
    first = next(place for place, (_, record) in enumerate(world.seen) if record)
    assert {served for served, _ in world.seen[first:]} == {world.served()}


def test_what_is_published_already_is_not_published_again_and_keeps_its_id(tmp_path: Path) -> None:
    world = bare(tmp_path)
    first = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    again = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert (again.end, again.state) == (PublicationEnd.NOTHING, first.state)


def test_another_policy_has_another_id(tmp_path: Path) -> None:
    world = bare(tmp_path)
    first = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    second = world.publisher().apply(DOMAIN, WantedPolicy(mode=Mode.ENFORCE), NO_MORE)
    assert (first.end, second.end) == (PublicationEnd.DONE, PublicationEnd.DONE)
    assert first.state is not None
    assert second.state is not None
    assert second.state.id != first.state.id
    assert "mode: enforce" in world.served()


def test_a_policy_that_somebody_served_meanwhile_under_our_id_needs_a_new_one(tmp_path: Path) -> None:
    world = bare(tmp_path)
    first = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    (tmp_path / "policies" / f"{DOMAIN}.txt").write_bytes(print_policy(policy("none")))
    again = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert first.state is not None
    assert again.state is not None
    assert again.state.policy == first.state.policy
    assert again.state.id != first.state.id
    assert world.id() == f"v=STSv1; id={again.state.id};"


def test_what_was_taken_away_and_is_served_all_the_same_is_published_under_a_new_id(tmp_path: Path) -> None:
    world = bare(tmp_path)
    first = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    taken_away = world.publisher().apply(DOMAIN, TESTING, WantedOf(announced=False, served=False))
    assert (taken_away.end, world.served(), world.id()) == (PublicationEnd.DONE, "", "")
    (tmp_path / "policies" / f"{DOMAIN}.txt").write_bytes(print_policy(policy()))
    again = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert (again.end, again.lag) == (PublicationEnd.DONE, ())
    assert first.state is not None
    assert again.state is not None
    assert again.state.id not in {"", first.state.id}


def test_a_policy_that_senders_would_refuse_on_is_not_published_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    world = set_up(tmp_path)
    before = world.served(), world.id()
    result = world.publisher().apply(
        DOMAIN, WantedPolicy(policy("enforce", "elsewhere.example.net")), NO_MORE
    )
    assert result.end is PublicationEnd.REFUSED
    assert result.judgement is not None
    assert "rfc8461" in {one.sender for one in result.judgement.preflight.worse}
    assert (world.served(), world.id()) == before


def test_a_first_policy_that_senders_would_refuse_on_is_not_announced(tmp_path: Path) -> None:
    world = bare(tmp_path)
    result = world.publisher().apply(
        DOMAIN, WantedPolicy(policy("enforce", "elsewhere.example.net")), NO_MORE
    )
    assert (result.end, world.id()) == (PublicationEnd.REFUSED, "")


def test_what_is_forced_is_published_and_the_reason_is_kept(tmp_path: Path) -> None:
    world = set_up(tmp_path)
    bad = WantedPolicy(policy("enforce", "elsewhere.example.net"))
    result = world.publisher().apply(DOMAIN, bad, NO_MORE, "the MX moves tonight")
    assert result.end is PublicationEnd.DONE
    (done,) = world.journal().published(DOMAIN)
    assert done.forced == "the MX moves tonight"


def test_a_dry_run_says_the_steps_and_does_nothing(tmp_path: Path) -> None:
    world = set_up(tmp_path)
    before = world.served(), world.id()
    result = world.publisher().apply(DOMAIN, WantedPolicy(max_age_s=3600), NO_MORE, dry=True)
    assert result.end is PublicationEnd.PLANNED
    assert [one.step for one in result.steps] == [StepName.POLICY, StepName.ID]
    assert (world.served(), world.id()) == before
    assert world.journal().history(DOMAIN, 10) == ()


def test_what_a_publication_does_not_speak_of_stays_as_it_was_published(tmp_path: Path) -> None:
    world = set_up(tmp_path)
    reports = "v=TLSRPTv1; rua=mailto:other@example.com"

    def planned(wanted: WantedOf) -> tuple[str, str]:
        state = world.publisher().apply(DOMAIN, TESTING, wanted, dry=True).state
        assert state is not None
        return state.reports, state.host

    before = planned(NO_MORE)
    assert planned(WantedOf(reports=reports)) == (reports, before[1])
    assert planned(WantedOf(host="host.example.com")) == (before[0], "host.example.com")
    published = world.publisher().apply(DOMAIN, TESTING, WantedOf(reports=reports))
    assert published.end is PublicationEnd.DONE
    assert planned(NO_MORE) == (reports, before[1])


def test_a_lagging_secondary_stops_the_step_and_the_next_call_goes_on(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.lagging = SERVERS[1:]
    result = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert result.end is PublicationEnd.WAITING
    assert {one.address for one in result.lag} == {SERVERS[1]}
    assert {one.transport for one in result.lag} == {"udp", "tcp"}
    assert world.paused > 1
    world.catch_up()
    resumed = world.publisher().resume(DOMAIN)
    assert (resumed.end, resumed.state) == (PublicationEnd.DONE, result.state)


def test_a_step_that_lags_keeps_those_behind_it_from_being_made(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.lagging = SERVERS[1:]
    wanted = WantedOf(reports="v=TLSRPTv1; rua=mailto:other@example.com")
    result = world.publisher().apply(DOMAIN, TESTING, wanted)
    assert result.end is PublicationEnd.WAITING
    assert [one.step for one in result.steps] == [StepName.REPORTS, StepName.POLICY, StepName.ID]
    assert (world.served(), world.id()) == ("", "")


def test_a_keeper_that_does_not_do_it_leaves_the_publication_open(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.refusing = "the API: no"
    result = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert (result.end, result.said) == (PublicationEnd.FAILED, "the API: no")
    world.refusing = ""
    assert world.publisher().resume(DOMAIN).end is PublicationEnd.DONE


def test_where_a_name_server_does_not_say_what_it_has_nothing_is_begun(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.world = world.world.at_servers(SERVERS[:1], At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT))
    result = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert result.end is PublicationEnd.UNSEEN
    assert {(one.address, one.shows) for one in result.lag} == {(SERVERS[0], "timeout")}
    assert (world.served(), world.id(), world.journal().history(DOMAIN, 5)) == ("", "", ())


def test_what_no_sender_heard_of_makes_room_for_what_is_wanted_instead(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.refusing = "no"
    wanted = WantedOf(reports="v=TLSRPTv1; rua=mailto:other@example.com")
    stuck = world.publisher().apply(DOMAIN, TESTING, wanted)
    world.refusing = ""
    other = world.publisher().apply(DOMAIN, WantedPolicy(max_age_s=3600), NO_MORE)
    assert (stuck.end, other.end) == (PublicationEnd.FAILED, PublicationEnd.DONE)
    assert "max_age: 3600" in world.served()
    assert world.journal().opened(DOMAIN) is None


def test_undo_brings_back_what_was_before_under_a_new_id(tmp_path: Path) -> None:
    world = bare(tmp_path)
    first = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    second = world.publisher().apply(DOMAIN, WantedPolicy(mode=Mode.ENFORCE), NO_MORE)
    back = world.publisher().undo(DOMAIN)
    assert back.end is PublicationEnd.DONE
    states = [one.state for one in (first, second, back)]
    assert all(one is not None for one in states)
    assert len({one.id for one in states if one is not None}) == 3
    assert world.served() == print_policy(policy()).decode()


def test_undo_takes_back_what_is_not_finished(tmp_path: Path) -> None:
    world = bare(tmp_path)
    first = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    world.refusing = "no"
    stuck = world.publisher().apply(DOMAIN, WantedPolicy(mode=Mode.NONE), NO_MORE)
    world.refusing = ""
    back = world.publisher().undo(DOMAIN)
    assert (stuck.end, back.end) == (PublicationEnd.FAILED, PublicationEnd.DONE)
    assert first.state is not None
    assert world.served() == first.state.policy
    assert world.id() != f"v=STSv1; id={first.state.id};"
    assert world.journal().opened(DOMAIN) is None


def test_where_nothing_was_before_there_is_nothing_to_undo(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert world.publisher().undo(DOMAIN).end is PublicationEnd.FAILED


def test_where_nothing_was_published_that_is_said_and_no_name_server_is_asked(tmp_path: Path) -> None:
    world = bare(tmp_path)
    seen = len(world.seen)
    result = world.publisher().undo(DOMAIN)
    assert (result.end, len(world.seen)) == (PublicationEnd.FAILED, seen)
    assert result.said.startswith("nothing was published from here")


def test_what_somebody_else_published_is_taken_over_as_it_is(tmp_path: Path) -> None:
    world = set_up(tmp_path)
    before = world.served(), world.id()
    taken = world.publisher().adopt(DOMAIN)
    assert taken.end is PublicationEnd.DONE
    assert taken.state is not None
    assert (taken.state.id, taken.state.policy) == ("20260601", world.served())
    assert (world.served(), world.id()) == before
    assert world.publisher().adopt(DOMAIN).end is PublicationEnd.NOTHING
    assert world.publisher().apply(DOMAIN, WantedPolicy(), NO_MORE).end is PublicationEnd.NOTHING


def test_what_the_name_servers_do_not_agree_on_is_not_taken_over(tmp_path: Path) -> None:
    world = set_up(tmp_path)
    world.lagging = SERVERS[:1]
    world.publisher().apply(DOMAIN, WantedPolicy(max_age_s=3600), NO_MORE)
    fresh = PublishedWorld(tmp_path, world.world)
    (tmp_path / "journal.db").unlink()
    assert fresh.publisher().adopt(DOMAIN).end is PublicationEnd.FAILED


def test_another_process_is_kept_out_of_the_domain_and_not_of_others(tmp_path: Path) -> None:
    world = bare(tmp_path)
    with world.journal().alone(DOMAIN), pytest.raises(JournalError, match=DOMAIN):
        in_another_process(tmp_path)


def in_another_process(folder: Path) -> None:
    """Try to be alone at the domain in a process of its own, since a lock does not keep its holder out."""
    import os

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with bare(folder).journal().alone(DOMAIN):
                os.write(writing, b"in")
        except JournalError as error:
            os.write(writing, str(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        said = told.read().decode()
    os.waitpid(child, 0)
    if said != "in":
        raise JournalError(said)


@EXHAUSTIVE
def test_a_process_killed_at_any_point_of_a_publication_leaves_what_the_next_one_finishes(
    tmp_path: Path,
) -> None:
    wanted = WantedOf(reports="v=TLSRPTv1; rua=mailto:other@example.com")
    for killed_at in KILLED_AT:
        folder = tmp_path / str(killed_at)
        folder.mkdir()
        world = set_up(folder)
        before = world.served(), world.id()
        world.killed_at = killed_at
        with pytest.raises(Killed):
            world.publisher().apply(DOMAIN, WantedPolicy(max_age_s=3600), wanted)
        world.killed_at = None
        resumed = world.publisher().resume(DOMAIN)
        assert resumed.end in {PublicationEnd.DONE, PublicationEnd.UNDONE, PublicationEnd.NOTHING}
        if resumed.state is not None:
            assert (world.served(), world.id()) == (
                resumed.state.policy,
                f"v=STSv1; id={resumed.state.id};",
            )
        elif killed_at < BEGUN_AT:
            assert (world.served(), world.id()) == before
        assert is_whole(world)
        assert world.journal().opened(DOMAIN) is None


def test_an_address_that_serves_another_policy_keeps_the_id_back(tmp_path: Path) -> None:
    world = bare(tmp_path)
    world.world = world.world.zone_with(
        "mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81"
    ).but(https={"192.0.2.81": Https(body=b"version: STSv1\nmode: none\nmax_age: 60\n")})
    result = world.publisher().apply(DOMAIN, TESTING, NO_MORE)
    assert result.end is PublicationEnd.WAITING
    assert [(one.address, one.shows) for one in result.lag] == [("192.0.2.81", "another policy")]
    assert world.id() == ""


@pytest.mark.parametrize(
    ("end", "wanted", "is_settled"),
    [
        (PublicationEnd.DONE, TESTING, True),
        (PublicationEnd.UNDONE, TESTING, True),
        (PublicationEnd.WAITING, WantedPolicy(mode=Mode.ENFORCE), False),
        (PublicationEnd.REFUSED, TESTING, False),
        (PublicationEnd.REFUSED, WantedPolicy(mode=Mode.ENFORCE), True),
        (PublicationEnd.UNCLEAR, WantedPolicy(max_age_s=1), True),
        (PublicationEnd.UNCLEAR, WantedPolicy(), False),
    ],
)
def test_another_publication_follows_what_is_over_and_what_never_may_be_where_the_policy_is_another(
    end: PublicationEnd, wanted: WantedPolicy, *, is_settled: bool
) -> None:
    stuck = PublicationResult(DOMAIN, end, PublishedState(DOMAIN, print_policy(policy()).decode(), "1"))
    assert _is_settled(stuck, wanted) is is_settled

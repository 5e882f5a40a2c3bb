"""No resolver for a long time, refusing or silent, through a reload and a kill of the daemon, while Postfix asks on.

`MXPROOF_OUTAGE_S` says how long; 3600 is the hour that the daemon is made for. An answer is fresh for a sixtieth of
it, as it is by default for a minute of an hour. What was measured is printed (`pytest -s`).
"""

import os
import re
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack

import msgspec
import pytest

from real.bed.policyd import PolicyDaemon, policy_daemon
from real.bed.town import PARENT, SENDING, MailDomain, Town, town
from real.policyd.case import MAX_AGE_S, NOT_FOUND, direct, policy, secure
from real.policyd.outage import CURIOUS, Asked, Cost, Outage, Postfix, cost, resolver_away
from real.policyd.worlds import CASES

LENGTH_S = float(os.environ.get("MXPROOF_OUTAGE_S", "12"))
GRACE_S = LENGTH_S / 60
PAUSE_S = max(0.2, LENGTH_S / 600)
ADMIN_PORT = 8464
WAITS_S = 100.0
"""How long Postfix waits for a reply."""
ENDED_BY_S = 30.0
"""How long after its end a policy may be in a reply that stands in for a better one."""
RELOADED_WITHIN_S = 30.0
GROWTH_MIB_MAX = 16.0
SURVEY_DESCRIPTORS_MAX = 16
"""What a survey has open at once."""

_NAMES = (
    "direct",
    "fixed",
    "wildcard-ok",
    "testing",
    "none",
    "absent",
    "tlsa-right",
    "tlsa-wrong",
    "tlsa-partial",
)
_WAIT = re.compile(r"TEMP the \w+ look-up of \S+ failed .*")
_RELOADED = re.compile("reload: done")


def _living(label: str, life_s: float) -> MailDomain:
    """Return a domain whose policy lives for `life_s`."""
    domain = direct(label)
    body = policy(*domain.mx).replace(b"%d" % MAX_AGE_S, b"%d" % life_s)
    return msgspec.structs.replace(domain, id="1", policy=body)


LASTING = tuple(case for case in CASES if case.name in _NAMES)
DUE = _living("due", 1.25 * LENGTH_S + 60)
"""Its policy is to be fetched again after half of its life, which fails in a long outage, and lives longer than that."""
ENDING = _living("ending", LENGTH_S / 3)
NO_LOOK_UP = ("postfix", "[192.0.2.1]:25")
EXPECTED = {
    **{("postfix", case.domain.name): case.reply for case in LASTING},
    **{("postfix-tlsrpt", case.domain.name): case.told for case in LASTING},
    **{("postfix", domain.name): secure(*domain.mx) for domain in (DUE, ENDING)},
    NO_LOOK_UP: NOT_FOUND,
    ("postfix", f".{PARENT}"): NOT_FOUND,
}
"""The replies while there is a resolver, by map and key."""


class Seen(msgspec.Struct, frozen=True):
    """What was seen of an outage that began at `begun_s`: the looks of Postfix meanwhile, and right after it.

    `reply_first` is what a daemon says that was started meanwhile. The costs are those of the one before it.
    """

    begun_s: float
    meanwhile: list[Asked]
    reply_first: str
    after: list[Asked]
    replies_last: dict[tuple[str, str], str]
    cost_before: Cost
    costs: list[Cost]
    metrics: tuple[str, ...]


@pytest.fixture(scope="module", params=Outage)
def seen(request: pytest.FixtureRequest, host: None) -> Iterator[Seen]:
    """Go through one outage."""
    outage: Outage = request.param
    domains = (*(case.domain for case in LASTING), DUE, ENDING)
    with ExitStack() as stack:
        place = stack.enter_context(town(f"outage-{outage}", domains))
        found = _gone_through(place, outage, stack)
        print(_summary(outage, found))
        yield found


def _gone_through(place: Town, outage: Outage, stack: ExitStack) -> Seen:
    daemon = stack.enter_context(_daemon(place))
    daemon.daemon.await_ready()
    assert _replies(daemon) == EXPECTED
    cost_before = cost(daemon)
    with resolver_away(place, outage, stack):
        begun_s = time.monotonic()
        first = _asking(daemon, "first", LENGTH_S / 3)
        daemon.daemon.process.send_signal(signal.SIGHUP)
        second = _asking(daemon, "second", LENGTH_S / 3)
        daemon.daemon.await_line(_RELOADED, RELOADED_WITHIN_S)
        metrics_first = daemon.page(ADMIN_PORT, "/metrics")
        costs = [*first.costs, *second.costs, cost(daemon)]
        daemon.daemon.process.kill()
        daemon.daemon.process.wait()
        daemon = stack.enter_context(_daemon(place))
        daemon.daemon.await_ready()
        reply_first = daemon.asked(*NO_LOOK_UP)
        third = _asking(daemon, "third", LENGTH_S / 3)
    last = _asking(daemon, "last", GRACE_S)
    daemon.daemon.process.send_signal(signal.SIGHUP)
    daemon.daemon.await_line(_RELOADED, RELOADED_WITHIN_S)
    return Seen(
        begun_s=begun_s,
        meanwhile=first.seen + second.seen + third.seen,
        reply_first=reply_first,
        after=last.seen,
        replies_last=_replies(daemon),
        cost_before=cost_before,
        costs=costs,
        metrics=(metrics_first, daemon.page(ADMIN_PORT, "/metrics")),
    )


def _daemon(place: Town) -> AbstractContextManager[PolicyDaemon]:
    return policy_daemon(
        place.network,
        SENDING,
        place.authority.file,
        place.folder / "policyd",
        grace_s=GRACE_S,
        more=f'\n[admin]\nhttp = "inet:127.0.0.1:{ADMIN_PORT}"\n',
    )


def _replies(daemon: PolicyDaemon) -> dict[tuple[str, str], str]:
    return {(table, key): daemon.asked(table, key) for table, key in EXPECTED}


def _asking(daemon: PolicyDaemon, label: str, length_s: float) -> Postfix:
    one = Postfix(daemon, tuple(EXPECTED), f"{label}.{PARENT}", PAUSE_S)
    one.ask(length_s)
    return one


def test_what_was_known_is_told_as_before(seen: Seen) -> None:
    ending = ("postfix", ENDING.name)
    told = {(one.table, one.key): set[str]() for one in seen.meanwhile if (one.table, one.key) in EXPECTED}
    for one in seen.meanwhile:
        if (one.table, one.key) in told:
            told[one.table, one.key].add(one.reply)
    assert {key: replies for key, replies in told.items() if key != ending} == {
        key: {reply} for key, reply in EXPECTED.items() if key != ending
    }


def test_a_policy_that_ends_meanwhile_is_followed_by_waiting(seen: Seen) -> None:
    """What the domain asks for now is not known; that it asks for nothing least of all."""
    ends_s = seen.begun_s + LENGTH_S / 3
    asked = [one for one in seen.meanwhile if one.key == ENDING.name]
    assert [
        one for one in asked if one.reply != EXPECTED["postfix", one.key] and not _WAIT.fullmatch(one.reply)
    ] == []
    late = [one for one in asked if one.at_s > ends_s + ENDED_BY_S]
    assert [one for one in late if not _WAIT.fullmatch(one.reply)] == []


def test_what_was_not_known_waits_with_a_reason_in_words(seen: Seen) -> None:
    new = [one for one in seen.meanwhile if (one.table, one.key) not in EXPECTED]
    assert len(new) > 0
    assert [one for one in new if not _WAIT.fullmatch(one.reply)] == []


def test_no_question_is_left_long_without_a_reply(seen: Seen) -> None:
    assert [one for one in seen.meanwhile if one.took_s > WAITS_S] == []


def test_the_daemon_needs_no_resolver_to_start(seen: Seen) -> None:
    assert seen.reply_first == NOT_FOUND


def test_the_daemon_does_not_grow(seen: Seen) -> None:
    assert max(one.rss_mib for one in seen.costs) < seen.cost_before.rss_mib + GROWTH_MIB_MAX
    more = (1 + SURVEY_DESCRIPTORS_MAX) * (len(EXPECTED) + CURIOUS)
    assert max(one.descriptors for one in seen.costs) < seen.cost_before.descriptors + more


def test_nothing_goes_wrong_inside(seen: Seen) -> None:
    assert [
        re.findall(r"^mxproof_policyd_errors_total (\S+)$", page, re.MULTILINE) for page in seen.metrics
    ] == [["0"]] * 2


def test_all_is_as_before_once_the_resolver_is_back(seen: Seen) -> None:
    known = [one for one in seen.after if (one.table, one.key) in EXPECTED and one.key != ENDING.name]
    assert [one for one in known if one.reply != EXPECTED[one.table, one.key]] == []
    new = [one for one in seen.after if (one.table, one.key) not in EXPECTED]
    assert [one for one in new if one.reply != NOT_FOUND] == []
    assert seen.replies_last == EXPECTED
    assert "mxproof_policyd_dane_possible 1" in seen.metrics[1].splitlines()


def _summary(outage: Outage, seen: Seen) -> str:
    """Return in words what was measured."""
    known = [one.took_s for one in seen.meanwhile if (one.table, one.key) in EXPECTED]
    new = [one.took_s for one in seen.meanwhile if (one.table, one.key) not in EXPECTED]
    rss = [one.rss_mib for one in seen.costs]
    descriptors = [one.descriptors for one in seen.costs]
    return (
        f"\n{outage} for {LENGTH_S:g} s: {len(known)} questions about what was known, {_times(known)}; "
        f"{len(new)} about what was not, {_times(new)}; "
        f"memory {seen.cost_before.rss_mib:.1f} MiB before, {max(rss):.1f} at most, {rss[-1]:.1f} at the end; "
        f"descriptors {seen.cost_before.descriptors} before, {max(descriptors)} at most, {descriptors[-1]} at the end"
    )


def _times(took_s: list[float]) -> str:
    return f"median {statistics.median(took_s):.3f} s, longest {max(took_s):.1f} s"

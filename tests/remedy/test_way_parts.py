"""What is said beside a way: a shorter max_age that would help, certificates that end before it, and caches it goes by."""

from datetime import datetime, timedelta

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import (
    Awaited,
    Change,
    Configure,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.plan import Cost
from mxproof.remedy.rehearsal.edit import Edit, TimedEdit
from mxproof.remedy.rehearsal.order import Order
from mxproof.remedy.rehearsal.timeline import Moment
from mxproof.remedy.search.goal import Wanted
from mxproof.remedy.way import SHORT_MAX_AGE_S, _cost, _of_time, _renewed, _shortening
from support_world import collect
from support_worlds import GOOD, MX1, MX2, policy

BY_RFC = tuple(one for one in SENDERS if one.id == "rfc8461")
WANTED = (Wanted("rfc8461", None, counts=True),)
LAG_S, LIFE_S = 60, 1_209_600
SERVE = ServePolicy("example.com", Policy(Mode.ENFORCE, LIFE_S, ("*.example.com",)))
RECORD = Publish("_mta-sts.example.com", TxtValue("v=STSv1; id=2;"))


def judge(max_age: int = LIFE_S, now: datetime = GOOD.at) -> Judge:
    return Judge(collect(GOOD.but(policy=policy(MX1, MX2, max_age=max_age))), now, (), BY_RFC, LAG_S)


def order(ends_s: int, *timed: tuple[int, Change]) -> Order:
    schedule = tuple(TimedEdit(at_s, Edit(0, (change,))) for at_s, change in timed)
    return Order(schedule, (Moment(-1, ()), Moment(0, ()), Moment(ends_s, ())), is_safe=True)


@pytest.mark.parametrize(
    ("max_age", "changes", "restored", "helps"),
    [
        (LIFE_S, (SERVE,), None, True),
        (LIFE_S, (SERVE,), SHORT_MAX_AGE_S + 1, True),
        (LIFE_S, (SERVE,), SHORT_MAX_AGE_S, False),
        (LIFE_S, (SERVE,), 0, False),
        (LIFE_S, (RECORD,), None, False),
        (SHORT_MAX_AGE_S + 1, (RECORD, SERVE), None, True),
        (SHORT_MAX_AGE_S, (SERVE,), None, False),
    ],
)
def test_a_shorter_max_age_is_told_of_where_a_policy_is_waited_for_longer_than_that_or_for_ever(
    max_age: int, changes: tuple[Change, ...], restored: int | None, *, helps: bool
) -> None:
    found = _shortening(judge(max_age), WANTED, changes, restored, planned=False)
    assert (found is not None) is helps
    if found is not None:
        assert (found.max_age_s, found.before_s) == (SHORT_MAX_AGE_S, max_age)
        assert found.restored_s is not None


def ends() -> dict[str, datetime]:
    """Return when each certificate ends that is shown, by the name and the address of its server."""
    domain = judge().after(()).domain
    shown = [
        (f"{host.name} {one.address}", session.chain)
        for host in domain.hosts
        for one in host.endpoints
        for session in one.sessions
    ]
    host = domain.policy_host
    shown += [(f"{host.name} {one.address}", one.chain) for one in host.fetches]
    found = {}
    for subject, chain in shown:
        assert chain is not None
        assert chain.leaf is not None
        found[subject] = chain.leaf.not_after
    return found


def test_a_certificate_is_supposed_to_be_renewed_that_is_good_now_and_ends_before_the_way_does() -> None:
    last = max(ends().values())
    every = [Assumption(Supposition.RENEWED, subject) for subject in ends()]
    whole_s = round((last - GOOD.at).total_seconds())
    assert list(_renewed(judge(), order(whole_s + 1))) == every
    assert _renewed(judge(), order(whole_s)) == tuple(one for one in every if ends()[one.subject] < last)
    assert _renewed(judge(), order(0)) == ()
    over = judge(now=last + timedelta(seconds=1))
    assert _renewed(over, order(whole_s)) == ()


def test_caches_are_supposed_of_each_name_once_in_the_order_of_the_way_and_not_where_no_record_changes() -> (
    None
):
    one, other = (Publish(f"{name}.example.com", Ipv4Value("192.0.2.9")) for name in ("z", "a"))
    back = Withdraw(one.name, one.record)
    wait = Wait("example.com", Awaited.MAX_AGE, 60)
    assert _of_time(judge(), order(0, (0, SERVE), (1, one), (2, other), (3, back), (4, wait))) == (
        Assumption(Supposition.TTL, one.name),
        Assumption(Supposition.TTL, other.name),
        Assumption(Supposition.SECONDARY_LAG, one.name, LAG_S),
    )
    assert _of_time(judge(), order(0, (0, SERVE), (1, wait))) == ()


def test_a_way_costs_each_server_once_and_the_host_and_the_addresses_that_are_lost() -> None:
    at, other = ("192.0.2.1",), ("192.0.2.2",)
    shown = [
        PresentCertificate(Service.SMTP, name, where, (name,), keeps_key=False)
        for name, where in ((MX1, at), ("other.example.com", at), (MX2, other))
    ]
    set_up = [Configure(Service.SMTP, name, at, Setting.TLS) for name in (MX1, "other.example.com")]
    gone = Withdraw("example.com", MxValue(20, MX2))
    changes: tuple[Change, ...] = (
        SERVE,
        RECORD,
        gone,
        *shown,
        *set_up,
        Wait("example.com", Awaited.MAX_AGE, 60),
    )
    measures = (
        Measure(MeasureKind.DROP_ADDRESS, MX1, changes),
        Measure(MeasureKind.RETIRE_HOST, MX2, (gone,)),
        Measure(MeasureKind.DROP_ADDRESS, MX2, ()),
    )
    assert _cost(judge(), measures, changes, 7, 300) == Cost(
        records=2,
        policies=1,
        certificates=2,
        servers=1,
        hosts_fewer=1,
        addresses_fewer=2,
        assumptions=7,
        restored_s=300,
    )
    more = Publish("example.com", MxValue(30, "more.example.com"))
    assert _cost(judge(), measures[1:2], (more,), 0, None) == Cost(1, 0, 0, 0, 0, 0, 0, None)

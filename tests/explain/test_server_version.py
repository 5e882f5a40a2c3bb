"""What a check finds by the resolver, and by each name server that tells something else as if it were alone."""

from datetime import timedelta
from functools import cache

import msgspec

from mxproof.evidence import Edns, Evidence, Kind, Outcome, Question, Transport
from mxproof.explain.server_version import CheckedDomain, checked
from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.survey.served import as_resolved, as_served
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import COMPARED, GOOD, MX1, MX2, NS1, NS2, policy

V4 = COMPARED.but(families=(4,))
AT_NS2 = NS2[0]
OTHER_MX = V4.at_servers((AT_NS2,), At(zone=V4.zone_with("example.com MX 10 mx3.example.com").zone, serial=6))
"""The second server leads mail to a host that no policy lists."""
WITHOUT_ANSWER = (f"ns2.example.com ({AT_NS2}), a name server of example.com without an answer of its own",)


@cache
def evidence() -> Evidence:
    """Return what was seen where the servers agree."""
    return collect(V4)


@cache
def other_mx() -> Evidence:
    """Return what was seen where the second server leads elsewhere."""
    return collect(OTHER_MX)


def of(world: ZoneWorld) -> CheckedDomain:
    return checked(collect(world), ())


def at_server(kind: Kind, name: str, server: str, edns: Edns = Edns.USUAL) -> Question:
    return Question(kind, name, server=server, edns=edns)


def test_where_the_servers_agree_there_is_no_other_version_and_the_senders_are_those_of_the_report() -> None:
    found = checked(evidence(), ())
    assert (found.versions, found.unserved) == ((), ())
    assert found.report == report_on(evidence(), now=V4.at)
    assert found.alone == found.report.senders


def test_another_version_is_judged_alone_and_by_the_resolver_the_others_are_left_out() -> None:
    seen = other_mx()
    found = checked(seen, ())
    (version,) = found.versions
    assert [one.address for one in version.version.servers] == [AT_NS2]
    assert version.version.serial == 6
    assert found.alone == report_on(as_resolved(seen), now=OTHER_MX.at).senders
    outcomes = [
        {one.outcome for one in senders if one.id == "rfc8461"}
        for senders in (found.alone, version.report.senders, found.report.senders)
    ]
    assert outcomes == [{Verdict.DELIVERS}, {Verdict.REFUSED}, {Verdict.AT_RISK}]


def test_what_senders_hold_counts_for_every_version_and_for_the_resolver_alone() -> None:
    seen, now = other_mx(), OTHER_MX.at
    held = (Memory(policy("old.example.com"), now - timedelta(days=1)),)
    found = checked(seen, held)
    (version,) = found.versions
    lone = as_resolved(as_served(seen, version.version))
    assert version.report == report_on(lone, now=now, memories=held) != report_on(lone, now=now)
    alone = report_on(as_resolved(seen), now=now, memories=held)
    assert found.alone == alone.senders != report_on(as_resolved(seen), now=now).senders
    assert found.report == report_on(seen, now=now, memories=held)
    same = checked(evidence(), held)
    assert same.alone == same.report.senders == report_on(evidence(), now=now, memories=held).senders


def test_the_report_is_made_by_whoever_is_given_for_it() -> None:
    def judge(seen: Evidence, **_: object) -> object:
        return msgspec.structs.replace(report_on(seen, now=V4.at), findings=())

    found = checked(evidence(), (), judge)  # type: ignore[arg-type]  # it passes the arguments by
    assert found.report.findings == ()
    assert found.alone == found.report.senders


def test_all_names_and_addresses_are_told_that_anything_was_asked_about() -> None:
    assert checked(collect(GOOD), ()).asked == {
        *("example.com", "_mta-sts.example.com", "_smtp._tls.example.com", "mta-sts.example.com"),
        *("192.0.2.80", MX1, MX2, "192.0.2.1", "2001:db8::1", "192.0.2.2"),
        *(f"_25._tcp.{MX1}", f"_25._tcp.{MX2}"),
        *("1.2.0.192.in-addr.arpa", "2.2.0.192.in-addr.arpa"),
        f"1.{'0.' * 23}8.b.d.0.1.0.0.2.ip6.arpa",
    }


def test_where_only_the_resolver_was_asked_no_record_is_one_of_a_server() -> None:
    found = checked(collect(GOOD), ())
    assert (found.served, found.unserved) == (None, ())


def test_the_records_that_servers_gave_are_told_and_not_how_they_answer_or_lead() -> None:
    names = (
        (Kind.MX, "example.com"),
        (Kind.TXT, "_mta-sts.example.com"),
        (Kind.TXT, "_smtp._tls.example.com"),
        *((Kind.A, name) for name in ("mta-sts.example.com", MX1, MX2)),
    )
    want = frozenset(at_server(kind, name, server) for kind, name in names for server in (NS1[0], AT_NS2))
    assert checked(evidence(), ()).served == want
    answer = evidence().answer(at_server(*names[0], NS1[0]))
    more = [
        at_server(Kind.MX, "example.com", NS1[0], Edns.ONLY),
        at_server(Kind.DELEGATION, "example.com", NS1[0]),
        Question(Kind.SOA, "example.com", server=NS1[0], transport=Transport.TCP),
    ]
    beside = evidence().with_answers((one, answer) for one in more)
    assert checked(beside, ()).served == want


def test_a_server_that_says_nothing_of_its_own_is_told_once() -> None:
    silent = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
    found = of(V4.at_servers((AT_NS2,), silent))
    assert found.unserved == WITHOUT_ANSWER
    assert found.served is not None
    assert {one.server for one in found.served} == {NS1[0]}


def test_a_server_without_an_address_was_not_asked() -> None:
    found = of(V4.zone_with("ns2.example.com A"))
    assert found.unserved == ("ns2.example.com, a name server of example.com",)


def test_a_record_that_a_server_did_not_give_is_told_by_its_name() -> None:
    mx = at_server(Kind.MX, "example.com", AT_NS2)
    late = msgspec.structs.replace(evidence().answer(mx), outcome=Outcome.TIMEOUT, data=None)
    found = checked(evidence().with_answers([(mx, late)]), ())
    assert found.unserved[-1:] == (f"MX of example.com at {AT_NS2}",)
    assert found.served is not None
    assert mx not in found.served

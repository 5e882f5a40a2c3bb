"""One fix for the same fault at several hosts: told whole with each of them, and only where its words can be."""

import msgspec

from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.together import whole
from mxproof.mail.change import Awaited, Publish, TlsaValue, TxtValue, Wait, Withdraw

OLD, NEW_1, NEW_2 = (TlsaValue(3, 1, 1, digest * 32) for digest in ("00", "11", "22"))
NAME = "_dane.example.com"


def unlisted(host: str, way: str = "") -> Finding:
    return Finding(Code.STS_MX_UNLISTED, host, {"host": host, "max_age": 60}, (), (), way)


def mismatch(host: str, new: TlsaValue) -> Finding:
    changes = (Publish(NAME, new), Wait(NAME, Awaited.TTL, 300), Withdraw(NAME, OLD))
    return Finding(Code.DANE_MISMATCH, host, {"host": host}, (), changes)


def test_a_finding_alone_is_what_it_is() -> None:
    one = unlisted("a.example")
    assert whole(one, [one, mismatch("b.example", NEW_1)]) is one


def test_what_differs_is_told_of_all_and_what_is_the_same_once() -> None:
    both = [unlisted("a.example"), unlisted("b.example")]
    got = whole(both[1], both)
    assert got.params == {"host": ("a.example", "b.example"), "max_age": 60}
    assert got.subject == "b.example"


def test_another_way_or_another_code_is_another_fix() -> None:
    one = unlisted("a.example")
    assert whole(one, [one, unlisted("b.example", "delegated")]) is one
    retired = unlisted("a.example", "retire")
    assert whole(retired, [retired, unlisted("b.example", "retire")]) is retired


def test_a_code_whose_words_are_about_one_host_stays_alone() -> None:
    both = [Finding(Code.MX_DANGLING, host, {"host": host}) for host in ("a.example", "b.example")]
    assert whole(both[0], both) is both[0]


def test_records_that_go_wait_for_all_that_come() -> None:
    both = [mismatch("a.example", NEW_1), mismatch("b.example", NEW_2)]
    assert whole(both[0], both).changes == (
        Publish(NAME, NEW_1),
        Publish(NAME, NEW_2),
        Wait(NAME, Awaited.TTL, 300),
        Withdraw(NAME, OLD),
    )


def test_other_ways_are_united_one_by_one() -> None:
    def leaving(host: str) -> Finding:
        gone = Withdraw(f"_mta-sts.{host}", TxtValue("v=STSv1; id=1;"))
        return Finding(Code.STS_MX_UNLISTED, host, {"host": host}, others=(MendingWay("leave", (gone,)),))

    both = [leaving("a.example"), leaving("b.example")]
    assert [len(way.changes) for way in whole(both[0], both).others] == [2]


def test_each_of_several_ways_is_united_with_the_same_way_of_the_others() -> None:
    def having(host: str) -> Finding:
        list_, leave = Publish(host, NEW_1), Withdraw(host, OLD)
        ways = (MendingWay("list", (list_,)), MendingWay("leave", (leave,)))
        return Finding(Code.STS_MX_UNLISTED, host, {"host": host}, (), (Publish(host, NEW_2),), others=ways)

    both = [having("a.example"), having("b.example")]
    for one in both:
        got = whole(one, both)
        assert got.others == (
            MendingWay("list", (Publish("a.example", NEW_1), Publish("b.example", NEW_1))),
            MendingWay("leave", (Withdraw("a.example", OLD), Withdraw("b.example", OLD))),
        )
        assert got.changes == (Publish("a.example", NEW_2), Publish("b.example", NEW_2))
        assert (got.subject, got.params) == (one.subject, {"host": ("a.example", "b.example")})


def test_findings_with_other_ways_are_mended_apart() -> None:
    one = unlisted("a.example")
    ways = msgspec.structs.replace(unlisted("b.example"), others=(MendingWay("leave", ()),))
    assert whole(one, [one, ways]) is one
    assert whole(ways, [one, ways]) is ways


def test_values_that_are_several_already_are_told_once_each_in_the_order_they_are_met() -> None:
    both = [
        Finding(Code.STS_MX_UNLISTED, host, {"names": names, "same": ("x", "y")})
        for host, names in (("a.example", ("m", "n")), ("b.example", ("n", "o")))
    ]
    assert whole(both[1], both).params == {"names": ("m", "n", "o"), "same": ("x", "y")}


def test_where_records_are_not_compared_the_changes_stay_in_the_order_of_the_findings() -> None:
    def waiting(host: str) -> Finding:
        changes = (Withdraw(host, OLD), Wait(host, Awaited.TTL, 300), Publish(host, NEW_1))
        return Finding(Code.STS_MX_UNLISTED, host, {"host": host}, (), changes)

    both = [waiting("a.example"), waiting("b.example")]
    assert whole(both[0], both).changes == (*both[0].changes, *both[1].changes)

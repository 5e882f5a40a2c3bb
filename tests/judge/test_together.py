"""One fix for the same fault at several hosts: told whole with each of them, and only where its words can be."""

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

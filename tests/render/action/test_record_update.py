"""A step for name servers: lines of a zone, a script for nsupdate, a patch for PowerDNS, and each of them the way back."""

import json

from mxproof.evidence import Kind
from mxproof.mail.change import CnameValue, Ipv4Value, TxtValue
from mxproof.remedy.step_record import AlteredSet
from mxproof.render.action.record_update import NEW_TTL_S, nsupdate, powerdns, reversed_sets, zone_lines

ONE, TWO, THREE = (Ipv4Value(f"192.0.2.{number}") for number in (1, 2, 3))
SETS = (
    AlteredSet("a.example.com", Kind.A, (), (ONE,), None),
    AlteredSet("a.example.com", Kind.CNAME, (CnameValue("b.example.com"),), (), 60),
    AlteredSet("t.example.com", Kind.TXT, (TxtValue("x"),), (TxtValue('a "b"'),), 60),
)
KEPT = (AlteredSet("a.example.com", Kind.A, (ONE, TWO), (TWO, THREE), 3600, 60),)


def test_lines_of_a_zone_have_what_goes_as_comments_before_what_comes() -> None:
    assert zone_lines(SETS) == (
        "a.example.com. A 192.0.2.1\n"
        "; remove: a.example.com. CNAME b.example.com.\n"
        '; remove: t.example.com. TXT "x"\n'
        't.example.com. 60 TXT "a \\"b\\""\n'
    )
    assert zone_lines(()) == ""


def test_a_record_that_stays_has_no_line() -> None:
    assert zone_lines(KEPT) == ("; remove: a.example.com. A 192.0.2.1\na.example.com. 3600 A 192.0.2.3\n")


def test_a_script_asks_first_then_takes_then_gives() -> None:
    assert nsupdate(SETS) == (
        "prereq nxrrset a.example.com. A\n"
        "prereq yxrrset a.example.com. CNAME b.example.com.\n"
        'prereq yxrrset t.example.com. TXT "x"\n'
        "update delete a.example.com. CNAME b.example.com.\n"
        'update delete t.example.com. TXT "x"\n'
        f"update add a.example.com. {NEW_TTL_S} A 192.0.2.1\n"
        'update add t.example.com. 60 TXT "a \\"b\\""\n'
        "send\n"
    )


def test_a_script_expects_a_record_that_stays_and_leaves_it() -> None:
    assert nsupdate(KEPT) == (
        "prereq yxrrset a.example.com. A 192.0.2.1\n"
        "prereq yxrrset a.example.com. A 192.0.2.2\n"
        "update delete a.example.com. A 192.0.2.1\n"
        "update add a.example.com. 3600 A 192.0.2.3\n"
        "send\n"
    )


def test_a_patch_has_whole_sets_and_begins_with_what_goes() -> None:
    def patched(name: str, kind: str, ttl: int, changetype: str, *contents: str) -> dict[str, object]:
        records = [{"content": one, "disabled": False} for one in contents]
        return {"name": name, "type": kind, "ttl": ttl, "changetype": changetype, "records": records}

    assert json.loads(powerdns((*SETS, *KEPT))) == {
        "rrsets": [
            patched("a.example.com.", "CNAME", 60, "DELETE"),
            patched("a.example.com.", "A", 300, "REPLACE", "192.0.2.1"),
            patched("t.example.com.", "TXT", 60, "REPLACE", '"a \\"b\\""'),
            patched("a.example.com.", "A", 3600, "REPLACE", "192.0.2.2", "192.0.2.3"),
        ]
    }
    assert powerdns(SETS).startswith(b'{\n  "rrsets": [\n')
    assert powerdns(SETS).endswith(b"}\n")


def test_the_way_back_begins_with_the_last_set_and_has_the_time_to_live_of_before() -> None:
    assert reversed_sets((SETS[0], *KEPT)) == (
        AlteredSet("a.example.com", Kind.A, (TWO, THREE), (ONE, TWO), 60, 3600),
        AlteredSet("a.example.com", Kind.A, (ONE,), (), None),
    )
    assert reversed_sets(reversed_sets(SETS)) == SETS

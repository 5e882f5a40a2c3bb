"""What of a fix can be copied: records of a run of changes together, each policy by itself, and nothing said twice."""

from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import (
    CnameValue,
    Configure,
    Ipv4Value,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TxtValue,
    Withdraw,
)
from mxproof.render.to_copy import ToCopy, not_said, to_copy

ADDRESS = Publish("mx1.example.com", Ipv4Value("192.0.2.1"))
ALIAS = Withdraw("mx1.example.com", CnameValue("smol.example.com"))
NEW_ID = Publish("_mta-sts.example.com", TxtValue("v=STSv1; id=2;"))
SERVED = ServePolicy("example.com", Policy(mode=Mode.ENFORCE, max_age_s=86_400, mx=("mx1.example.com",)))
SET_UP = Configure(Service.SMTP, "mx1.example.com", ("192.0.2.1",), Setting.STARTTLS)
POLICY = ToCopy(
    "as https://mta-sts.example.com/.well-known/mta-sts.txt",
    "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 86400",
)
ZONE = ToCopy(
    "in the zone", "; remove: mx1.example.com. CNAME smol.example.com.\nmx1.example.com. A 192.0.2.1"
)


def test_records_that_follow_one_another_are_one_text_in_which_what_goes_is_a_comment() -> None:
    assert to_copy((ALIAS, SET_UP, ADDRESS)) == (ZONE,)


def test_a_policy_stands_between_the_records_before_it_and_those_behind_it() -> None:
    assert to_copy((ALIAS, ADDRESS, SERVED, NEW_ID)) == (
        ZONE,
        POLICY,
        ToCopy("in the zone", '_mta-sts.example.com. TXT "v=STSv1; id=2;"'),
    )
    assert to_copy((SERVED,)) == (POLICY,)


def test_where_nothing_can_be_copied_there_is_no_text() -> None:
    assert to_copy(()) == to_copy((SET_UP,)) == ()


def test_a_policy_that_no_text_says_is_left_out() -> None:
    unsayable = ServePolicy("example.com", Policy(mode=Mode.ENFORCE, max_age_s=86_400, mx=("a\nb",)))
    assert to_copy((ADDRESS, unsayable)) == (ToCopy("in the zone", "mx1.example.com. A 192.0.2.1"),)


def test_a_text_of_which_every_line_is_to_be_pasted_in_a_step_is_not_said_again() -> None:
    texts = (ZONE, POLICY)
    first, second = ZONE.text.splitlines()
    assert not_said(texts, (f"Do:\n    {first}\n", f"Then:\n    {second}\n")) == (POLICY,)
    assert not_said(texts, (f"Do:\n    {first}\n", second)) == texts
    assert not_said(texts, ()) == texts

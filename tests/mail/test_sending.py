"""The hosts that send a domain's mail, with what receivers find when one of them connects."""

from mxproof.evidence import Kind, Question
from mxproof.formats.sent_header import SendingHost
from mxproof.judge.codes import Code
from mxproof.mail.reverse_name import PtrState
from mxproof.mail.sending import Sender, Sending, sending_of
from mxproof.survey.spf_evaluation import SpfResult
from support_sending import HELO, SENDER, SENDER_WORLDS
from support_world import ZoneWorld, collect

ADDRESS = "192.0.2.25"
REVERSE = Question(Kind.PTR, "25.2.0.192.in-addr.arpa")
RECORD = Question(Kind.TXT, "example.com")
UNNAMED = SENDER.but(sending=())
"""The host is known by the SPF record alone."""


def of(world: ZoneWorld) -> Sending:
    return sending_of(collect(world))


def only(world: ZoneWorld) -> Sender:
    (one,) = of(world).senders
    return one


def test_a_host_that_is_named_is_looked_at_by_address_and_name() -> None:
    one = only(SENDER)
    assert (one.address, one.helo, one.helo_is_said, one.helo_leads_back) == (ADDRESS, HELO, True, True)
    assert one.helo_question == Question(Kind.A, HELO)
    assert (one.ptr_state, one.ptr_names) == (PtrState.CONFIRMED, (HELO,))
    assert one.ptr_questions == (REVERSE, Question(Kind.A, HELO))
    assert one.mail.result is SpfResult.PASS
    assert one.greeting is not None
    assert one.greeting.result is SpfResult.NONE


def test_a_host_over_ipv6_is_looked_at_over_ipv6() -> None:
    world = SENDER.but(sending=(SendingHost("2001:db8::1", "mx1.example.com"),))
    one = only(world)
    assert one.helo_question == Question(Kind.AAAA, "mx1.example.com")
    assert one.ptr_questions[1:] == (Question(Kind.AAAA, "mx1.example.com"),)
    assert (one.helo_leads_back, one.ptr_state) == (True, PtrState.CONFIRMED)


def test_a_host_that_only_the_record_names_has_its_reverse_name_for_its_own() -> None:
    one = only(UNNAMED)
    assert (one.address, one.helo, one.helo_is_said, one.helo_leads_back) == (ADDRESS, HELO, False, True)


def test_a_host_without_a_name_has_no_evaluation_of_one() -> None:
    one = only(UNNAMED.zone_with(f"{ADDRESS} PTR"))
    assert (one.helo, one.greeting) == ("", None)
    assert (one.ptr_state, one.ptr_names, one.ptr_questions) == (PtrState.ABSENT, (), (REVERSE,))


def test_whether_the_name_leads_back_is_open_where_that_was_not_answered() -> None:
    assert only(SENDER_WORLDS[Code.SENDER_HELO_OTHER]).helo_leads_back is False
    assert only(SENDER.zone_with(f"{HELO} A")).helo_leads_back is False
    assert only(SENDER.zone_with(f"{HELO} A !timeout")).helo_leads_back is None


def test_reverse_names_are_told_in_one_spelling() -> None:
    one = only(SENDER.zone_with(f"{ADDRESS} PTR MAIL.Example.COM."))
    assert (one.ptr_names, one.ptr_questions) == ((HELO,), (REVERSE, Question(Kind.A, HELO)))
    assert one.ptr_state is PtrState.CONFIRMED


def test_a_reverse_name_that_leads_elsewhere_is_not_confirmed() -> None:
    one = only(SENDER_WORLDS[Code.SENDER_PTR_UNCONFIRMED])
    assert (one.ptr_state, one.ptr_names) == (PtrState.UNCONFIRMED, ("other.example.net",))
    assert one.ptr_questions == (REVERSE, Question(Kind.A, "other.example.net"))


def test_that_there_are_no_others_rests_on_every_look_up_of_the_record() -> None:
    mx = SENDER_WORLDS[Code.SENDER_SPF_FAILED]
    assert of(SENDER).questions == (RECORD,)
    questions = of(mx.but(sending=())).questions
    assert questions is not None
    assert questions[:2] == (RECORD, Question(Kind.MX, "example.com"))
    assert of(mx.but(sending=()).zone_with("mx2.example.com A !timeout")).questions is None
    assert of(UNNAMED.zone_with("example.com TXT !servfail")).questions is None

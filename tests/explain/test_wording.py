"""The words of an explanation: who decided, which domain is looked at, over which time, and which command comes next."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.base_rate import base_rate
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.diagnosis import Diagnosis
from mxproof.explain.explanation import Explanation, Joined, JoinStanding, Recipient
from mxproof.explain.knowledge import other_kinds
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.read.material import Material, MaterialForm, Statement, StatementPlace
from mxproof.explain.wording import CODES_SHOWN_MAX, NEXT_MAX, explanation
from mxproof.formats.bounce.dsn import Action, RecipientStatus
from mxproof.formats.dkim import Signature
from mxproof.judge.vocabulary import Confidence
from support_evidence import OBSERVED_AT

BOUNCE = Material(form=MaterialForm.BOUNCE, sender_domain="sender.example")
CERTIFICATE, POLICY, SPF, PTR, KEY = (
    "cert_not_verified",
    "mtasts_mx_mismatch",
    "spf_fail",
    "ptr_missing",
    "dkim_key_dns",
)


def cause(of: str = CERTIFICATE, side: Side = Side.SENDER, **more: str) -> StatedCause:
    return msgspec.structs.replace(StatedCause(of, Confidence.DOCUMENTED, "the words", side), **more)


def told(material: Material, *causes: StatedCause, live: Joined | None = None, **more: object) -> Explanation:
    found = msgspec.structs.replace(Diagnosis(material=material, claims=causes), **more)
    return explanation("x", found, live)


def lines(*texts: str, form: MaterialForm = MaterialForm.BOUNCE, recipient: str = "") -> Material:
    said = tuple(Statement(StatementPlace.DIAGNOSTIC, text, recipient) for text in texts)
    return msgspec.structs.replace(BOUNCE, form=form, statements=said)


def to(address: str, action: Action = Action.FAILED, **more: object) -> RecipientStatus:
    return msgspec.structs.replace(RecipientStatus(address, action), **more)


@pytest.mark.parametrize(
    ("material", "side", "want"),
    [
        (BOUNCE, Side.SENDER, "The sending system had the message and did not hand it over. "),
        (BOUNCE, Side.RECEIVER, "The receiving server refused the message. "),
        (BOUNCE, Side.UNKNOWN, "The sending system reports that the message was not delivered. "),
        (
            msgspec.structs.replace(BOUNCE, form=MaterialForm.TLS_REPORT),
            Side.SENDER,
            "The sending system counts sessions that failed. ",
        ),
        (msgspec.structs.replace(BOUNCE, form=MaterialForm.MESSAGE), Side.RECEIVER, ""),
        (
            lines("SSL_accept error from mx.example.net: -1", form=MaterialForm.LOG),
            Side.SENDER,
            "The sending system was to take mail here, and the client that brought it did not finish TLS with it. ",
        ),
        (
            msgspec.structs.replace(
                lines("SSL_accept error from mx.example.net: -1", form=MaterialForm.LOG),
                recipients=(to("user@example.com"),),
            ),
            Side.SENDER,
            "The sending system had the message and did not hand it over. ",
        ),
        (
            lines("no SSL_accept error from mx.example.net", form=MaterialForm.LOG),
            Side.SENDER,
            "The sending system had the message and did not hand it over. ",
        ),
    ],
)
def test_the_words_say_who_decided_and_what_the_cause_means(
    material: Material, side: Side, want: str
) -> None:
    assert told(material, cause(POLICY, side)).words == want + CATALOGUE[POLICY].words


def test_a_line_that_rules_a_part_of_a_cause_out_leaves_its_own_words() -> None:
    narrowed = told(lines("Trusted TLS connection established to mx.example.com"), cause()).words
    assert CATALOGUE[CERTIFICATE].words not in narrowed
    assert "calls the connection trusted" in narrowed


def test_how_often_a_look_up_fails_anyway_is_told_of_a_header_and_only_without_a_measurement() -> None:
    rate = base_rate(KEY)
    assert rate
    header = msgspec.structs.replace(BOUNCE, form=MaterialForm.MESSAGE)
    live = Joined("", OBSERVED_AT, "", JoinStanding.UNKNOWN, None, None, (), "nothing", "")
    assert told(header, cause(KEY)).words == f"{CATALOGUE[KEY].words} {rate.words}"
    assert told(header, cause(KEY), live=live).words == CATALOGUE[KEY].words
    assert told(header, cause(SPF)).words == CATALOGUE[SPF].words


def test_without_a_cause_it_is_the_kind_that_is_told_with_the_reason_that_stands_there() -> None:
    delayed, unknown = other_kinds.DELAYED, other_kinds.COMPLAINT
    assert told(BOUNCE, other=delayed).words == f"{delayed.words} No reason is given."
    assert told(BOUNCE, other=delayed, unread="why").words == f"{delayed.words} It says: 'why'."
    assert told(BOUNCE, other=unknown).words == unknown.words
    assert told(BOUNCE).words == "Nothing in this text is known here."


def test_something_is_understood_with_a_cause_or_a_kind_and_a_cause_goes_before_a_kind() -> None:
    of_kind, of_cause, of_both = (
        told(BOUNCE, other=other_kinds.DELAYED),
        told(BOUNCE, cause()),
        told(BOUNCE, cause(), other=other_kinds.DELAYED),
    )
    assert [one.understood for one in (of_kind, of_cause, of_both, told(BOUNCE))] == [True, True, True, False]
    assert [one.other for one in (of_kind, of_cause, of_both)] == [other_kinds.DELAYED.id, None, None]
    assert of_both.kind is CauseKind.TRANSPORT_SECURITY
    assert told(BOUNCE).headline == "not understood"
    assert of_kind.headline == other_kinds.DELAYED.id.replace("-", " ")


def test_a_possible_cause_is_no_understanding_but_has_its_command() -> None:
    got = told(BOUNCE, leads=(cause(POLICY, domain="example.com"),))
    assert (got.understood, got.causes, [one.code for one in got.leads]) == (False, (), [POLICY])
    assert any("example.com" in command for command in got.next)


@pytest.mark.parametrize(
    ("stated", "recipients", "by_recipient", "want"),
    [
        # A receiver that found fault with the sender: its domain, or the one that the words name.
        (cause(SPF, Side.RECEIVER), ["user@example.com"], (), "sender.example"),
        (
            cause(SPF, Side.RECEIVER, domain="News.Sender.example"),
            ["user@example.com"],
            (),
            "news.sender.example",
        ),
        # A sender that could not deliver: the recipient that the cause is told of, else the first that failed.
        (cause(), ["user@example.com", "user@example.net"], (), "example.com"),
        (
            cause(),
            ["user@example.com", "user@example.net"],
            (("user@example.net", (CERTIFICATE,)),),
            "example.net",
        ),
        (cause(), ["user@example.com", "user@example.net"], (("user@example.net", (SPF,)),), "example.com"),
        (cause(), ["user@example.com"], (("", (CERTIFICATE,)),), "example.com"),
        # Words that name one of these domains are about it, others only where nobody is named.
        (cause(domain="example.net"), ["user@example.com", "user@example.net"], (), "example.net"),
        (cause(domain="example.org"), ["user@example.com"], (), "example.com"),
        (cause(domain="example.org"), [], (), "example.org"),
        # What is no name of a domain is none.
        (cause(), ["postmaster", "user@[192.0.2.1]", "user@example.net"], (), "example.net"),
        # The host that failed, for want of better.
        (cause(host="mx.example.com"), [], (), "example.com"),
        (cause(host="example.com"), [], (), "example.com"),
        (cause(host="mx.mail.example.com"), [], (), "mx.mail.example.com"),
        (cause(host="192.0.2.1"), [], (), None),
        (cause(), [], (), None),
    ],
)
def test_the_domain_to_look_at_is_whose_fault_it_would_be(
    stated: StatedCause,
    recipients: list[str],
    by_recipient: tuple[tuple[str, tuple[str, ...]], ...],
    want: str | None,
) -> None:
    material = msgspec.structs.replace(BOUNCE, recipients=tuple(map(to, recipients)))
    assert told(material, stated, by_recipient=by_recipient).domain == want


def test_a_recipient_that_got_the_mail_is_not_looked_at() -> None:
    material = msgspec.structs.replace(
        BOUNCE, recipients=(to("a@example.com", Action.DELIVERED), to("b@example.net", Action.DELAYED))
    )
    assert told(material, cause()).domain == "example.net"


def test_a_domain_that_a_statement_is_about_or_calls_one_is_looked_at_where_no_recipient_failed() -> None:
    assert told(lines("words", recipient="user@Example.net"), cause()).domain == "example.net"
    assert told(lines('"domain":"example.org"'), cause()).domain == "example.org"
    assert told(lines("the domain example.org does not exist"), cause()).domain == "example.org"
    assert told(lines("the domain localhost does not exist"), cause()).domain is None
    assert told(lines("the domain controllers"), cause()).domain is None


def test_the_time_that_was_tried_is_from_the_first_moment_that_is_told_to_the_last() -> None:
    first, second, third = (OBSERVED_AT + timedelta(minutes=place) for place in range(3))
    tried = msgspec.structs.replace(BOUNCE, arrived=second, attempts=(first, third))
    got = told(tried, cause())
    assert (got.first_attempt, got.last_attempt, got.retried_s) == (first, third, 120)
    once = told(msgspec.structs.replace(BOUNCE, arrived=first), cause())
    assert (once.first_attempt, once.last_attempt, once.retried_s) == (first, first, None)
    never = told(BOUNCE, cause())
    assert (never.first_attempt, never.last_attempt, never.retried_s) == (None, None, None)
    said = told(msgspec.structs.replace(tried, delay_s=0), cause())
    assert said.retried_s == 0


def test_ten_codes_are_shown_each_once_and_none_of_what_is_no_mail() -> None:
    many = lines(*(f"550 5.7.{number} words" for number in (1, *range(1, CODES_SHOWN_MAX + 3))))
    want = tuple(f"550 5.7.{number}" for number in range(1, 11))
    assert told(many, cause()).codes == want
    assert told(msgspec.structs.replace(many, is_mail=False), cause()).codes == ()


def test_a_recipient_has_what_was_done_and_what_was_found_for_it() -> None:
    reported = to("a@example.com", status="5.7.1", diagnostic="550  5.7.1\n no")
    material = msgspec.structs.replace(BOUNCE, recipients=(reported, to("b@example.com", Action.UNSTATED)))
    got = told(
        material,
        cause(),
        by_recipient=(("a@example.com", (CERTIFICATE,)), ("c@example.com", (SPF,)), ("", (POLICY,))),
        other_by_recipient=(("b@example.com", "delayed"),),
    )
    assert got.recipients == (
        Recipient("a@example.com", "failed", "5.7.1", "550 5.7.1 no", (CERTIFICATE,)),
        Recipient("b@example.com", other="delayed"),
        Recipient("c@example.com", causes=(SPF,)),
    )


def test_the_next_command_has_the_names_of_the_text() -> None:
    material = msgspec.structs.replace(BOUNCE, recipients=(to("user@example.com"),))
    assert told(material, cause(POLICY)).next == ("mxproof check example.com",)
    by_address = told(material, cause(PTR, Side.RECEIVER, address="192.0.2.1")).next
    assert by_address == ("dig +short -x 192.0.2.1",)
    by_host = told(material, cause(PTR, Side.RECEIVER, host="192.0.2.7")).next
    assert by_host == ("dig +short -x 192.0.2.7",)


@pytest.mark.parametrize(
    ("stated", "placeholder"),
    [
        (cause(POLICY), "RECIPIENT-DOMAIN"),
        (cause(SPF, Side.RECEIVER), "SENDER-DOMAIN"),
        (cause(POLICY, Side.RECEIVER), "RECIPIENT-DOMAIN"),
        (cause(PTR, Side.RECEIVER), "ADDRESS"),
    ],
)
def test_a_name_that_is_not_known_stays_in_capitals_with_what_to_put_in(
    stated: StatedCause, placeholder: str
) -> None:
    (command,) = told(Material(form=MaterialForm.LINES), stated).next
    before, _, note = command.partition("  # ")
    assert placeholder in before
    assert note.startswith(f"{placeholder}: ")


def test_a_key_is_asked_for_by_the_selector_of_the_signature_where_there_is_one() -> None:
    header = msgspec.structs.replace(BOUNCE, form=MaterialForm.MESSAGE)
    without = told(header, cause(KEY, Side.RECEIVER)).next
    assert any("SELECTOR._domainkey.sender.example" in one and "# SELECTOR: " in one for one in without)
    signed = msgspec.structs.replace(header, signatures=(Signature("sender.example", "s1"),))
    with_one = told(signed, cause(KEY, Side.RECEIVER)).next
    assert any("s1._domainkey.sender.example" in one for one in with_one)
    assert not any("#" in one for one in with_one)


def test_three_commands_are_given_each_once() -> None:
    many = [cause(POLICY, domain=f"{name}.example") for name in "aabcde"]
    assert told(Material(form=MaterialForm.LINES), *many).next == tuple(
        f"mxproof check {name}.example" for name in "abc"
    )
    assert NEXT_MAX == 3


def test_a_sender_s_own_machine_is_not_sent_to_check_a_domain() -> None:
    assert told(Material(form=MaterialForm.LINES), cause(SPF, Side.SENDER)).next == ()
    assert told(Material(form=MaterialForm.LINES), cause(SPF, Side.RECEIVER)).next


@pytest.mark.parametrize(("host", "is_told"), [("", True), ("mail.protection.outlook.com", False)])
def test_a_command_of_one_mail_system_is_not_told_to_who_runs_another(host: str, *, is_told: bool) -> None:
    """`postconf` is Postfix's; where nothing tells which system reports, it is shown."""
    of_postfix = "postconf smtp_tls_policy_maps"
    got = told(msgspec.structs.replace(BOUNCE, reporting_host=host), cause("dane_required_unsigned"))
    assert (of_postfix in got.next) is is_told

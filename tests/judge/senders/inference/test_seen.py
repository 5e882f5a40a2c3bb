"""From what was noted to what became of each mail, and back to the sender."""

import msgspec
import pytest

from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.observation import SenderTest, read_test, write_test
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.judge.senders.inference.seen import cases_seen, inferred
from support_long import some, some_rows
from support_sendertest import domains, done, found_out, sent_by


@pytest.mark.parametrize("model", some(SENDERS[1:3], 2), ids=lambda model: model.id)
def test_a_sender_is_found_out_from_the_file_of_its_run_as_from_what_it_did(model: Traits) -> None:
    words = {trait: words_of(model, trait)[0] for trait in POSSIBLE}
    test = read_test(write_test(sent_by(done(words))))
    assert inferred(cases_seen(test)) == found_out(words)


def test_a_case_whose_domain_was_asked_for_and_got_no_mail_was_not_delivered_to() -> None:
    found = {one.case.id: one.fate for one in cases_seen(sent_by({"mx-unlisted": NOT_TAKEN}))}
    assert (found.pop("mx-unlisted"), set(found.values())) == (NOT_TAKEN, {None})


def test_a_case_that_this_release_does_not_know_is_passed_over() -> None:
    test = sent_by({"mx-unlisted": NOT_TAKEN})
    foreign = msgspec.structs.replace(test.cases[0], case="of-a-later-release")
    later = msgspec.structs.replace(test, cases=(foreign, *test.cases))
    assert cases_seen(later) == cases_seen(test)


GOT = MailFate(policy_got=True)


def slow(seen: MailFate) -> SenderTest:
    return sent_by({"policy-slow": seen})


def fate_of(test: SenderTest) -> MailFate | None:
    return next(one.fate for one in cases_seen(test) if one.case.id == "policy-slow")


@pytest.mark.parametrize("became", [GOT, NOT_TAKEN, MailFate("mx1", True)])
def test_whether_a_slow_policy_was_waited_for_is_told_of_mail_that_did_not_come(became: MailFate) -> None:
    host = domains()["policy-slow"].hosts[0].name
    met = msgspec.structs.replace(became, host=host) if became.host else became
    assert fate_of(slow(met)) == met


def test_while_a_policy_may_still_be_waited_for_nothing_is_known() -> None:
    assert fate_of(msgspec.structs.replace(slow(NOT_TAKEN), fetches=())) is None
    probed = tuple(msgspec.structs.replace(one, path="/") for one in slow(NOT_TAKEN).fetches)
    assert fate_of(msgspec.structs.replace(slow(NOT_TAKEN), fetches=probed)) is None


@pytest.mark.parametrize(
    ("wait", "given_up", "shown"),
    some_rows(
        [
            ("under 6 s", "absent", True),
            ("under 6 s", "deferred", True),
            ("6 to 15 s", "deferred", True),
            ("15 to 45 s", "absent", True),
            ("45 s or more", "absent", False),
            ("45 s or more", "deferred", False),
        ],
        2,
    ),
)
def test_how_long_a_policy_is_waited_for_is_found_out_and_what_is_done_then_of_whoever_gives_up(
    wait: str, given_up: str, shown: bool
) -> None:
    model = next(one for one in SENDERS if one.id == "rfc8461")
    words = {trait: words_of(model, trait)[0] for trait in POSSIBLE}
    found = inferred(cases_seen(sent_by(done(words | {"policy_wait_s": wait, "given_up": given_up}))))
    traits = {one.trait: one for one in found.shown}
    assert found.contradictions == ()
    assert traits["policy_wait_s"].words == (wait,)
    assert (traits["given_up"].is_shown, given_up in traits["given_up"].words) == (shown, True)

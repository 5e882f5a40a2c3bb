"""From what was noted to what became of each mail, and back to the sender."""

import msgspec
import pytest

from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.senders.inference.fate import NOT_TAKEN
from mxproof.judge.senders.inference.observation import read_test, write_test
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.judge.senders.inference.seen import cases_seen, inferred
from support_sendertest import done, found_out, sent_by


@pytest.mark.parametrize("model", SENDERS[1:3], ids=lambda model: model.id)
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

"""When a second mail to a domain that became another counts, and what became of it."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.held import AGAIN_COUNTS_AFTER_S
from mxproof.judge.senders.inference.observation import SeenConnection
from support_certificates import NOW
from support_sendertest import AGAIN_AT, again_at, seen_of, sent_twice


@pytest.mark.parametrize(
    ("after_s", "counts"), [(0, False), (AGAIN_COUNTS_AFTER_S - 1, False), (AGAIN_COUNTS_AFTER_S, True)]
)
def test_a_second_mail_that_comes_too_soon_says_nothing(after_s: int, *, counts: bool) -> None:
    found = seen_of(again_at(sent_twice("by-id"), NOW + timedelta(seconds=after_s)))
    assert (found.fate is not None) is counts


def test_where_the_first_mail_was_anothers_a_case_says_nothing() -> None:
    test = sent_twice("by-id")
    earlier = [msgspec.structs.replace(one, at=NOW - timedelta(seconds=1)) for one in test.changes]
    assert seen_of(msgspec.structs.replace(test, changes=tuple(earlier))).fate is None


def test_where_a_domain_did_not_change_a_case_says_nothing() -> None:
    assert seen_of(msgspec.structs.replace(sent_twice("by-id"), changes=())).fate is None


def test_a_second_mail_that_no_host_took_shows_itself_by_its_connections() -> None:
    test = sent_twice("by-id")
    refused = [_refused(one) if one.at == AGAIN_AT else one for one in test.connections]
    assert seen_of(msgspec.structs.replace(test, connections=tuple(refused))).fate == NOT_TAKEN


def _refused(connection: SeenConnection) -> SeenConnection:
    return msgspec.structs.replace(connection, headers=None)


def test_the_host_that_took_the_second_mail_is_what_counts() -> None:
    found = seen_of(sent_twice("by-id"))
    assert (found.fate, len(found.connections)) == (MailFate(found.domain.hosts[1].name, encrypted=True), 1)


def test_without_a_look_at_what_the_domain_became_a_case_says_nothing() -> None:
    assert seen_of(msgspec.structs.replace(sent_twice("by-id"), later=None)).fate is None


def test_where_no_mail_was_taken_at_all_a_case_says_nothing() -> None:
    test = sent_twice("by-id")
    refused = tuple(map(_refused, test.connections))
    assert seen_of(msgspec.structs.replace(test, connections=refused)).fate is None

"""What a running daemon makes of a domain that changes between two messages.

The first message is refused by a policy that lists no host of the domain; what becomes of the second tells which
policy was in force.
"""

import msgspec

from real.bed.delivery import TRUSTED, VERIFIED
from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.policyd import PolicyDaemon
from real.bed.postfix import Sender
from real.bed.town import MailDomain, Tlsa, Town
from real.policyd.asking import sent_by_all
from real.policyd.case import DANE_ONLY, NOT_FOUND, REFUSED, Deeds, alike, policy, secure
from real.policyd.worlds import changing, unlisted


class Turn(msgspec.Struct, frozen=True):
    """The reply and the deeds before a change, and after it."""

    reply_before: str
    before: Deeds
    reply_after: str
    after: Deeds


def _turn(
    place: Town,
    daemon: PolicyDaemon,
    senders: dict[str, Sender],
    before: MailDomain,
    after: MailDomain,
) -> Turn:
    """Publish `after` where `before` was seen, and return what was done."""
    reply_before = daemon.asked("postfix", before.name)
    first = sent_by_all(senders, f"first@{before.name}")
    place.publish(after)
    second = sent_by_all(senders, f"second@{before.name}")
    return Turn(reply_before, first, daemon.asked("postfix", before.name), second)


def _refused_before(domain: MailDomain, reply_after: str, after: Deeds) -> Turn:
    return Turn(secure(unlisted(domain)), REFUSED, reply_after, after)


def test_a_mended_policy_lets_the_next_message_go(
    place: Town, daemon: PolicyDaemon, senders: dict[str, Sender]
) -> None:
    before = changing("mended")
    after = msgspec.structs.replace(before, id="2", policy=policy(*before.mx))
    got = _turn(place, daemon, senders, before, after)
    assert got == _refused_before(before, secure(*before.mx), alike(VERIFIED))


def test_a_policy_set_to_none_lets_the_next_message_go(
    place: Town, daemon: PolicyDaemon, senders: dict[str, Sender]
) -> None:
    before = changing("retired")
    after = msgspec.structs.replace(before, id="2", policy=policy(unlisted(before), mode="none"))
    got = _turn(place, daemon, senders, before, after)
    assert got == _refused_before(before, NOT_FOUND, alike(TRUSTED))


def test_a_new_id_whose_policy_cannot_be_reached_leaves_the_old_policy_in_force(
    place: Town, daemon: PolicyDaemon, senders: dict[str, Sender]
) -> None:
    before = changing("unreachable")
    after = msgspec.structs.replace(before, id="2", policy_address=NAME_SERVER_MACHINE.ipv4)
    got = _turn(place, daemon, senders, before, after)
    assert got == _refused_before(before, secure(unlisted(before)), REFUSED)
    assert f"domain={before.name} fetch=sts-policy-fetch-error" in daemon.daemon.text()


def test_a_new_id_whose_policy_is_none_by_the_grammar_leaves_the_old_policy_in_force(
    place: Town, daemon: PolicyDaemon, senders: dict[str, Sender]
) -> None:
    before = changing("unpublished")
    after = msgspec.structs.replace(before, id="2", policy=b"<html>Not found</html>\n")
    got = _turn(place, daemon, senders, before, after)
    assert got == _refused_before(before, secure(unlisted(before)), REFUSED)
    assert f"domain={before.name} fetch=sts-policy-invalid" in daemon.daemon.text()


def test_a_record_that_vanishes_leaves_the_old_policy_in_force(
    place: Town, daemon: PolicyDaemon, senders: dict[str, Sender]
) -> None:
    before = changing("unrecorded")
    after = msgspec.structs.replace(before, id=None)
    got = _turn(place, daemon, senders, before, after)
    assert got == _refused_before(before, secure(unlisted(before)), REFUSED)


def test_tlsa_records_that_appear_take_over_from_the_policy(
    place: Town, daemon: PolicyDaemon, senders: dict[str, Sender]
) -> None:
    before = changing("secured")
    after = msgspec.structs.replace(before, tlsa=tuple(Tlsa(name, name) for name in before.mx))
    got = _turn(place, daemon, senders, before, after)
    assert got == _refused_before(before, DANE_ONLY, alike(VERIFIED))

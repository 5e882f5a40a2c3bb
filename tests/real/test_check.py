"""What `mxproof check` says of each world, and whether real Postfix senders then did what it had predicted."""

import email
import re
from collections import Counter

import msgspec
import pytest

from mxproof.formats.result_type import ResultType
from mxproof.judge.report import Attempt
from mxproof.judge.vocabulary import Security, Verdict
from real.bed.bed import Bed
from real.bed.checking import Checked
from real.bed.delivery import Delivery
from real.bed.machines import OBSERVER, receiving
from real.bed.postfix import DELIVERED_WITHIN_S
from real.bed.process import Daemon
from real.bed.senders import OPPORTUNISTIC, POSTFIX_CNAME, POSTFIX_DANE, POSTFIX_STS
from real.bed.worlds import RECIPIENT, Offer

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN
SENT, DEFERRED = "sent", "deferred"
MODELLED = (OPPORTUNISTIC, POSTFIX_DANE, POSTFIX_STS)
"""The senders of the bed that are modelled under the same name."""
MICROSOFT = "microsoft"
FATES = {SENT: {DELIVERS, AT_RISK}, DEFERRED: {REFUSED}}


class Verdicts(msgspec.Struct, frozen=True):
    """What is said of a world: the findings that are errors, and what fails for a sender by RFC 8461."""

    errors: set[str] = set()
    failures: set[ResultType] = set()


ALIAS = Verdicts({"mx-alias"})
UNLISTED = Verdicts({"sts-mx-unlisted"}, {ResultType.MX_MISMATCH})
EXPIRED = Verdicts({"cert-expired"}, {ResultType.CERTIFICATE_EXPIRED})
DISTRUSTED = Verdicts(
    {"cert-self-signed", "cert-not-yet-valid"},
    {ResultType.CERTIFICATE_NOT_TRUSTED, ResultType.VALIDATION_FAILURE},
)
NO_STARTTLS = {ResultType.STARTTLS_NOT_SUPPORTED}
MISNAMED = {ResultType.CERTIFICATE_HOST_MISMATCH}
VERDICTS = {
    "incident": ALIAS,
    "half-fixed": ALIAS,
    "half-fixed-cert": ALIAS,
    "fixed": Verdicts(),
    "direct": Verdicts(),
    "testing": Verdicts(failures={ResultType.CERTIFICATE_EXPIRED}),
    "expired": EXPIRED,
    "untrusted": DISTRUSTED,
    "first-misnamed": Verdicts({"cert-name-mismatch"}, MISNAMED),
    "first-closed": Verdicts({"smtp-unreachable"}),
    "no-starttls": Verdicts({"starttls-missing"}, NO_STARTTLS),
    "starttls-refused": Verdicts({"starttls-rejected"}, NO_STARTTLS),
    "no-handshake": Verdicts({"tls-handshake-failed"}, {ResultType.VALIDATION_FAILURE}),
    "unlisted": UNLISTED,
    "unlisted-but-named": UNLISTED,
    "wildcard-depth": UNLISTED,
    "disowned": Verdicts({"dnssec-bogus"}),
    "dane": Verdicts(),
    "dane-mismatch": Verdicts({"dane-mismatch"}),
    "dane-unsigned": Verdicts(),
    "dane-expired": EXPIRED,
    "dane-anchor": Verdicts({"cert-name-mismatch", "dane-cert-name"}, MISNAMED),
    "dane-unusable": DISTRUSTED,
    "dane-unanswered": Verdicts({"dane-lookup-failed"}),
    "dane-at-target": ALIAS,
    "dane-at-alias": ALIAS,
    "dane-at-provider": Verdicts({"dane-mismatch"}),
}
KEPT_BACK = {"dane-unanswered"}
"""Where an answer that is needed does not come. A bogus answer is one."""


def test_a_world_has_the_errors_that_are_written(bed: Bed, check: Checked) -> None:
    want = VERDICTS[bed.world.name].errors
    assert (check.codes("error"), check.status) == (want, 1 if want else 0)


def test_the_result_types_are_those_that_are_written(bed: Bed, check: Checked) -> None:
    found = {attempt.result_type for attempt in check.sender("rfc8461").attempts} - {None}
    assert found == VERDICTS[bed.world.name].failures


def test_something_is_unknown_only_where_the_world_keeps_it_back(bed: Bed, check: Checked) -> None:
    assert bool(check.report.unknowns) == (bed.world.name in KEPT_BACK)


def test_whatever_is_a_reason_is_a_finding(check: Checked) -> None:
    assert {code for sender in check.report.senders for code in sender.because} <= check.codes()


OTHERWISE = {
    # The senders of the bed ask a resolver that validates; of others it is not known whether theirs does.
    ("disowned", OPPORTUNISTIC): (UNKNOWN, DEFERRED),
    ("disowned", POSTFIX_STS): (UNKNOWN, DEFERRED),
    # In clear text, but in a later attempt only: test_senders.py.
    ("no-handshake", OPPORTUNISTIC): (DELIVERS, DEFERRED),
    ("no-handshake", POSTFIX_DANE): (DELIVERS, DEFERRED),
}


@pytest.mark.parametrize("sender", MODELLED)
def test_mail_fares_as_predicted(
    bed: Bed, check: Checked, deliveries: dict[str, Delivery], sender: str
) -> None:
    _assert_as_predicted(check, sender, deliveries[sender], OTHERWISE.get((bed.world.name, sender)))


BESIDE_MICROSOFT = {
    # The Postfix that judges the name behind the CNAME has no policy, in which a name could be missing ...
    "half-fixed-cert": (REFUSED, SENT),
    "unlisted": (REFUSED, SENT),
    "unlisted-but-named": (REFUSED, SENT),
    "wildcard-depth": (REFUSED, SENT),
    # ... or which could be in mode testing ...
    "testing": (DELIVERS, DEFERRED),
    # ... and does not use DANE. Whether Microsoft judges names beside DANE is not documented.
    "dane-mismatch": (REFUSED, SENT),
    "dane-unanswered": (REFUSED, SENT),
    "dane-expired": (AT_RISK, DEFERRED),
    "dane-at-target": (AT_RISK, DEFERRED),
    "dane-at-alias": (AT_RISK, DEFERRED),
}


def test_microsoft_is_predicted_like_a_sender_that_judges_the_name_behind_the_alias(
    bed: Bed, check: Checked, deliveries: dict[str, Delivery]
) -> None:
    _assert_as_predicted(check, MICROSOFT, deliveries[POSTFIX_CNAME], BESIDE_MICROSOFT.get(bed.world.name))


def _assert_as_predicted(
    check: Checked, sender: str, delivery: Delivery, otherwise: tuple[Verdict, str] | None
) -> None:
    predicted = check.sender(sender).outcome
    if otherwise is not None:
        assert (predicted, delivery.status) == otherwise
    else:
        assert predicted in FATES[delivery.status], delivery.log


def test_a_session_is_protected_as_predicted(check: Checked, deliveries: dict[str, Delivery]) -> None:
    levels = {name: deliveries[name].level for name in MODELLED if deliveries[name].status == SENT}
    assert {name: check.sender(name).security for name in levels} == {
        name: _security(name, level) for name, level in levels.items()
    }


def _security(sender: str, level: str) -> Security:
    match level:
        case "Verified":
            return Security.DANE if sender == POSTFIX_DANE else Security.MTA_STS
        case "Trusted" | "Untrusted":
            return Security.OPPORTUNISTIC
        case _:
            return Security.NONE


@pytest.mark.parametrize("sender", MODELLED)
def test_each_address_takes_mail_or_not_as_predicted(
    bed: Bed, check: Checked, deliveries: dict[str, Delivery], sender: str
) -> None:
    delivery = deliveries[sender]
    took = {session.address: False for session in delivery.sessions}
    if delivery.address and (bed.world.name, sender) not in OTHERWISE:
        took[delivery.address] = delivery.status == SENT
    predicted = {one.address: one.outcome is DELIVERS for one in check.sender(sender).attempts}
    assert {address: predicted.get(address) for address in took} == took


@pytest.mark.parametrize("sender", [POSTFIX_DANE, POSTFIX_STS])
def test_the_words_of_a_refusal_are_those_predicted(
    bed: Bed, check: Checked, deliveries: dict[str, Delivery], sender: str
) -> None:
    bounce = check.sender(sender).bounce
    delivery = deliveries[sender]
    if bounce is None:
        assert delivery.status == SENT or bed.world.name in {"disowned", "no-handshake"}
        return
    got = (f"{delivery.dsn} {delivery.text}", _final_words(bed.senders[sender].bounce()))
    assert tuple(map(_anywhere, got)) == (_anywhere(bounce.transient or ""), _anywhere(bounce.final or ""))


def _final_words(notice: bytes) -> str:
    """Return the status code of a notice of failure, and what it says to people."""
    parts = list(email.message_from_bytes(notice).walk())
    fields = next(part for part in parts if part["Final-Recipient"] is not None)
    assert fields["Action"] == "failed"
    said = next(part for part in parts if part["Content-Description"] == "Notification").get_payload()
    words = str(said).partition(f"<{RECIPIENT}>: ")[2]
    return f"{fields['Status']} {' '.join(words.split())}"


def _anywhere(words: str) -> str:
    """Leave out the address, for Postfix tries those of a host in any order."""
    return re.sub(r"\[[0-9a-f.:]+]", "[]", words)


UNLISTED_WORDS = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
MISNAMED_WORDS = (
    "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)"
)
STORY = {
    "incident": (UNLISTED_WORDS, UNLISTED_WORDS.replace("451 4.", "550 5."), 86_400),
    "half-fixed": (MISNAMED_WORDS, MISNAMED_WORDS.replace("451 4.", "550 5."), 86_400),
    "half-fixed-cert": (UNLISTED_WORDS, UNLISTED_WORDS.replace("451 4.", "550 5."), 86_400),
    "fixed": None,
    "direct": None,
}


def test_the_story_has_the_bounces_that_its_administrator_got(bed: Bed, check: Checked) -> None:
    bounce = check.sender(MICROSOFT).bounce
    got = None if bounce is None else (bounce.transient, bounce.final, bounce.after_s)
    assert got == STORY.get(bed.world.name, got)


def test_every_address_of_every_host_is_tried(bed: Bed, check: Checked) -> None:
    """Whoever judges nothing has an attempt at each."""
    everywhere = {
        (exchange.mx, exchange.preference, address)
        for exchange, machine in receiving(bed.world).items()
        for address in (machine.ipv4, machine.ipv6)
        if not bed.world.disowned
    }
    assert {_place(attempt) for attempt in check.sender(OPPORTUNISTIC).attempts} == everywhere


def _place(attempt: Attempt) -> tuple[str, int, str | None]:
    return attempt.mx, attempt.preference, attempt.address


DIALOGUES = {
    Offer.TLS: "ehlo=2 starttls=1 quit=1 commands=4",
    Offer.CLEAR: "ehlo=1 quit=1 commands=2",
    Offer.REFUSAL: "ehlo=1 starttls=0/1 quit=1 commands=2/3",
    Offer.NO_HANDSHAKE: "ehlo=1 starttls=0/1 commands=1/2",
}
"""All that Postfix counts of a client's commands; MAIL, RCPT and DATA would be among them."""


def test_a_check_begins_no_mail_and_takes_its_leave(bed: Bed, check: Checked) -> None:
    for exchange, machine in receiving(bed.world).items():
        if exchange.offer is not Offer.NOTHING:
            names = {exchange.mx, exchange.host}
            each = 0 if bed.world.disowned else len(names)
            want = Counter({(address, DIALOGUES[exchange.offer]): each for address in _OBSERVER_ADDRESSES})
            assert _dialogues(bed.receivers[machine], want.total()) == +want


_OBSERVER_ADDRESSES = (OBSERVER.ipv4, OBSERVER.ipv6)


def _dialogues(receiver: Daemon, count: int) -> Counter[tuple[str, str]]:
    """Wait until the receiver has written of so many dialogues with the observer, and return all of them."""
    pattern = rf"disconnect from {re.escape(OBSERVER.host)}\[([^]]+)] (.*)"
    receiver.await_line(re.compile(rf"(?s:(?:{pattern}\n.*?){{{count}}})"), DELIVERED_WITHIN_S)
    return Counter((address, counts) for address, counts in re.findall(pattern, receiver.text()))

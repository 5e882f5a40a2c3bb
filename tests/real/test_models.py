"""Whether real senders do what their models foretell, in every world."""

import os
from collections.abc import Iterator

import pytest

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.memory import LevelMemory, SessionLevel
from real.models.bench import (
    CHASQUID,
    COURIER,
    EXIM_WITHOUT_AD,
    HARAKA,
    MODELS,
    SENDMAIL,
    Bench,
    bench,
)
from real.models.case import World
from real.models.fate import Fate, Outcome
from real.models.foretold import foretold, observed
from real.models.rooted import HARAKA_FOLDER, TRIXIE
from real.models.worlds import REMEMBERED, WORLDS

WORLDS_MIN = 40
AGREEING = {
    Outcome.SENT: {Verdict.DELIVERS, Verdict.AT_RISK},
    Outcome.DEFERRED: {Verdict.REFUSED},
    Outcome.BOUNCED: {Verdict.REFUSED},
}
"""Mail at risk is mail that finds a way beside one that is closed, unless a deviation says otherwise."""
SILENT = {CHASQUID, COURIER, HARAKA}
"""Senders that do not say of a session whether a policy vouched for it."""

DEVIATIONS: dict[tuple[str, str], tuple[Verdict, Outcome]] = {
    # Where every address refuses, a check cannot tell a closed port from one that is closed to itself.
    **{(sender, "closed"): (Verdict.UNKNOWN, Outcome.DEFERRED) for sender in MODELS},
    # All senders here ask a resolver that validates; of those without DANE it is not known whether theirs does.
    **{(sender, "disowned"): (Verdict.UNKNOWN, Outcome.DEFERRED) for sender in (CHASQUID, COURIER, HARAKA)},
    # Go before 1.25 refuses an answer with an address in it (net.LookupMX), and Debian builds with an older one.
    (CHASQUID, "literal"): (Verdict.AT_RISK, Outcome.BOUNCED),
    (CHASQUID, "literal-beside"): (Verdict.AT_RISK, Outcome.BOUNCED),
    # It reads the first ten kilobytes (internal/sts/sts.go); evidence keeps nothing of what is too long.
    (CHASQUID, "text-huge"): (Verdict.UNKNOWN, Outcome.DEFERRED),
    # It tries one host in each attempt: its log has the second one, and success, when it comes back to the message.
    (COURIER, "first-misnamed"): (Verdict.AT_RISK, Outcome.DEFERRED),
    (COURIER, "ipv6-misnamed"): (Verdict.AT_RISK, Outcome.DEFERRED),
    # wget takes a common name of a policy host (GnuTLS); what a check keeps of such a host is no policy.
    (COURIER, "served-common-name"): (Verdict.DELIVERS, Outcome.BOUNCED),
    # It remembers that STARTTLS fails, to come in clear text later, in Redis only (outbound/tls.js).
    **{
        (HARAKA, label): (Verdict.DELIVERS, Outcome.DEFERRED)
        for label in (
            *("starttls-refused", "open-starttls-refused", "no-handshake", "open-no-handshake"),
            *("old-tls", "open-old-tls"),
        )
    },
    # OpenSSL finds the key that the record holds; Sendmail delivers, and calls the session no more than encrypted.
    (SENDMAIL, "anchor-unsent-whole-key"): (Verdict.DELIVERS, Outcome.SENT),
    # Of senders without MTA-STS and DANE some throw away what comes in the clear behind the 220 to STARTTLS, and some do not.
    **{
        (HARAKA, label): (Verdict.AT_RISK, Outcome.DEFERRED)
        for label in ("ahead-of-tls", "open-ahead-of-tls")
    },
    # Of senders without MTA-STS and DANE some come again in clear text, as Postfix does, and some do not.
    **{(HARAKA, label): (Verdict.AT_RISK, Outcome.DEFERRED) for label in ("cut", "open-cut")},
    # It takes the null MX for this machine and hands the message to itself.
    (HARAKA, "null-beside"): (Verdict.AT_RISK, Outcome.SENT),
}


@pytest.fixture(scope="module")
def tried(host: None) -> Iterator[Bench]:
    """Let every sender send into every world, once.

    They come from a release and a registry that not every machine gets at; where CI is set they have to be there.
    """
    missing = [str(folder) for folder in (TRIXIE, HARAKA_FOLDER) if not folder.is_dir()]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"{missing} not found; tools/install-senders, run as root, makes them")
    assert missing == [], f"{missing} not found; run tools/install-senders as root"
    with bench(WORLDS, [REMEMBERED]) as made:
        yield made


@pytest.mark.parametrize("sender", MODELS)
def test_a_sender_does_in_each_world_what_its_model_foretells(tried: Bench, sender: str) -> None:
    found = {
        world.label: (delivery.outcome, fate.outcome, delivery.security, fate.security, fate.words)
        for world in WORLDS
        for delivery, fate in (_pair(tried, sender, world),)
        if not _agree(sender, delivery, fate)
    }
    want = {label: fates for (one, label), fates in DEVIATIONS.items() if one == sender}
    assert {label: each[:2] for label, each in found.items()} == want, found


def test_there_are_enough_worlds() -> None:
    assert len(WORLDS) >= WORLDS_MIN


def test_what_a_sender_calls_sent_was_taken_by_a_receiver(tried: Bench) -> None:
    unlike = {
        (sender, label): (fate.outcome, fate.address)
        for sender, fates in tried.fates.items()
        for label, fate in fates.items()
        if fate.outcome is Outcome.SENT and fate.address is None
    }
    assert unlike == {(HARAKA, "null-beside"): (Outcome.SENT, None)}


def test_exim_without_trust_ad_in_its_resolv_conf_does_not_use_dane(tried: Bench) -> None:
    """The C library takes the AD bit out of answers there (resolv.conf(5), glibc 2.31)."""
    with_tlsa = [world.label for world in WORLDS if world.tlsa and world.label != "dane-expired"]
    fates = {label: tried.fates[EXIM_WITHOUT_AD][label] for label in with_tlsa}
    assert {(fate.outcome, fate.security is Security.DANE) for fate in fates.values()} == {
        (Outcome.SENT, False)
    }


def test_chasquid_remembers_how_well_sessions_were_secured(tried: Bench) -> None:
    """The host offers STARTTLS until it has taken a message."""
    before = observed(tried.ground, [REMEMBERED])[REMEMBERED.label]
    first = tried.again(CHASQUID, REMEMBERED)
    after = observed(tried.ground, [REMEMBERED])[REMEMBERED.label]
    second = tried.again(CHASQUID, REMEMBERED)
    memories = (LevelMemory(SessionLevel.VERIFIED),)
    got = [
        (foretold(before, MODELS[CHASQUID]).outcome, first.outcome),
        (foretold(after, MODELS[CHASQUID]).outcome, None),
        (foretold(after, MODELS[CHASQUID], memories).outcome, second.outcome),
    ]
    assert got == [
        (Verdict.DELIVERS, Outcome.SENT),
        (Verdict.DELIVERS, None),
        (Verdict.AT_RISK, Outcome.DEFERRED),
    ]


def _pair(tried: Bench, sender: str, world: World) -> tuple[Delivery, Fate]:
    return foretold(tried.evidence[world.label], MODELS[sender]), tried.fates[sender][world.label]


def _agree(sender: str, delivery: Delivery, fate: Fate) -> bool:
    if delivery.outcome not in AGREEING[fate.outcome]:
        return False
    if fate.outcome is not Outcome.SENT:
        return True
    if sender in SILENT:
        return (delivery.security is Security.NONE) == (fate.security is Security.NONE)
    return delivery.security is fate.security

"""Whether real senders do what their models foretell, in every world.

With MXPROOF_PREDICTIONS=data/predictions what they did is kept there, of which `tools/predictions.py` makes a page.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.memory import LevelMemory, SessionLevel
from real.bed.edition import NEWER
from real.models.bench import (
    CHASQUID,
    EXIM_WITHOUT_AD,
    HARAKA,
    MODELS,
    Bench,
    bench,
)
from real.models.case import World
from real.models.classic_daemon import CLASSIC_FOLDER
from real.models.deviations import DEVIATIONS, agree
from real.models.fate import Fate, Outcome
from real.models.foretold import foretold, observed
from real.models.kept import keep
from real.models.rooted import HARAKA_FOLDER, TRIXIE
from real.models.software import software
from real.models.worlds import REMEMBERED, WORLDS

WORLDS_MIN = 120


@pytest.fixture(scope="module")
def tried(host: None) -> Iterator[Bench]:
    """Let every sender send into every world, once.

    They come from a release and a registry that not every machine gets at; where CI is set they have to be there.
    """
    needed = (NEWER.root, TRIXIE, HARAKA_FOLDER, CLASSIC_FOLDER)
    missing = [str(folder) for folder in needed if not folder.is_dir()]
    if missing and not os.environ.get("CI"):
        pytest.skip(
            f"{missing} not found; tools/install-senders and tools/install-postfix310, run as root, make them"
        )
    assert missing == [], (
        f"{missing} not found; run tools/install-senders and tools/install-postfix310 as root"
    )
    with bench(WORLDS, [REMEMBERED]) as made:
        if folder := os.environ.get("MXPROOF_PREDICTIONS"):
            keep(Path(folder), software(), made.fates, made.evidence)
        yield made


@pytest.mark.parametrize("sender", MODELS)
def test_a_sender_does_in_each_world_what_its_model_foretells(tried: Bench, sender: str) -> None:
    found = {
        world.label: (delivery.outcome, fate.outcome, delivery.security, fate.security, fate.words)
        for world in WORLDS
        for delivery, fate in (_pair(tried, sender, world),)
        if not agree(sender, delivery, fate.outcome, fate.security)
    }
    want = {label: (each.foretold, each.done) for (one, label), each in DEVIATIONS.items() if one == sender}
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

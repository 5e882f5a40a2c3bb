"""Every model held against what real senders did in every world when they were run last."""

import pytest

from real.models.bench import MODELS
from real.models.deviations import DEVIATIONS, agree
from real.models.kept import domains, fates, foretold
from real.models.worlds import WORLDS


@pytest.mark.parametrize("sender", MODELS)
def test_a_model_foretells_what_was_done_or_it_is_written_down_why_not(sender: str) -> None:
    found = {
        one.world: (delivery.outcome, one.outcome)
        for one in fates()[1]
        if one.sender == sender
        for delivery in (foretold()[one.sender, one.world],)
        if not agree(sender, delivery, one.outcome, one.security)
    }
    want = {label: (each.foretold, each.done) for (one, label), each in DEVIATIONS.items() if one == sender}
    assert found == want


def test_every_sender_was_tried_in_every_world() -> None:
    labels = {world.label for world in WORLDS}
    tried = {(one.sender, one.world) for one in fates()[1]}
    assert (set(domains()), tried) == (labels, {(sender, label) for sender in MODELS for label in labels})


def test_every_sender_has_its_release_written_down() -> None:
    assert fates()[0].software.keys() == MODELS.keys()

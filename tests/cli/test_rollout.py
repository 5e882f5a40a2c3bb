"""Whoever drives roll-outs: which are under way, and what is paused where something is taken back."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.rollout import kept_rollouts, rollout_driver, rollouts_under_way, undone
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import Rollout, RolloutAim, RolloutStage, encoded_rollout
from mxproof.publish.rollout_evidence import RolloutSources
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.serve.publish.config import PublicationOptions, PublishConfig, RolloutOptions
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollout_journal import RolloutJournal
from support_new_store import new_store
from support_publication import DOMAIN, bare, policy
from support_rollout import RolledWorld

AT = datetime(2026, 3, 2, tzinfo=UTC)
WAY_IN = Rollout("a.example", RolloutAim.ENFORCE, RolloutStage.TESTING, AT)
OVER = Rollout("b.example", RolloutAim.ENFORCE, RolloutStage.ENFORCE_MONTHS, AT)


def config_in(folder: Path, reports: str = "") -> PublishConfig:
    (folder / "policies").mkdir()
    new_store(folder)
    return PublishConfig(
        folder=f"{folder}/policies",
        publication=PublicationOptions(store=f"sqlite:{folder}/journal.db"),
        rollout=RolloutOptions(reports=reports),
    )


def test_those_are_under_way_that_are_kept_and_not_over(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    journal = Journal(config.publication.store)
    for one in (WAY_IN, OVER):
        RolloutJournal(journal).keep(one.domain, encoded_rollout(one), AT)
    assert kept_rollouts(journal, ("c.example", "b.example", "a.example")) == {
        "b.example": OVER,
        "a.example": WAY_IN,
    }
    journal.close()
    assert rollouts_under_way(config) == ("a.example",)


@pytest.mark.parametrize("store", ["", "reports.db"])
def test_reports_are_read_in_the_store_that_is_named_or_in_that_of_publications(
    tmp_path: Path, store: str
) -> None:
    config = config_in(tmp_path, f"sqlite:{tmp_path}/{store}" if store else "")
    with rollout_driver(config, AskingOptions(lab="ns-clean"), OutputOptions()) as made:
        assert isinstance(made._view, RolloutSources)
        assert made._view.reports._place.where == f"{tmp_path}/{store or 'journal.db'}"


PAUSED = (
    f"mxproof: {DOMAIN}: its roll-out is paused; `mxproof publish rollout {DOMAIN} --continue` has it go on\n"
)


@pytest.mark.parametrize(
    ("rollout", "dry", "end", "said"),
    [
        (WAY_IN, False, PublicationEnd.DONE, PAUSED),
        (msgspec.structs.replace(WAY_IN, paused=True), True, PublicationEnd.PLANNED, ""),
        (OVER, False, PublicationEnd.DONE, ""),
        (None, False, PublicationEnd.DONE, ""),
    ],
)
def test_where_what_was_published_is_taken_back_a_rollout_is_paused_and_that_is_said(
    tmp_path: Path,
    first: RolledWorld,
    capsys: pytest.CaptureFixture[str],
    rollout: Rollout | None,
    *,
    dry: bool,
    end: PublicationEnd,
    said: str,
) -> None:
    rolled = first.copied(tmp_path)
    if rollout is not None:
        kept = encoded_rollout(msgspec.structs.replace(rollout, domain=DOMAIN))
        RolloutJournal(rolled._journal()).keep(DOMAIN, kept, AT)
    assert undone(rolled._driver(), DOMAIN, "", dry=dry).end is end
    assert capsys.readouterr().err == said


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> RolledWorld:
    """Return a domain of which two policies were published, one after the other."""
    rolled = RolledWorld(bare(tmp_path_factory.mktemp("published")))
    for mode in ("testing", "none"):
        rolled.world.publisher().apply(DOMAIN, WantedPolicy(policy(mode)), WantedOf())
    return rolled

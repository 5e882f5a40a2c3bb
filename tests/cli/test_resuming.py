"""What is unfinished of all that `publish` alters: what is found in the store, what is said of it, and which rollovers are gone on with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli import resuming
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.resuming import Unfinished, resumed_rollovers, tell_of_others, unfinished
from mxproof.cli.rollover import Rolling
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import Rollout, RolloutAim, RolloutStage, encoded_rollout
from mxproof.publish.rollover import Rollover, Stage, encoded_rollover
from mxproof.publish.rollover_permission import RolloverLooks
from mxproof.publish.tlsa_publication import TlsaPublication
from mxproof.publish.told_rollover import ToldRollover
from mxproof.serve.publish.config import PublicationOptions, PublishConfig
from mxproof.serve.publish.config_certificates import AcmeOptions, DeployOptions
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication import PublicationState
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollout_journal import RolloutJournal
from mxproof.store.journal.rollover_journal import RolloverJournal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from support_certificates import INTERMEDIATE
from support_new_store import new_store
from support_publication_journal import new
from support_rollover import DOMAIN, KEPT_S, MX1, NEW, RolledWorld, lineage, shown

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
CHAIN = (shown(NEW).der, INTERMEDIATE.der)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    new_store(tmp_path)
    opened = Journal(f"sqlite:{tmp_path}/journal.db")
    yield opened
    opened.close()


@pytest.fixture
def config(tmp_path: Path) -> PublishConfig:
    return PublishConfig(publication=PublicationOptions(store=f"sqlite:{tmp_path}/journal.db"))


def begun(journal: Journal) -> None:
    """Leave something of everything unfinished, and something finished beside it."""
    publications, rollovers, rollouts = (
        PublicationJournal(journal),
        RolloverJournal(journal),
        RolloutJournal(journal),
    )
    for domain in ("a.example", "b.example"):
        publications.begin(new(domain), AT)
    publications.end(publications.begin(new("over.example"), AT).number, PublicationState.DONE, AT)
    for host, domains in (("mx1.example", ("a.example", "c.example")), ("mx2.example", ("b.example",))):
        rollovers.begin(host, encoded_rollover(Rollover((host,), domains, CHAIN)), "", AT)
    for domain, stage in (
        ("a.example", RolloutStage.TESTING),
        ("over.example", RolloutStage.ENFORCE_MONTHS),
    ):
        rollouts.keep(domain, encoded_rollout(Rollout(domain, RolloutAim.ENFORCE, stage, AT)), AT)
    WantedCertificateJournal(journal).want(["mta-sts.a.example", "mta-sts.b.example"], AT)


def test_nothing_is_unfinished_in_an_empty_store(journal: Journal, config: PublishConfig) -> None:
    journal.open()
    assert unfinished(config, ()) == Unfinished((), ())


def test_what_is_unfinished_is_found_of_all_where_none_is_named(
    journal: Journal, config: PublishConfig
) -> None:
    begun(journal)
    want = Unfinished(("a.example", "b.example"), ("mx1.example", "mx2.example"), ("a.example",))
    assert unfinished(config, ()) == want
    ordering = PublishConfig(
        publication=config.publication, acme=AcmeOptions(directory="https://acme.example/directory")
    )
    assert unfinished(ordering, ()) == Unfinished(want.domains, want.hosts, want.rollouts, 2)


def test_of_domains_that_are_named_their_publications_and_rollovers_are_found(
    journal: Journal, config: PublishConfig
) -> None:
    begun(journal)
    assert unfinished(config, ("b.example", "over.example")) == Unfinished(("b.example",), ("mx2.example",))
    assert unfinished(config, ("c.example", "a.example")) == Unfinished(("a.example",), ("mx1.example",))


def test_which_commands_go_on_with_the_rest_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    tell_of_others(Unfinished(("a.example",), ("mx1.example",)))
    assert capsys.readouterr().err == ""
    tell_of_others(Unfinished((), (), ("a.example", "b.example"), 3))
    assert capsys.readouterr().err == (
        "mxproof: roll-outs under way: 2; `mxproof publish rollout` makes the step that is due\n"
        "mxproof: certificates to be ordered: 3; `mxproof publish certificates` orders them\n"
    )


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RolledWorld:
    """Return the world that is rolled in, in the place of the real one."""
    made = RolledWorld(tmp_path)
    made.world = made.world.zone_with("example.com MX 10 mx1.example.com")

    @contextmanager
    def rolling(*_: object) -> Iterator[Rolling]:
        yield Rolling(made.deployment(), publication(made))

    monkeypatch.setattr(resuming, "rolling", rolling)
    return made


def publication(world: RolledWorld) -> TlsaPublication:
    journal = world.journal()
    return TlsaPublication(world.roller(journal), journal, RolloverLooks(world.look, world.arriving))


def resumed(*hosts: str, deploy: tuple[DeployOptions, ...] = ()) -> list[ToldRollover]:
    return resumed_rollovers(PublishConfig(deploy=deploy), AskingOptions(), OutputOptions(), hosts)


def begin(world: RolledWorld, file: str) -> None:
    """Begin a rollover of which no record comes and none goes."""
    world.journal().begin(MX1, encoded_rollover(Rollover((MX1,), (DOMAIN,), CHAIN, file)), "", AT)


def test_a_rollover_whose_file_another_server_has_is_told_and_left_to_it(
    world: RolledWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(world, "/etc/mx1.pem")
    (told,) = resumed(MX1)
    assert (told.host, told.end, told.file) == (MX1, PublicationEnd.WAITING, "/etc/mx1.pem")
    assert capsys.readouterr().err == (
        f"mxproof: {MX1}: /etc/mx1.pem is swapped by `mxproof publish deploy` "
        "where a [[deploy]] of the configuration has it\n"
    )


def test_a_rollover_whose_file_this_server_has_is_gone_on_with(
    world: RolledWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lineage(tmp_path, shown(NEW))
    deploy = DeployOptions(
        names=(MX1,), domains=(DOMAIN,), lineage=str(tmp_path), file=str(world.file), kept_s=KEPT_S
    )
    (told,) = resumed(MX1, deploy=(deploy,))
    assert (told.host, told.stage, told.file) == (MX1, Stage.WAIT, str(world.file))
    assert capsys.readouterr().err == ""


def test_a_rollover_that_swaps_no_file_is_gone_on_with_and_nothing_is_said_of_it(
    world: RolledWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    begin(world, "")
    (told,) = resumed("mx2.example.com", MX1)
    assert (told.host, told.stage, told.file) == (MX1, Stage.INSTALL, "")
    assert capsys.readouterr().err == ""

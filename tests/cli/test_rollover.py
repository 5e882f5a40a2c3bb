"""Whoever rolls certificates, made of the configuration: which servers there are, what is wrong with one, and how it is looked."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.rollover import DeployedServer, _looks, authorities_in, deployed_servers
from mxproof.evidence import Der
from mxproof.publish.rollover_making import ServerOfMail
from mxproof.serve.publish.config_certificates import DeployOptions
from support_certificates import INTERMEDIATE, ROOT

OPTIONS = DeployOptions(
    names=("MX1.example.com",),
    domains=("Example.com",),
    file="/etc/mail/chain.pem",
    lineage="/etc/live/mx1.example.com",
    reload=("reload", "now"),
    kept_s=7,
)


@pytest.fixture
def authorities(tmp_path: Path) -> tuple[str, str]:
    """Return files with an authority, and with that and another one."""
    root, other = (one.certificate.public_bytes(Encoding.PEM) for one in (ROOT, INTERMEDIATE))
    (tmp_path / "one.pem").write_bytes(root)
    (tmp_path / "both.pem").write_bytes(root + other)
    return f"{tmp_path}/one.pem", f"{tmp_path}/both.pem"


def test_a_server_is_what_the_configuration_says_of_it(authorities: tuple[str, str]) -> None:
    options = msgspec.structs.replace(OPTIONS, authorities=authorities)
    server = ServerOfMail(
        hosts=("mx1.example.com",),
        domains=("example.com",),
        file="/etc/mail/chain.pem",
        authorities=(Der(ROOT.der), Der(INTERMEDIATE.der)),
        kept_s=7,
    )
    assert deployed_servers((options,)) == (
        DeployedServer(server, Path("/etc/live/mx1.example.com"), ("reload", "now")),
    )


def test_an_authority_that_is_in_several_files_is_one(authorities: tuple[str, str]) -> None:
    assert authorities_in(authorities) == (Der(ROOT.der), Der(INTERMEDIATE.der))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"names": ()}, "deploy[1]: at least one of `names` and one of `domains` was expected"),
        ({"domains": ()}, "deploy[1]: at least one of `names` and one of `domains` was expected"),
        ({"names": ("mx1",)}, "deploy[1]: "),
        ({"authorities": ("/nowhere/ca.pem",)}, "deploy[1].authorities: /nowhere/ca.pem"),
    ],
)
def test_a_server_that_is_not_what_it_should_be_is_named_by_its_place(
    fields: dict[str, object], said: str
) -> None:
    with pytest.raises(RunError) as raised:
        deployed_servers((OPTIONS, msgspec.structs.replace(OPTIONS, **fields)))
    assert (raised.value.status, str(raised.value)[: len(said)]) == (USAGE, said)


def test_each_look_asks_the_name_servers_anew_and_keeps_where_they_are() -> None:
    with _looks(AskingOptions(lab="ns-clean")) as (looks, _):
        first, second = (looks.served("example.com", ("mx1.example.com",)) for _ in range(2))
    kept = {one for one, answer in first.answers.items() if second.answers[one] is answer}
    assert kept == {one for one in first.answers if not one.server}
    assert {bool(one.server) for one in first.answers} == {True, False}

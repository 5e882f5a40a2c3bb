"""Every key of the configuration arrives where it belongs, on its way to the settings and from them to the answers."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.judge.senders.protection import Rules
from mxproof.net.asking import Asking, Peer
from mxproof.net.roots import roots_from, system_roots
from mxproof.serve.daemon.config import UnixOptions, UnixPath
from mxproof.serve.policyd.answer_settings import ANSWERED_WITHIN_S, AnswerSettings, answer_settings
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.settings import LISTENERS_MAX, Settings, read_settings
from mxproof.serve.policyd.store import StoreKind, StorePlace
from mxproof.serve.policyd.trust import Belief
from support_pem import authorities

TEXT = """
listen = ["unix:/run/a", "inet:127.0.0.1:1", "inet:[::1]:2"]
collector = "unix:/run/tlsrpt"
log = "warning"
[unix]
mode = "0666"
owner = "o"
group = "g"
[answers]
grace_s = 11
patience_s = 12.5
domains_max = 13
report_testing = true
mixed_dane_only = false
allow_private = true
[dns]
resolvers = ["192.0.2.1", "192.0.2.2:54"]
trust_ad = true
timeout_s = 14
[https]
ca_file = "CA"
connect_to = ["192.0.2.3:443=127.0.0.1:8443", "[2001:db8::3]:443=127.0.0.1:8444"]
timeout_s = 15
domain_timeout_s = 16
families = [6]
[store]
url = "sqlite:/var/state.db"
[admin]
http = "inet:127.0.0.1:3"
control = "unix:/run/control"
[[override]]
domain = "Example.com"
policy = "encrypt"
reason = "why"
until = 2027-01-01T00:00:00Z
"""


@pytest.fixture
def read(tmp_path: Path) -> Settings:
    """Return what stands in TEXT, with root certificates beside it."""
    (tmp_path / "ca.pem").write_bytes(authorities()[0].root_pem())
    (tmp_path / "policyd.toml").write_text(TEXT.replace("CA", f"{tmp_path}/ca.pem"))
    return read_settings(tmp_path / "policyd.toml")[1]


def test_every_key_arrives_where_it_belongs(tmp_path: Path, read: Settings) -> None:
    assert read == Settings(
        listen=(UnixPath("/run/a"), Peer("127.0.0.1", 1), Peer("::1", 2)),
        unix=UnixOptions(mode="0666", owner="o", group="g"),
        http=Peer("127.0.0.1", 3),
        control=UnixPath("/run/control"),
        store=StorePlace(StoreKind.SQLITE, "/var/state.db"),
        domains_max=13,
        overrides={
            "example.com": ReadyOverride(
                SocketmapReply(Status.OK, "encrypt"), "why", datetime(2027, 1, 1, tzinfo=UTC)
            )
        },
        asking=Asking(
            resolvers=(Peer("192.0.2.1", 53), Peer("192.0.2.2", 54)),
            connect_to={
                ("192.0.2.3", 443): ("127.0.0.1", 8443),
                ("2001:db8::3", 443): ("127.0.0.1", 8444),
            },
            families=(6,),
            timeout_s=15.0,
            dns_timeout_s=14.0,
            domain_timeout_s=16.0,
            roots=f"{tmp_path}/ca.pem",
            allow_private=True,
        ),
        trust_ad=True,
        ca_file=tmp_path / "ca.pem",
        rules=Rules(report_testing=True, mixed_dane_only=False),
        grace_s=11.0,
        patience_s=12.5,
        log="warning",
        collector=UnixPath("/run/tlsrpt"),
    )


def test_of_two_rules_each_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "policyd.toml"
    path.write_text("[answers]\nmixed_dane_only = true\n")
    assert read_settings(path)[1].rules == Rules(report_testing=False, mixed_dane_only=True)


@pytest.mark.parametrize(
    ("belief", "trust_ad"), [(Belief.VALIDATING, True), (Belief.UNKNOWN, True), (Belief.ABSENT, False)]
)
def test_answers_go_by_the_settings_and_by_what_is_believed_of_the_resolvers(
    read: Settings, belief: Belief, trust_ad: bool
) -> None:
    assert read.ca_file is not None
    assert answer_settings(read, belief) == AnswerSettings(
        asking=msgspec.structs.replace(read.asking, trust_ad=trust_ad),
        roots=roots_from(read.ca_file),
        rules=Rules(report_testing=True, mixed_dane_only=False),
        grace_s=11.0,
        patience_s=12.5,
        answered_within_s=ANSWERED_WITHIN_S,
    )


def test_without_a_file_the_roots_are_those_of_the_machine_and_a_wrong_one_is_a_mistake(
    tmp_path: Path, read: Settings
) -> None:
    of_machine = msgspec.structs.replace(read, ca_file=None)
    assert answer_settings(of_machine, Belief.ABSENT).roots == system_roots()
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        answer_settings(read, Belief.ABSENT)


@pytest.mark.parametrize("count", [LISTENERS_MAX, LISTENERS_MAX + 1])
def test_so_many_listeners_are_served_and_no_more(tmp_path: Path, count: int) -> None:
    path = tmp_path / "policyd.toml"
    path.write_text(f"listen = {[f'unix:/run/{number}' for number in range(count)]}")
    if count > LISTENERS_MAX:
        with pytest.raises(ConfigError, match="listen: 17"):
            read_settings(path)
    else:
        assert len(read_settings(path)[1].listen) == count


@pytest.mark.parametrize("text", ["inet:127.0.0.1:1", "unix:here"])
def test_a_collector_is_a_socket_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "policyd.toml"
    path.write_text(f'collector = "{text}"')
    with pytest.raises(ConfigError, match="collector: "):
        read_settings(path)

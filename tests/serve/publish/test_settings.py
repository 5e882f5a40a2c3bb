"""The configuration of the policy host."""

from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.formats.mtasts import Mode
from mxproof.net.asking import Peer
from mxproof.serve.publish.config import CertificateOptions, PolicyGroup, PublishConfig
from mxproof.serve.publish.settings import publish_settings, read_publish_settings

CONFIG = PublishConfig(policy=(PolicyGroup(names=("example.com",), mode=Mode.NONE),))


def test_by_default_https_is_served_on_all_addresses() -> None:
    found = publish_settings(CONFIG)
    assert found.listen == (Peer("0.0.0.0", 443), Peer("::", 443))
    assert list(found.policies.bodies) == ["example.com"]
    assert (found.http, found.control) == (None, None)


def test_nothing_to_serve_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match=r"^folder: "):
        publish_settings(PublishConfig())


@pytest.mark.parametrize(
    "path", ["/certs/{hosts}.pem", "/certs/{}.pem", "/certs/{host.pem", "/certs/{host!x}}"]
)
@pytest.mark.parametrize("key", ["chain", "key"])
def test_only_host_and_domain_are_put_into_paths(key: str, path: str) -> None:
    certificate = msgspec.structs.replace(CertificateOptions(), **{key: path})
    with pytest.raises(ConfigError, match=rf"^certificate\.{key}: "):
        publish_settings(msgspec.structs.replace(CONFIG, certificate=certificate))


def test_the_domain_that_is_shown_to_strangers_is_one_that_is_here() -> None:
    for name, known in (("Example.COM", True), ("example.net", False)):
        config = msgspec.structs.replace(CONFIG, certificate=CertificateOptions(default_domain=name))
        if known:
            assert publish_settings(config).default_domain == "example.com"
            continue
        with pytest.raises(ConfigError, match=r"^certificate\.default_domain: "):
            publish_settings(config)


def test_a_mistake_names_the_file_and_the_key(tmp_path: Path) -> None:
    file = tmp_path / "publish.toml"
    for text, key in (
        ("[limits]\nconnections = 0\n", "limits.connections"),
        ("[limits]\nslow = 1\n", "limits.slow"),
        ("[[policy]]\nnames = ['example.com']\nmode = 'on'\n", "mode"),
        ("listen = ['443']\nfolder = '/'\n", "listen"),
    ):
        file.write_text(text)
        with pytest.raises(ConfigError, match=rf"(?s)^{file}: .*{key}"):
            read_publish_settings(file)

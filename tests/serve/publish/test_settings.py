"""The configuration of the policy host."""

from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.formats.mtasts import Mode
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import AdminOptions, UnixOptions, UnixPath
from mxproof.serve.publish.certificates import CertificateFiles
from mxproof.serve.publish.config import CertificateOptions, LimitOptions, PolicyGroup, PublishConfig
from mxproof.serve.publish.config_certificates import AcmeOptions
from mxproof.serve.publish.settings import (
    AcmeSettings,
    PublishSettings,
    acme_settings,
    certificate_options,
    publish_settings,
    read_publish_settings,
)

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


def test_each_value_of_the_configuration_is_handed_on_as_it_stands_there() -> None:
    files = CertificateOptions(chain="/c/{host}.pem", key="/k/{domain}.pem", look_s=7.0)
    config = PublishConfig(
        listen=("inet:127.0.0.1:8443",),
        certificate=files,
        limits=LimitOptions(connections=3, connections_per_address=2),
        access_log=False,
        admin=AdminOptions(http="inet:127.0.0.1:9100", control="unix:/run/control"),
        unix=UnixOptions(mode="0600"),
        log="warning",
        policy=CONFIG.policy,
    )
    assert publish_settings(config) == PublishSettings(
        listen=(Peer("127.0.0.1", 8443),),
        policies=publish_settings(CONFIG).policies,
        files=CertificateFiles("/c/{host}.pem", "/k/{domain}.pem"),
        look_s=7.0,
        limits=config.limits,
        access_log=False,
        unix=config.unix,
        http=Peer("127.0.0.1", 9100),
        control=UnixPath("/run/control"),
        log="warning",
        acme=None,
    )


ACME = AcmeOptions(
    directory="https://acme.example/dir", terms_agreed=True, folder="/state", listen=("inet:127.0.0.1:8080",)
)


def test_with_an_authority_its_proofs_are_shown_and_its_certificates_found_in_its_folder() -> None:
    found = publish_settings(msgspec.structs.replace(CONFIG, acme=ACME))
    kept = "/state/certificates/{host}.pem"
    assert (found.files, found.acme) == (
        CertificateFiles(kept, kept),
        AcmeSettings(listen=(Peer("127.0.0.1", 8080),), proofs=Path("/state/proofs"), every_s=ACME.every_s),
    )
    by_record = msgspec.structs.replace(ACME, challenge="dns-01", every_s=ACME.every_s + 60)
    assert acme_settings(by_record) == AcmeSettings(
        listen=(), proofs=Path("/state/proofs"), every_s=ACME.every_s + 60
    )


@pytest.mark.parametrize("key", ["chain", "key"])
def test_files_that_are_named_are_read_whoever_issues(key: str) -> None:
    named = msgspec.structs.replace(CertificateOptions(), look_s=7.0, **{key: "/own/{host}.pem"})
    assert certificate_options(msgspec.structs.replace(CONFIG, acme=ACME, certificate=named)) == named


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (msgspec.structs.replace(ACME, directory="http://acme.example/dir"), "acme.directory"),
        (msgspec.structs.replace(ACME, terms_agreed=False), "acme.terms_agreed"),
        (msgspec.structs.replace(ACME, listen=("80",)), "acme.listen"),
    ],
)
def test_what_is_wrong_with_an_authority_is_told_by_its_key(options: AcmeOptions, key: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{key}: "):
        publish_settings(msgspec.structs.replace(CONFIG, acme=options))
    silent = msgspec.structs.replace(options, directory="")
    assert publish_settings(msgspec.structs.replace(CONFIG, acme=silent)).acme is None

"""What is said of policies, certificates and keys before the policy host serves them: a line for each, and none for what is right."""

import os
from pathlib import Path

import pytest

from mxproof.cli.hosting_check import hosting_cautions, hosting_faults, keys_of_one_user
from mxproof.serve.publish.settings import PublishSettings, publish_settings
from support_publish import DOMAIN, OTHER, certificate, config_in, hosting, put_certificate, put_policy


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    """Return the key file of each of two domains with policy and certificate; whoever is of the group may read each."""
    hosting(tmp_path, DOMAIN, OTHER)
    found = {one: tmp_path / "certificates" / f"mta-sts.{one}.key" for one in (DOMAIN, OTHER)}
    for key in found.values():
        key.chmod(0o640)
    return found


def settings(folder: Path) -> PublishSettings:
    return publish_settings(config_in(folder))


def told(domain: str, key: Path) -> str:
    return (
        f"key of mta-sts.{domain}: {key}: its owner alone may read it; "
        "a daemon of another user will not find it"
    )


@pytest.mark.usefixtures("keys")
def test_of_files_that_are_right_nothing_is_said(tmp_path: Path) -> None:
    assert hosting_faults(settings(tmp_path)) == []
    assert hosting_cautions(settings(tmp_path)) == []


@pytest.mark.usefixtures("keys")
def test_a_policy_and_a_certificate_at_fault_are_told_each_with_its_file(tmp_path: Path) -> None:
    put_policy(tmp_path, OTHER, b"version: STSv1\n")
    put_certificate(tmp_path, DOMAIN, certificate(OTHER))
    policy, chain = f"{tmp_path}/policies/{OTHER}.txt", f"{tmp_path}/certificates/mta-sts.{DOMAIN}.pem"
    no_mode = "MTA-STS policy: no mode field at byte 15 (RFC 8461 section 3.2)"
    other_name = f"the certificate is not for mta-sts.{DOMAIN} but for mta-sts.{OTHER}"
    assert hosting_faults(settings(tmp_path)) == [
        f"policy of {OTHER}: {policy}: {no_mode}",
        f"certificate of mta-sts.{DOMAIN}: {chain}: {other_name}",
    ]


@pytest.mark.parametrize(
    ("mode", "is_told"), [(0o600, True), (0o640, False), (0o604, False), (0o620, True), (0o601, True)]
)
def test_a_key_that_neither_its_group_nor_all_may_read_is_told(
    tmp_path: Path, keys: dict[str, Path], mode: int, is_told: bool
) -> None:
    keys[OTHER].chmod(mode)
    expected = [told(OTHER, keys[OTHER])] if is_told else []
    assert keys_of_one_user(settings(tmp_path), os.geteuid()) == expected


def test_a_key_of_another_user_is_not_told(tmp_path: Path, keys: dict[str, Path]) -> None:
    keys[DOMAIN].chmod(0o600)
    assert keys_of_one_user(settings(tmp_path), os.geteuid() + 1) == []


def test_a_key_that_is_missing_is_a_fault_and_the_next_one_is_looked_at(
    tmp_path: Path, keys: dict[str, Path]
) -> None:
    keys[DOMAIN].unlink()
    keys[OTHER].chmod(0o600)
    assert keys_of_one_user(settings(tmp_path), os.geteuid()) == [told(OTHER, keys[OTHER])]
    assert hosting_faults(settings(tmp_path)) == [
        f"certificate of mta-sts.{DOMAIN}: {keys[DOMAIN]}: No such file or directory"
    ]


def test_keys_are_looked_at_for_root_alone(
    tmp_path: Path, keys: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys[OTHER].chmod(0o600)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert hosting_cautions(settings(tmp_path)) == []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert hosting_cautions(settings(tmp_path)) == ([told(OTHER, keys[OTHER])] if owner == 0 else [])

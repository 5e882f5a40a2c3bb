"""What a public set keeps on a disk: runs are leased until nobody remembers them, and what was seen goes in time."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.lab.ca import issue, make_ca
from mxproof.lab.sendertest.public_folder import (
    KEPT,
    KEY_FILE,
    LEASES_FILE,
    REMEMBERED,
    RUN_LASTS,
    forgotten,
    leased,
    new_name,
    shared_certificates,
    zone_key,
)
from mxproof.lab.sendertest.public_run import run_in, wildcards
from support_certificates import NOW
from support_public import ZONE

AUTHORITY = make_ca(NOW)
LEASE = RUN_LASTS + REMEMBERED


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    folder = tmp_path / "certificates"
    folder.mkdir()
    window = (NOW - timedelta(days=1), NOW + timedelta(days=80))
    for file, names in {**wildcards(ZONE), "aaaaaa": ("a.example",), "bbbbbb": ("b.example",)}.items():
        one = issue(AUTHORITY, names, not_before=window[0], not_after=window[1])
        (folder / f"{file}.pem").write_bytes(one.pem())
    return folder


def test_a_run_is_not_leased_again_until_nobody_remembers_it(tmp_path: Path, certificates: Path) -> None:
    def names(days: timedelta, count: int = 1) -> list[str]:
        return [one.name for one in leased(tmp_path, certificates, ZONE, count, NOW + days)]

    assert (names(timedelta()), names(timedelta(days=1))) == (["aaaaaa"], ["bbbbbb"])
    with pytest.raises(ConfigError, match="0 of 1"):
        names(LEASE - timedelta(seconds=1))
    assert names(LEASE + timedelta(days=2), 2) == ["aaaaaa", "bbbbbb"]


def test_without_certificates_every_name_is_a_new_one(tmp_path: Path) -> None:
    found = [one.name for one in leased(tmp_path, None, ZONE, 20, NOW)]
    assert len(set(found)) == 20
    assert {run_in(f"control-{one}.{ZONE}", ZONE) for one in found} == set(found)


def test_leases_that_cannot_be_read_lease_nothing(tmp_path: Path, certificates: Path) -> None:
    (tmp_path / LEASES_FILE).write_text("{")
    with pytest.raises(ConfigError, match="leased twice"):
        leased(tmp_path, certificates, ZONE, 1, NOW)


def test_a_certificate_that_is_missing_or_none_is_said_by_its_path(
    tmp_path: Path, certificates: Path
) -> None:
    assert len(shared_certificates(certificates, ZONE)) == 3
    (certificates / "both.pem").write_text("nothing")
    with pytest.raises(ConfigError, match=r"both\.pem: no key"):
        shared_certificates(certificates, ZONE)
    (certificates / "hosts.pem").unlink()
    with pytest.raises(ConfigError, match=r"hosts\.pem: No such file"):
        shared_certificates(certificates, ZONE)


def test_a_key_that_belongs_to_another_certificate_is_refused(certificates: Path) -> None:
    texts = [(certificates / f"{one}.pem").read_text() for one in ("hosts", "targets")]
    key, chain = (
        texts[0].partition("-----BEGIN CERTIFICATE")[0],
        texts[1].partition("-----BEGIN CERTIFICATE")[1:],
    )
    (certificates / "hosts.pem").write_text(key + "".join(chain))
    with pytest.raises(ConfigError, match="not that of the first certificate"):
        shared_certificates(certificates, ZONE)


def test_the_key_of_the_zone_stays_the_same_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    first = zone_key(tmp_path)
    assert zone_key(tmp_path).public_key() == first.public_key()
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / KEY_FILE).write_text("none")
    with pytest.raises(ConfigError, match="no key"):
        zone_key(tmp_path)


def test_what_was_seen_is_removed_when_its_time_is_over_and_nothing_else(tmp_path: Path) -> None:
    for name, age in (("old", KEPT + timedelta(days=1)), ("young", KEPT - timedelta(days=1))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "recipients").touch()
        at = (NOW - age).timestamp()
        os.utime(tmp_path / name / "recipients", (at, at))
    (tmp_path / "mine").mkdir()
    assert forgotten(tmp_path, NOW) == ("old",)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mine", "young"]


def test_the_name_of_a_run_is_one_label_of_a_zone() -> None:
    assert new_name().isalnum()

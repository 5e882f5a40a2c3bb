"""Titles of ways out: each host and name that is touched stands in them, and a long list is cut."""

import pytest

from mxproof.mail.change import Setting
from mxproof.remedy.deed import Deed
from mxproof.remedy.measure import MeasureKind
from mxproof.render.text.deed_words import IN_TITLE_MAX, some, title

HOST, OTHER = "mx1.example.com", "mx2.example.com"
NAME = "smol.example.com"


@pytest.mark.parametrize("kind", list(MeasureKind))
def test_every_kind_of_measure_has_a_title_that_begins_like_a_sentence(kind: MeasureKind) -> None:
    said = title((Deed(kind, HOST, (NAME,)),))
    assert said[0].isupper()
    assert not said.endswith(".")


@pytest.mark.parametrize(
    "kind",
    [
        MeasureKind.ADDRESSES,
        MeasureKind.CERTIFICATE,
        MeasureKind.DROP_ADDRESS,
        MeasureKind.MX_NAME,
        MeasureKind.MX_TARGET,
        MeasureKind.RETIRE_HOST,
        MeasureKind.SERVER,
        MeasureKind.TLSA_RECORDS,
    ],
)
def test_a_measure_at_hosts_names_each_of_them(kind: MeasureKind) -> None:
    said = title((Deed(kind, HOST, (NAME,)), Deed(kind, OTHER, (NAME,))))
    assert HOST in said
    assert OTHER in said


def test_each_setting_of_a_server_is_told_apart() -> None:
    settings = (Setting.ANSWERING, Setting.STARTTLS, Setting.TLS)
    assert len({title((Deed(MeasureKind.SERVER, HOST, (), one),)) for one in settings}) == len(settings)


def test_alike_measures_are_said_once_and_unlike_ones_each() -> None:
    alike = title((Deed(MeasureKind.RETIRE_HOST, HOST, ()), Deed(MeasureKind.RETIRE_HOST, OTHER, ())))
    unlike = title((Deed(MeasureKind.RETIRE_HOST, HOST, ()), Deed(MeasureKind.NULL_MX, "", ())))
    assert alike.count("MX records") == 1
    assert HOST in unlike
    assert "null MX" in unlike


def test_of_many_hosts_the_first_are_named_and_the_rest_counted() -> None:
    hosts = [f"mx{number}.example.com" for number in range(9)]
    said = title(tuple(Deed(MeasureKind.CERTIFICATE, host, (f"a.{host}",)) for host in hosts))
    assert hosts[0] in said
    assert hosts[-1] not in said
    assert some(hosts).count(".example.com") == IN_TITLE_MAX - 1


def test_a_certificate_without_a_new_name_is_told_from_one_with_it() -> None:
    deeds = (Deed(MeasureKind.CERTIFICATE, HOST, (NAME,)), Deed(MeasureKind.CERTIFICATE, OTHER, ()))
    assert NAME in title(deeds)
    assert NAME not in title(deeds[1:])
    assert OTHER in title(deeds)

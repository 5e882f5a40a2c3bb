"""The quick way through a report: what it leaves to the tolerant one. `test_laws` holds that both read the same."""

import json

import pytest

from mxproof.formats.tlsrpt.by_the_letter import report_by_the_letter
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND

DATA = print_report(SOUND)


def test_a_report_that_needs_no_repair_is_read_however_it_is_laid_out() -> None:
    laid_out = json.dumps(json.loads(DATA), indent=2, separators=(" , ", " : ")).encode()
    assert report_by_the_letter(DATA) == report_by_the_letter(laid_out) == SOUND


@pytest.mark.parametrize("space", ["", " ", "\t", " \r\n "])
def test_a_key_that_stands_twice_is_seen_whatever_is_before_its_colon(space: str) -> None:
    twice = DATA.replace(b'"report-id"', f'"report-id"{space}:"first","report-id"'.encode())
    assert report_by_the_letter(twice) is None
    assert read_report(twice).repairs == (Repair.KEY_REPEATED,)


@pytest.mark.parametrize("space", ["", " "])
def test_a_text_does_not_hide_a_key_that_stands_twice(space: str) -> None:
    twice = DATA.replace(b'"report-id"', f'"report-id"{space}:"\\":","report-id"'.encode())
    assert report_by_the_letter(twice) is None
    assert read_report(twice).repairs == (Repair.KEY_REPEATED,)

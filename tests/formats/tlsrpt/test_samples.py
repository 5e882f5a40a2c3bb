"""Every sample of a real sender, and every odd form, comes to what its row in the manifest says."""

import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.found import reports_in
from support_tlsrpt import SAMPLES, Sample, samples

_KEPT_BESIDE = {"MANIFEST.tsv", "README.md", ".gitattributes"}


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.file)
def test_a_sample_counts_what_its_row_says(sample: Sample) -> None:
    data = sample.path.read_bytes()
    if sample.refused:
        with pytest.raises(FormatError) as refusal:
            list(reports_in(data, sample.file))
        assert refusal.value.objections[0].rule == sample.refused
        return
    (found,) = reports_in(data, sample.file)
    rows = found.read.report.policies
    got = Sample(
        sample.file,
        str(sum(one.success for one in rows)),
        str(sum(one.failure for one in rows)),
        str(sum(details.count for one in rows for details in one.failures)),
        "+".join(one.type for one in rows),
        found.read.report.id,
        " ".join(found.repairs),
        "",
        sample.source,
        sample.licence,
        sample.notes,
    )
    assert got == sample


def test_every_file_has_a_row_and_a_licence() -> None:
    rows = {one.file: one.licence for one in samples()}
    files = {path.name for path in SAMPLES.iterdir() if not path.name.startswith("LICENSE.")}
    assert set(rows) == files - _KEPT_BESIDE
    assert set(rows.values()) == {"MIT", "Apache-2.0", "own, facts only"}

"""The documentation as pages: which of them there are, in what order, and what its command line refuses."""

import re
from pathlib import Path

import pytest

from documentation_site import contents, main, stage
from keeping import ROOT

LISTED = """\
# Documentation

See the [README](../README.md).

## Guides: one task each

- [Second](guides/b.md): and [first](guides/a.md)
- [Second again](guides/b.md)

## Reference

- [A schema](reference/x.schema.json), [a page](reference/y.md)
"""


def test_the_margin_lists_each_page_once_in_the_order_of_its_section() -> None:
    trees = list(contents(LISTED))
    assert [re.findall(r"^(?:docs/.+|:caption: .+)$", tree, re.MULTILINE) for tree in trees] == [
        [":caption: Guides", "docs/guides/b", "docs/guides/a"],
        [":caption: Reference", "docs/reference/y"],
        [":caption: Project", "docs/index"],
    ]


def test_every_page_but_those_of_findings_is_in_the_margin(tmp_path: Path) -> None:
    source = tmp_path / "source"
    stage(ROOT, source)
    first = (source / "index.md").read_text(encoding="utf-8")
    listed = {
        page for page in re.findall(r"^[\w/-]+$", first, re.MULTILINE) if (source / f"{page}.md").exists()
    }
    pages = {path.relative_to(source).with_suffix("").as_posix() for path in source.rglob("*.md")}
    unlisted = pages - listed - {"index"}
    assert {Path(one).parent.as_posix() for one in unlisted} == {"docs/findings"}
    assert "docs/findings/index" in listed


def test_what_is_no_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 2
    assert "usage" in capsys.readouterr().err

"""The documentation as pages for a web server or a browser without one: `tools/documentation_site.py [FOLDER]`, by itself `build/site`.

The README is the first page; the order of the others is that in which `docs/index.md` names them. Each says in its margin which
version of mxproof it is about. Search needs no server, and nothing is asked of any other machine.

A link within the documents that leads nowhere, to a page or to a heading, ends the run with status 1, as does whatever else
Sphinx warns of; the folder is then left as it was.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

from keeping import ROOT
from mxproof import __version__

FIRST = "index"
DEFAULT = Path("build") / "site"
USAGE = "usage: tools/documentation_site.py [FOLDER]"
_COPIED = ("docs", "contrib", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE")
_SECTION = re.compile(r"^## ([^:\n]+).*\n((?:(?!## ).*\n?)*)", re.MULTILINE)
_PAGE = re.compile(r"\]\(([\w/-]+)\.md\)")
_UNLISTED = "---\norphan: true\n---\n"
"""Of the pages of findings, which are hundreds: their index lists them, and the margin of every page need not."""
_STYLE = """\
body { hyphens: manual; }
code .pre { display: inline-block; max-width: 100%; }
"""
"""No word gets a hyphen of the browser's, and none of a command ends at one of its own, as in `--` and `id=mx1`, unless it fills the line."""
_SETTINGS = {
    "project": "mxproof",
    "author": "The mxproof authors",
    "release": __version__,
    "version": __version__,
    "extensions": ["myst_parser"],
    "root_doc": FIRST,
    "exclude_patterns": ["docs/man"],
    "myst_heading_anchors": 4,
    "myst_links_external_new_tab": False,
    # Examples of what programs write are in no language that a highlighter knows.
    "highlight_language": "none",
    "suppress_warnings": ["misc.highlighting_failure"],
    "html_theme": "furo",
    "html_title": f"mxproof {__version__}",
    "html_static_path": ["_static"],
    "html_css_files": ["words.css"],
    "html_copy_source": False,
    "html_show_sphinx": False,
    # It would be fetched from the pages that were found, which a browser refuses where they come from a disk.
    "html_show_search_summary": False,
    "html_show_copyright": False,
}


def main(words: list[str]) -> int:
    """Build the pages; return the exit status."""
    if len(words) > 1 or any(word.startswith("-") for word in words):
        print(USAGE, file=sys.stderr)
        return 2
    folder = Path(words[0]) if words else ROOT / DEFAULT
    with tempfile.TemporaryDirectory(prefix="mxproof-site-") as made:
        source, pages = Path(made) / "source", Path(made) / "pages"
        stage(ROOT, source)
        if not built(source, pages, Path(made) / "read"):
            return 1
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(pages, folder)
    print(f"{folder / FIRST}.html")
    return 0


def stage(root: Path, source: Path) -> None:
    """Put the documents where Sphinx finds them: the README as the first page, and under it all others in their order."""
    (source / "_static").mkdir(parents=True)
    (source / "_static" / "words.css").write_text(_STYLE, encoding="utf-8")
    for name in _COPIED:
        found = root / name
        if found.is_dir():
            shutil.copytree(found, source / name)
        else:
            shutil.copy(found, source)
    listed = (root / "docs" / "index.md").read_text(encoding="utf-8")
    first = (root / "README.md").read_text(encoding="utf-8")
    (source / f"{FIRST}.md").write_text(first + "".join(contents(listed)), encoding="utf-8")
    index = source / "docs" / "index.md"
    index.write_text(listed.replace("(../README.md)", f"(../{FIRST}.md)"), encoding="utf-8")
    for page in (source / "docs" / "findings").glob("*.md"):
        if page.stem != FIRST:
            page.write_text(_UNLISTED + page.read_text(encoding="utf-8"), encoding="utf-8")


def contents(listed: str) -> Iterator[str]:
    """Yield what the margin lists: a part for each section of the list of documents, and the project's own at the end."""
    for heading, body in _SECTION.findall(listed):
        yield _tree(heading, [f"docs/{page}" for page in dict.fromkeys(_PAGE.findall(body))])
    yield _tree("Project", ["docs/index", "contrib/salt/README", "CHANGELOG", "ARCHITECTURE", "CONTRIBUTING"])


def _tree(heading: str, pages: list[str]) -> str:
    return "\n".join(["\n", "```{toctree}", ":hidden:", f":caption: {heading}", "", *pages, "```", ""])


def built(source: Path, pages: Path, read: Path) -> bool:
    """Build the pages of `source`; tell whether nothing was warned of."""
    application = Sphinx(
        source,
        None,
        pages,
        read,
        "html",
        confoverrides=_SETTINGS,
        status=None,
        warning=sys.stderr,
        keep_going=True,
        warningiserror=True,
        parallel=2,
    )
    application.build()
    return application.statuscode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

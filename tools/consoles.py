"""Bring what the `console` blocks of the documentation print up to date, such as the number of senders in them.

`python tools/consoles.py` runs the commands of README, guides and concepts as the tests do, and where a page shows something
else, puts what is printed now in its place. A line `...` goes on standing for what it left out. It is no check: the tests of
the documentation are, and what this wrote is to be read as any change is.
"""

import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from keeping import ROOT

sys.path.insert(0, str(ROOT / "tests"))

from support_docs import ELLIPSIS, commands, filled, run


def pages() -> list[Path]:
    """Return the pages whose commands are run."""
    docs = ROOT / "docs"
    return [ROOT / "README.md", *sorted(docs.glob("guides/*.md")), *sorted(docs.glob("concepts/*.md"))]


def refreshed(shown: str, output: str) -> str:
    """Return what a page shows with lines that are no longer printed replaced by those that are.

    What is printed beside a `...` stays left out, except for as many lines as were shown there.
    """
    if filled(shown, output) == output:
        return shown
    before, now = shown.splitlines(), output.splitlines()
    lines: list[str] = []
    for kind, start, end, first, last in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += before[start:end]
        else:
            lines += _between(before, start, end, now[first:last])
    return "".join(f"{line}\n" for line in lines)


def _between(before: list[str], start: int, end: int, now: list[str]) -> Iterator[str]:
    """Yield what stands in place of `before[start:end]`, for which `now` is printed."""
    old = before[start:end]
    if ELLIPSIS not in before[max(start - 1, 0) : end + 1]:
        yield from now
        return
    at = 0
    for line in old:
        if line == ELLIPSIS:
            yield line
            continue
        rest = now[at:]
        if rest:
            nearest = max(
                range(len(rest)), key=lambda place: SequenceMatcher(None, line, rest[place]).ratio()
            )
            at += nearest + 1
            yield rest[nearest]


def main() -> int:
    """Write every page that shows something else than is printed, and name it."""
    for path in pages():
        text = path.read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            ran = run(commands(text), Path(folder))
        fresh = text
        for one in ran:
            if one.shown.output is not None:
                fresh = fresh.replace(one.shown.output, refreshed(one.shown.output, one.output))
        if fresh != text:
            path.write_text(fresh, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())

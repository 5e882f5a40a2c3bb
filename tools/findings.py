"""Build what is computed about findings: their words and who bounces in the bad world of each, and their pages.

`python tools/findings.py` judges the bad world of every finding by every sender model, writes the outcome to two
tables in src/mxproof/judge/catalogue, and from these the pages in docs/findings; `--check` fails where a file is out
of date.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from keeping import ROOT, keep

CATALOGUE_DIRECTORY = ROOT / "src" / "mxproof" / "judge" / "catalogue"
PAGES = ROOT / "docs" / "findings"
sys.path.insert(0, str(ROOT / "tests"))

from mxproof.judge.catalogue import CATALOGUE, in_words  # noqa: E402
from mxproof.judge.catalogue.computed import (  # noqa: E402
    BETWEEN,
    BREAK,
    DETAIL,
    LAB,
    OTHERWISE,
    STEP,
    SUMMARY,
    read_tables,
)
from mxproof.judge.checks import earlier, findings, memory  # noqa: E402
from mxproof.judge.codes import Code  # noqa: E402
from mxproof.judge.report import WordedFinding  # noqa: E402
from mxproof.judge.senders.engine import deliver  # noqa: E402
from mxproof.judge.senders.readers import readers  # noqa: E402
from mxproof.judge.senders.table import SENDERS  # noqa: E402
from mxproof.judge.vocabulary import Verdict  # noqa: E402
from mxproof.lab.scenario import Scenario, load, scenarios  # noqa: E402
from mxproof.mail.assemble import assemble  # noqa: E402
from mxproof.mail.domain import MailDomain  # noqa: E402
from mxproof.render.markdown.finding_page import index, page  # noqa: E402
from support_world import collect  # noqa: E402 - found by way of the path set above
from support_worlds import WORLDS, Bad  # noqa: E402


def files() -> dict[Path, str]:
    """Return every file that this builds with the text that it should have."""
    domains = {code: assemble(collect(bad.world), bad.world.at) for code, bad in WORLDS.items()}
    rows = [row for code in Code for row in _examples(code, domains[code], WORLDS[code])]
    summaries, details = (_joined(row for row in rows if row[1] == kind) for kind in (SUMMARY, DETAIL))
    fixes = _joined(row for row in rows if row[1] in (STEP, OTHERWISE))
    bouncers = _joined(row for code in Code for row in _bouncers(code, domains[code], WORLDS[code]))
    labs = _joined(row for code in Code for row in _labs(code))
    known = read_tables(summaries + details + fixes, bouncers + labs)
    return {
        CATALOGUE_DIRECTORY / "summaries_table.py": _module("SUMMARIES", "The findings in a line", summaries),
        CATALOGUE_DIRECTORY / "details_table.py": _module("DETAILS", "The details of findings", details),
        CATALOGUE_DIRECTORY / "fixes_table.py": _module("FIXES", "How to mend findings", fixes),
        CATALOGUE_DIRECTORY / "bouncers_table.py": _module("BOUNCERS", "Who bounces", bouncers),
        CATALOGUE_DIRECTORY / "labs_table.py": _module(
            "LABS", "Lab scenarios that have a finding, as it is", labs
        ),
        PAGES / "index.md": index(),
        **{PAGES / f"{code}.md": page(code, known) for code in Code},
    }


def _examples(code: Code, domain: MailDomain, bad: Bad) -> Iterator[tuple[str, ...]]:
    said = _said(code, domain, bad)
    for kind, texts in (
        (SUMMARY, (said.summary,)),
        (DETAIL, said.detail.splitlines()),
        (STEP, said.steps),
        (OTHERWISE, said.otherwise),
    ):
        yield from ((code, kind, text.replace("\n", BREAK)) for text in texts)


def _said(code: Code, domain: MailDomain, bad: Bad) -> WordedFinding:
    remembered = (*earlier.check(domain, bad.memories), *memory.check(domain, bad.memories))
    found = (*findings(domain), *remembered)
    finding = next((finding for finding in found if finding.code == code), None)
    if finding is None:
        seen = ", ".join(sorted({finding.code for finding in found})) or "nothing"
        raise SystemExit(
            f"the world of {code} in tests/support_worlds.py misses its fault: its check does not find {code} there;"
            f" what is found is {seen}"
        )
    return in_words(finding, CATALOGUE[code].severity, (), readers(domain, SENDERS))


def _bouncers(code: Code, domain: MailDomain, bad: Bad) -> Iterator[tuple[str, ...]]:
    alike: dict[tuple[str, str], list[str]] = {}
    for sender in SENDERS:
        delivery = deliver(domain, sender, bad.memories)
        if delivery.outcome is not Verdict.DELIVERS:
            words = delivery.bounce.transient if delivery.bounce is not None else None
            alike.setdefault((delivery.outcome, words or ""), []).append(sender.id)
    for (verdict, words), names in alike.items():
        yield (code, verdict, " ".join(names), words) if words else (code, verdict, " ".join(names))


def _labs(code: Code) -> Iterator[tuple[str, ...]]:
    for scenario in _scenarios():
        if code in (*scenario.expect.findings, *scenario.expect.name_server_faults):
            yield code, LAB, scenario.name


@cache
def _scenarios() -> tuple[Scenario, ...]:
    """Return every scenario, those first that end badly."""
    return tuple(sorted(map(load, scenarios()), key=lambda one: (one.expect.exit == 0, one.name)))


def _joined(rows: Iterator[tuple[str, ...]]) -> str:
    return "".join(f"{BETWEEN.join(row)}\n" for row in rows)


def _module(name: str, job: str, table: str) -> str:
    doc = f'"""{job} in the bad world of each; made by `python tools/findings.py`, not by hand."""'
    return f'{doc}\n\nfrom typing import Final\n\n{name}: Final = r"""\n{table}"""[1:]\n'


if __name__ == "__main__":
    raise SystemExit(keep(files(), "findings.py"))

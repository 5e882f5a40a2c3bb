"""Build docs/reference/forms.md and the page beside it: every form of output, with an example of the incident.

The examples are made from recorded evidence of the lab's incident, so that they change only where a form does.
"""

from pathlib import Path

from keeping import REFERENCE, ROOT, keep, row, table
from mxproof.cli.judged import judged
from mxproof.evidence.codec import decode
from mxproof.evidence.timing import timed
from mxproof.judge.checked import Checked, terms
from mxproof.judge.differing import difference, seen
from mxproof.judge.vocabulary import Severity
from mxproof.mail.assemble import assemble
from mxproof.render import csv, junit, nagios
from mxproof.render.csv import COLUMNS
from mxproof.render.html.document import document as html
from mxproof.render.markdown.report import document as markdown
from mxproof.render.text.difference import document as changes
from mxproof.render.text.paper import Paper

EVIDENCE = ROOT / "tests" / "cases" / "incident.evidence.json"
FIXED = EVIDENCE.with_name("fixed.evidence.json")
LINES_SHOWN_MAX = 12
HEAD = """\
# Forms of output

Made by `python tools/forms.py`; the examples are the incident of the lab. Each form shows the same report, which is
[described as JSON](report.schema.json), and judges nothing itself. `--output FILE` writes any of them to a file that is
there whole or not at all.

Of several domains every form is one document: text a table, JSON a line a domain (JSON Lines), a page and Markdown an
overview with the reports behind it, JUnit a suite a domain, CSV a table of all, Nagios one state. The example of `diff`:

"""
FORMS = (
    ("text", "a reader at a terminal", "`check`, `replay`, `explain`, `diff`, `tlsrpt read`"),
    ("json", "a program", "`check`, `replay`, `explain`, `diff`, `tlsrpt read`"),
    ("html", "a reader with a browser, a mail attachment, paper", "`check`, `replay`, `explain`, `diff`"),
    ("markdown", "a ticket, a merge request", "`check`, `replay`, `explain`, `diff`"),
    ("junit", "a build server", "`check`, `replay`"),
    ("csv", "a spreadsheet", "`check`, `replay`, `tlsrpt read`"),
    ("nagios", "Nagios, Icinga, Checkmk", "`check`, `replay`"),
)
HTML = """
## html

One file with everything in it: no script, and nothing is loaded from elsewhere, which the page itself forbids (Content
Security Policy). It is light or dark as the reader has it, fits a phone, and prints. [An example](incident.html), to be
opened from disk. All that comes from outside is text.
"""
MARKDOWN = """
## markdown

What comes from outside and could mean something to a forge (a mention, a reference, a link, markup) stands in a code
span, where it means nothing. The beginning of the example:

"""
JUNIT = """
## junit

A suite for each domain; a case for each sender, each finding and each question that stayed open. It is valid by both
schemas in common use, that of Apache Ant's tasks and that of the Jenkins plug-in xUnit.

| case | passes | skipped | fails | error |
| --- | --- | --- | --- | --- |
| a sender | it delivers | it rests on a guess and does not simply deliver | it refuses, or is at risk | unknown |
| a finding | all is in order | it weighs less than `--fail-on` says | it weighs as much or more | |
| a question that stayed open | | | | always |

So a suite is green where the exit status is 0, has a failure where it is 1, and has errors alone where it is 3.

"""
CSV = """
## csv

A table by [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), in ASCII. The column `kind` says what a row is: `domain`,
`sender`, `finding`, `term` (what ends when) or `unknown`. A cell that a spreadsheet would take for a formula begins with
an apostrophe. Columns are only ever added, at the end.

"""
NAGIOS = """
## nagios

The output of a plug-in by the [guidelines of the Monitoring Plugins
project](https://www.monitoring-plugins.org/doc/guidelines.html): the first line is for people, figures follow a bar.
It has no more than 1024 bytes. No bar, dollar or angle bracket comes from outside.

"""
STATES = (
    ("0", "OK", "every sender that decides delivers, and no finding is a problem"),
    ("1", "WARNING", "any other problem: mail is at risk, or a finding weighs as much as `--fail-on` says"),
    ("2", "CRITICAL", "a sender that decides refuses"),
    (
        "3",
        "UNKNOWN",
        "something needed could not be found out; wrong usage; whatever else kept it from a report",
    ),
)
FIGURES = (
    ("senders_refusing, senders_at_risk, senders_unknown", "how many senders that decide do so"),
    ("errors, warnings", "how many findings there are"),
    ("time", "seconds from the first question to the last answer"),
    (
        "mx_certificate_days, policy_certificate_days",
        "days until the first of the certificates ends; below 0 after it",
    ),
    ("policy_days", "how long a sender that fetches the policy now holds it"),
    ("cached_policy_days", "how long an older policy is still held, with `--cached-policy`"),
    ("'HOST certificate_days'", "the same for one MX host"),
)


def files() -> dict[Path, str]:
    """Return the page and the example in HTML by their paths."""
    one = _checked()
    page = HEAD + _fenced("text", _example_of_diff(), LINES_SHOWN_MAX) + "\n"
    page += table("form", "for", "of") + "".join(row(*form) for form in FORMS)
    page += HTML
    page += MARKDOWN + _fenced("markdown", "".join(markdown([one], [])), LINES_SHOWN_MAX)
    page += JUNIT + _fenced("xml", _broken("".join(junit.document([one], Severity.ERROR))), LINES_SHOWN_MAX)
    page += CSV + f"Its columns: {', '.join(f'`{name}`' for name in COLUMNS)}.\n\n"
    page += _fenced("text", "".join(csv.document([one])).replace("\r\n", "\n"), 4)
    page += NAGIOS + table("status", "state", "when") + "".join(row(*state) for state in STATES) + "\n"
    page += table("figure", "what it is") + "".join(row(*figure) for figure in FIGURES) + "\n"
    page += _fenced("text", "".join(nagios.document([one], Severity.ERROR)), LINES_SHOWN_MAX)
    return {REFERENCE / "forms.md": page, REFERENCE / "incident.html": "".join(html([one], []))}


def _checked() -> Checked:
    evidence = decode(EVIDENCE.read_bytes())
    now = evidence.observed_at()
    return Checked(judged(evidence, now=now), timed(evidence), terms(assemble(evidence, now)))


def _example_of_diff() -> str:
    before, after = (seen(decode(file.read_bytes())) for file in (FIXED, EVIDENCE))
    return "".join(changes([difference(before, after)], Paper(unicode=True)))


def _broken(xml: str) -> str:
    """Return XML with a line for each element that is not within a line of text."""
    return xml.replace("><", ">\n<")


def _fenced(kind: str, text: str, lines_max: int) -> str:
    lines = text.splitlines()
    more = ["..."] if len(lines) > lines_max else []
    return "\n".join([f"````{kind}", *lines[:lines_max], *more, "````"]) + "\n"


if __name__ == "__main__":
    raise SystemExit(keep(files(), "forms.py"))

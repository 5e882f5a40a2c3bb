"""The check behind `mxproof explain --check`: each domain once, joined with what the bounce said."""

import msgspec

from mxproof.cli.asking import AskingOptions
from mxproof.cli.talk import talk
from mxproof.explain.explanation import Explanation
from mxproof.explain.rule import Side
from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_domain
from mxproof.judge.report import Report

DOMAINS_MAX = 20


class Checks:
    """The reports of one run by domain; at most DOMAINS_MAX domains are asked."""

    def __init__(self, asking: AskingOptions) -> None:
        self._asking = asking
        self._reports: dict[str, Report] = {}

    def joined(self, explanation: Explanation) -> Explanation:
        """Return the explanation with what a check finds now, where the sender decided and a domain is known."""
        from mxproof.explain.join import join  # noqa: PLC0415 - what asks nobody is explained without it

        if explanation.domain is None or not explanation.causes or explanation.decided_by is Side.RECEIVER:
            talk(f"{explanation.source}: no domain to check")
            return explanation
        report = self._report(explanation.domain)
        return (
            explanation
            if report is None
            else msgspec.structs.replace(explanation, live=join(explanation, report))
        )

    def _report(self, name: str) -> Report | None:
        from mxproof.cli.gathering import gather  # noqa: PLC0415 - as above
        from mxproof.judge.judging import report_on  # noqa: PLC0415 - as above

        if name in self._reports:
            return self._reports[name]
        if len(self._reports) == DOMAINS_MAX:
            talk(f"{name}: not checked; {DOMAINS_MAX} domains are checked in one run")
            return None
        try:
            gathered = gather(parse_domain(name), self._asking)
        except FormatError as error:
            talk(f"{name}: not checked; {error.objections[0].message}")
            return None
        evidence = gathered.evidence
        self._reports[name] = report_on(evidence, now=evidence.observed_at(), memories=gathered.memories)
        return self._reports[name]

"""The live checks of `mxproof explain --check`: each domain once, joined with what the bounce said.

How mail arrives is checked where the sender decided; where a look-up failed at the receiver, the domain's name servers
are measured.
"""

from typing import TYPE_CHECKING

from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.streams import print_stderr
from mxproof.explain.explanation import Explanation, Joined
from mxproof.explain.knowledge.rule import Side
from mxproof.formats.errors import FormatError
from mxproof.formats.names import Domain, parse_domain

if TYPE_CHECKING:  # as below: what asks nobody is explained without it
    from mxproof.judge.report import Report
    from mxproof.mail.domain import MailDomain

DOMAINS_MAX = 20


class LiveChecks:
    """The checks of one run, by what they are about; at most DOMAINS_MAX are made."""

    def __init__(self, asking: AskingOptions) -> None:
        self._asking = asking
        self._reports: dict[Domain, Report] = {}
        self._measured: dict[tuple[Domain, tuple[str, ...]], MailDomain] = {}

    def live(self, explanation: Explanation) -> Joined | None:
        """Return what a check finds now, None where the cause or the domain calls for none."""
        from mxproof.explain.nameserver_join import (  # noqa: PLC0415 - what asks nobody is explained without it
            resting_cause,
        )

        rests = resting_cause(explanation) is not None
        receiver_decided = explanation.decided_by is Side.RECEIVER and not rests
        concerned = explanation.domain or self._simulated_domain()
        if concerned is None or not explanation.causes or receiver_decided:
            print_stderr(f"{explanation.source}: no domain to check")
            return None
        try:
            domain = parse_domain(concerned)
        except FormatError as error:
            print_stderr(f"{concerned}: not checked; {error.objections[0].message}")
            return None
        live = self._with_servers(explanation, domain) if rests else self._with_report(explanation, domain)
        if live is None:
            print_stderr(f"{domain}: not checked; {DOMAINS_MAX} domains are checked in one run")
        return live

    def _with_report(self, explanation: Explanation, domain: Domain) -> Joined | None:
        """Return the join with a check of how mail arrives, None where no more are made."""
        from mxproof.cli.evidence_source import observe  # noqa: PLC0415 - as above
        from mxproof.cli.judged import judged  # noqa: PLC0415 - as above
        from mxproof.explain.join import join  # noqa: PLC0415 - as above

        if domain not in self._reports:
            if self._is_enough():
                return None
            observed = observe(domain, self._asking)
            evidence = observed.evidence
            self._reports[domain] = judged(evidence, now=evidence.observed_at(), memories=observed.memories)
        return join(explanation, self._reports[domain])

    def _with_servers(self, explanation: Explanation, domain: Domain) -> Joined | None:
        """Return the join with a measurement of the name servers, None where no more are made."""
        from mxproof.cli.evidence_source import observe  # noqa: PLC0415 - as above
        from mxproof.explain.nameserver_join import join_servers  # noqa: PLC0415 - as above
        from mxproof.mail.assemble import assemble  # noqa: PLC0415 - as above
        from mxproof.survey.authentication import wanted  # noqa: PLC0415 - as above

        keys = explanation.dkim_keys
        if (domain, keys) not in self._measured:
            if self._is_enough():
                return None
            evidence = observe(domain, self._asking, lambda evidence: wanted(evidence, keys)).evidence
            self._measured[domain, keys] = assemble(evidence, evidence.observed_at())
        return join_servers(explanation, self._measured[domain, keys])

    def _simulated_domain(self) -> str | None:
        """Return the domain of the lab, which a text without a domain of its own is about."""
        if self._asking.lab is None:
            return None
        from mxproof.cli.evidence_source import scenario_domain  # noqa: PLC0415 - as above

        return scenario_domain(self._asking.lab)

    def _is_enough(self) -> bool:
        return len(self._reports) + len(self._measured) >= DOMAINS_MAX

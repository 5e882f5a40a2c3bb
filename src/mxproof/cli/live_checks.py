"""The live checks of `mxproof explain --check`: each domain once, joined with what the bounce said.

How mail arrives is checked where the sender decided, by a resolver and at every name server; where a look-up failed at
the receiver, the name servers of the domain that the failing clause names are measured.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.streams import print_stderr
from mxproof.explain.explanation import Explanation, Joined
from mxproof.formats.errors import FormatError
from mxproof.formats.names import Domain, parse_domain

if TYPE_CHECKING:  # as below: what asks nobody is explained without it
    from mxproof.explain.nameserver_join import Clause
    from mxproof.explain.server_version import CheckedDomain
    from mxproof.mail.domain import MailDomain

DOMAINS_MAX = 20


class LiveChecks:
    """The checks of one run, by what they are about; at most DOMAINS_MAX are made."""

    def __init__(self, asking: AskingOptions) -> None:
        self._asking = asking
        self._checked: dict[Domain, CheckedDomain] = {}
        self._measured: dict[tuple[Domain, tuple[str, ...]], MailDomain] = {}

    def live(self, explanation: Explanation) -> Joined | None:
        """Return what a check finds now, or why nothing was asked; None where the text states no cause."""
        from mxproof.explain.join import beyond_a_check  # noqa: PLC0415 - what asks nobody is explained without it
        from mxproof.explain.nameserver_join import clauses  # noqa: PLC0415 - as above

        if not explanation.causes:
            print_stderr(f"{explanation.source}: no cause, so no domain to check")
            return None
        resting = clauses(explanation, self._simulated_domain())
        if resting:
            return self._with_servers(explanation, resting)
        if beyond_a_check(explanation):
            return self._with_nothing(explanation)
        concerned = explanation.domain or self._simulated_domain()
        domain = self._parsed(concerned, explanation.source)
        if domain is None:
            return self._with_nothing(explanation, "a domain: the text names none that can be asked")
        return self._with_report(explanation, domain)

    def _parsed(self, concerned: str | None, source: str) -> Domain | None:
        if not concerned:
            print_stderr(f"{source}: no domain to check")
            return None
        try:
            return parse_domain(concerned)
        except FormatError as error:
            print_stderr(f"{concerned}: not checked; {error.objections[0].message}")
            return None

    def _with_nothing(self, explanation: Explanation, *missing: str) -> Joined:
        from mxproof.explain.join import unlooked  # noqa: PLC0415 - as above

        return unlooked(explanation, datetime.now(UTC), missing=missing)

    def _with_report(self, explanation: Explanation, domain: Domain) -> Joined:
        """Return the join with a check of how mail arrives, which at most DOMAINS_MAX are made of."""
        from mxproof.cli.evidence_source import observe  # noqa: PLC0415 - as above
        from mxproof.cli.judged import judged  # noqa: PLC0415 - as above
        from mxproof.explain.join import join  # noqa: PLC0415 - as above
        from mxproof.explain.server_version import checked  # noqa: PLC0415 - as above

        if domain not in self._checked:
            if self._is_enough(domain):
                return self._with_nothing(explanation, str(domain))
            observed = observe(domain, self._asking)
            self._checked[domain] = checked(observed.evidence, observed.memories, judged)
        return join(explanation, self._checked[domain])

    def _with_servers(self, explanation: Explanation, resting: "tuple[Clause, ...]") -> Joined:
        """Return the join with a measurement of the name servers of each domain that a failing clause names."""
        from mxproof.explain.nameserver_join import join_servers  # noqa: PLC0415 - as above

        measured: dict[Clause, MailDomain] = {}
        for clause in resting:
            domain = self._parsed(clause.domain, explanation.source)
            if domain is not None and (found := self._measure(domain, clause.keys)) is not None:
                measured[clause] = found
        if not measured:
            names = (one.domain or "a domain: the text names none" for one in resting)
            return self._with_nothing(explanation, *names)
        return join_servers(explanation, measured)

    def _measure(self, domain: Domain, keys: tuple[str, ...]) -> "MailDomain | None":
        from mxproof.cli.evidence_source import Survey, observe  # noqa: PLC0415 - as above
        from mxproof.mail.assemble import assemble  # noqa: PLC0415 - as above
        from mxproof.survey.authentication import wanted  # noqa: PLC0415 - as above

        if (domain, keys) not in self._measured:
            if self._is_enough(domain):
                return None
            survey = Survey(lambda evidence: wanted(evidence, keys))
            evidence = observe(domain, self._asking, survey).evidence
            self._measured[domain, keys] = assemble(evidence, evidence.observed_at())
        return self._measured[domain, keys]

    def _simulated_domain(self) -> str | None:
        """Return the domain of the lab, which a text without a domain of its own is about."""
        if self._asking.lab is None:
            return None
        from mxproof.cli.evidence_source import scenario_domain  # noqa: PLC0415 - as above

        return scenario_domain(self._asking.lab)

    def _is_enough(self, domain: Domain) -> bool:
        is_enough = len(self._checked) + len(self._measured) >= DOMAINS_MAX
        if is_enough:
            print_stderr(f"{domain}: not checked; {DOMAINS_MAX} domains are checked in one run")
        return is_enough

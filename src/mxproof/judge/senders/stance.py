"""A sender with every possibility narrowed to one, and how it fares at one place."""

from functools import cached_property

import msgspec

from mxproof.formats.mtasts import Policy
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders.exchange import PLAIN, ExchangeReadings
from mxproof.judge.senders.policy_case import PolicyCase, in_force
from mxproof.judge.senders.traits import JudgedName, Precedence, Traits
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.domain import Host
from mxproof.mail.memory import SessionLevel


class Stance(msgspec.Struct, frozen=True, dict=True):
    """A sender with every possibility narrowed to one."""

    traits: Traits
    case: PolicyCase
    sni: JudgedName
    precedence: Precedence
    level: SessionLevel = SessionLevel.PLAIN
    exchanges: ExchangeReadings = PLAIN

    @cached_property
    def policy(self) -> Policy | None:
        """The policy this sender acts on, None where none is in force."""
        return in_force(self.case.policy, honours_testing=self.traits.honours_testing)


class HostAttempt(msgspec.Struct, frozen=True):
    """One attempt at one place; `address` None where the sender never gets as far as connecting.

    A result type beside a delivering verdict is a failure that does not stop the mail (mode testing); `insists` is
    the mechanism that refuses; `connected` is False where there was not even a connection.
    """

    host: Host
    address: str | None
    judged_name: str
    verdict: Verdict
    detail: str
    result_type: ResultType | None = None
    code: Code | None = None
    security: Security | None = None
    insists: Security | None = None
    connected: bool = True

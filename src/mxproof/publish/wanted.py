"""What is to be published of a domain."""

import msgspec

from mxproof.formats.mtasts import Mode, Policy


class WantedPolicy(msgspec.Struct, frozen=True):
    """The policy that a domain is to have: this one, or where it is None the one published last, in another mode or for as long."""

    policy: Policy | None = None
    mode: Mode | None = None
    max_age_s: int | None = None

    def of(self, last: Policy | None) -> Policy | None:
        """Return the policy where `last` was published last, None where there is none to begin with."""
        policy = self.policy or last
        if policy is None:
            return None
        max_age_s = policy.max_age_s if self.max_age_s is None else self.max_age_s
        return msgspec.structs.replace(policy, mode=self.mode or policy.mode, max_age_s=max_age_s)


class WantedOf(msgspec.Struct, frozen=True):
    """What is to be published of a domain, beside its policy; empty for what is left as it is.

    Where it is not `announced`, the record is taken away, and where it is not `served` either the policy.
    """

    reports: str = ""
    host: str = ""
    announced: bool = True
    served: bool = True

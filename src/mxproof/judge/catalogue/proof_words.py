"""What judging a fix came to, in one sentence."""

from collections.abc import Sequence

from mxproof.formats.text import listed
from mxproof.judge.report import VerifiedFix
from mxproof.judge.vocabulary import Remedied, Verdict


def proof(
    standing: Remedied,
    outcomes: Sequence[Verdict],
    along: tuple[str, ...],
    then: tuple[str, ...],
    *,
    stops: bool,
    unseen: int = 0,
) -> str:
    """Say what the deciding senders do after a fix, empty where it changes nothing that the finding is about.

    `outcomes` are theirs, `along` the codes mended with it, `then` those for which some still do not deliver; `stops`
    tells whether the finding stops any of them now, and `unseen` are the answers that are not known then.
    """
    delivering = sum(one is Verdict.DELIVERS for one in outcomes)
    every = len(outcomes)
    count = f"all {every}" if delivering == every else f"{delivering} of {every}"
    applied = f"after the fix of {listed(along)} and then this one" if along else "with this fix applied"
    later = ", by what is seen now; check again" if unseen else ""
    match standing:
        case Remedied.UNKNOWN:
            return f"{applied}, what is then seen decides: check again"
        case Remedied.SECURES:
            return f"{applied}, all {every} modelled senders deliver, some better protected{later}"
        case _ if not stops and not along:
            return ""
        case _:
            rest = f"; the others then stop at {listed(then)}" if then else ""
            return f"{applied}, {count} modelled senders deliver{rest}{later}"


def withheld(fix: VerifiedFix, code: str) -> str:
    """Say why no step is offered for `code`."""
    if fix.standing is Remedied.HARMS:
        return (
            "No single step is offered: what usually mends this was tried on what was seen, and some sender would fare "
            "worse for it."
        )
    stopped = [one.sender for one in fix.senders if one.outcome in {Verdict.REFUSED, Verdict.AT_RISK}]
    return (
        "No single step is offered: what usually mends this was tried on what was seen, and would leave "
        f"{listed(stopped)} stopping at {code}."
    )


def not_yet(codes: tuple[str, ...]) -> str:
    """Say why no step is offered where one would do harm, or might, after the fixes that are told before it."""
    if not codes:
        return (
            "No step is offered yet: it would have senders demand more, and what some servers show is seen only after the "
            "fixes told above. Make those and check again."
        )
    return (
        "No step is offered yet: after the fixes told above, what usually mends this would have senders refuse mail for "
        f"{listed(codes)}. Make those fixes and check again."
    )

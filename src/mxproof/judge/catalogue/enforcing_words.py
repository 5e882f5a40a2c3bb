"""Words about what enforcing a policy would do, and senders named within a sentence."""

from mxproof.formats.text import listed
from mxproof.judge.value import Enforcing


def enforcing(what: Enforcing) -> str:
    """Say in one sentence what enforcing would do."""
    if what.refusing:
        return f"In mode enforce {refusals(what)} modelled senders would refuse"
    if len(what.unknown) == what.senders:
        return "What senders would do in mode enforce could not be found out"
    if what.unknown:
        return f"What {those(what.unknown)} would do in mode enforce could not be found out"
    return f"In mode enforce all {what.senders} modelled senders would deliver as they do now"


def refusals(what: Enforcing) -> str:
    """Say how many would refuse, and of how many."""
    return f"{len(what.refusing)} of {what.senders}"


def each_refusal(what: Enforcing) -> str:
    """Name who would refuse, and with which bounce, those together whose words are the same or not known."""
    by_bounce: dict[str, list[str]] = {}
    for one in sorted(what.refusing, key=lambda one: not one.bounce):
        by_bounce.setdefault(one.bounce, []).append(one.sender)
    return "; ".join(
        f"{those(tuple(names))} {f'with {bounce}' if bounce else 'in words that are not known'}"
        for bounce, names in by_bounce.items()
    )


def reasons(what: Enforcing) -> str:
    """Name the findings that those who would refuse would refuse for."""
    return listed(dict.fromkeys(code for one in what.refusing for code in one.because))


def enforcing_advice(what: Enforcing) -> str:
    """Say what to do on the way to mode enforce."""
    if what.refusing:
        return (
            f"Do not enforce the policy yet. First mend what those senders would refuse for: {reasons(what)}"
        )
    if what.unknown:
        return "Do not enforce the policy before that is known; check again from where all servers can be reached."
    return "When your TLS reports show no failure either, serve\n    mode: enforce\nand then set a new id in the record."


def those(names: tuple[str, ...]) -> str:
    """Name senders within a sentence that goes on in the plural."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

"""Build docs/reference/predictions.md: what each model foretells in every world, beside what real senders did there.

Made of what is kept of the last run (`data/predictions`) and of what the models say today; `--check` fails where it is out
of date.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from keeping import REFERENCE, ROOT, keep, row, table

sys.path.insert(0, str(ROOT / "tests"))

from mxproof.judge.vocabulary import Security
from real.models.bench import MODELS
from real.models.deviations import DEVIATIONS, SILENT
from real.models.kept import KeptFate, Tried, domains, fates
from real.models.postfix import VARIANTS, Way

PAGE = REFERENCE / "predictions.md"
HEAD = """\
# Predictions and what happened

{senders} real senders were run in {worlds} worlds each on {date}, on wires of their own: a name server, a validating resolver,
policy hosts and MX hosts with one deliberate property in each world. One message went from each sender into each world; Postfix tried
once more where it had put a message off, for it goes on in clear text in a later attempt only. What became of them is held against
what the models of this release foretell from a check of the same worlds. Made by `python tools/predictions.py` of
`data/predictions`; with `MXPROOF_PREDICTIONS=data/predictions` the test of models with real senders writes that anew.

- A prediction is right where mail that was sent was foretold to be delivered, or to be at risk and to find a way beside one that
  is closed; where mail that was put off or bounced was foretold to be refused; and where the session that took the mail was as
  secure as was said: by DANE, by MTA-STS, encrypted, or in the clear. chasquid, Courier and Haraka do not say what vouched
  for a session; of them it is held only whether it was encrypted.
- What differs is below, each with its reason. A test holds the models to this page.
- The name of a world says what is peculiar about it; `tests/real/models/worlds.py` and `policies.py` have all of it. The worlds
  `record-*`, `text-*` and `served-*` have a policy that does not list the MX host, so that mail is put off by whoever reads it.
- Google, Microsoft and other services cannot be run, and mox, Stalwart and KumoMTA were not.

## Senders

"""
WAYS = {
    Way.PLAIN: "smtp_tls_security_level = may",
    Way.DANE: "smtp_tls_security_level = dane",
    Way.DAEMON: "postfix-mta-sts-resolver, and dane where it has nothing",
    Way.POLICYD: "`mxproof policyd`, and dane where it has nothing",
    Way.CNAME: "secure match=hostname for domains with a policy, smtp_cname_overrides_servername = yes",
}
OTHERS = {
    "exim": "its default, which is DANE; trust-ad in resolv.conf",
    "sendmail": "DANE=true",
    "haraka": "its defaults",
    "chasquid": "its defaults",
    "courier": "its defaults, which is MTA-STS",
}
NOT_PUBLIC = {
    Way.DAEMON: "the model leaves open whether DANE is the level without a policy; here it is",
    Way.POLICYD: "before 3.10.5 no MX name is compared, but the certificate with the patterns of the policy",
    Way.CNAME: "the model, holding certificates against the target of an alias: how Microsoft is modelled, without DANE",
}
SIGNS = {
    Security.DANE: "D",
    Security.MTA_STS: "S",
    Security.OPPORTUNISTIC: "e",
    Security.NONE: "c",
}
SIGNS_SAID = """
## Every world

**D**: sent, and DANE vouched for the session. **S**: so did MTA-STS. **e**: sent over TLS, and nothing vouched for it. **c**: sent
in the clear. **p**: put off. **b**: bounced. A sign in brackets is not what was foretold.

"""


def files() -> Mapping[Path, str]:
    """Return the page by its path."""
    tried, done = fates()
    return {PAGE: "".join(_page(tried, done))}


def _page(tried: Tried, done: Sequence[KeptFate]) -> Iterator[str]:
    yield HEAD.format(senders=len(MODELS), worlds=len(domains()), date=tried.date)
    yield table("sender", "release", "set up as", "model", "as foretold")
    ways = {one.name: one.way for one in VARIANTS}
    for sender in MODELS:
        unlike = sum(1 for one, _ in DEVIATIONS if one == sender)
        way = ways.get(sender)
        kept = f"{len(domains()) - unlike} of {len(domains())}"
        yield row(sender, tried.software[sender], WAYS[way] if way else OTHERS[sender], _model(sender), kept)
    yield "\nWhere a model is not the one that a report has:\n\n"
    yield from (f"- {name}: {NOT_PUBLIC[way]}\n" for name, way in ways.items() if _is_other(name, way))
    yield "\n## What differs\n\n"
    yield from _deviations(done)
    yield SIGNS_SAID
    yield table("world", *MODELS)
    by_place = {(one.sender, one.world): one for one in done}
    for label in domains():
        yield row(label, *(_sign(by_place[sender, label]) for sender in MODELS))


def _is_other(sender: str, way: Way) -> bool:
    told = sender == "postfix-310-policyd"
    return way in NOT_PUBLIC and not told


def _model(sender: str) -> str:
    return f"[`{MODELS[sender].id}`](senders.md#{MODELS[sender].id})"


def _deviations(done: Sequence[KeptFate]) -> Iterator[str]:
    """Yield one row for each reason, with all senders and worlds that have it."""
    yield table("senders", "worlds", "foretold", "what happened", "why")
    codes = {(one.sender, one.world): one.code for one in done}
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for place, each in DEVIATIONS.items():
        groups.setdefault((each.why, each.foretold, each.done), []).append(place)
    for (why, said, became), places in groups.items():
        senders = dict.fromkeys(sender for sender, _ in places)
        worlds = dict.fromkeys(label for _, label in places)
        told = sorted({codes[place] for place in places} - {""})
        happened = f"{became} ({', '.join(told)})" if told else became
        yield row(", ".join(senders), ", ".join(worlds), said, happened, why)


def _sign(one: KeptFate) -> str:
    sign = one.outcome[:1].replace("d", "p")
    if one.security is not None:
        sign = "e" if one.sender in SILENT and one.security is not Security.NONE else SIGNS[one.security]
    return f"({sign})" if (one.sender, one.world) in DEVIATIONS else sign


if __name__ == "__main__":
    sys.exit(keep(files(), "predictions.py"))

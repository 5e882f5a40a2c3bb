"""Printed advice taken at its word: the world is changed as a fix says, and every sender judged on what is seen then.

`remedy.apply` alters evidence; here the world itself is altered and asked again, so that the two can be held together.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from mxproof.evidence import Evidence, Vantage
from mxproof.judge.faring import is_worse
from mxproof.judge.judging import report_on
from mxproof.judge.report import Delivery, Report, VerifiedFix, WordedFinding
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.defect import Defect
from mxproof.lab.making import LabWorld, made
from mxproof.lab.scenario import (
    CertificateSetup,
    Expect,
    PolicyHostSetup,
    Scenario,
    SmtpFault,
    SmtpSetup,
    TlsaSetup,
    ZoneSetup,
)
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change, Wait
from mxproof.mail.memory import Memory
from mxproof.mail.trust import with_anchors
from mxproof.remedy.proving import proven
from mxproof.survey.served import wanted
from mxproof.world.answer import observed
from support_remade import remade
from support_scenarios import AT

HOSTS_MAX = 2


class Scene(NamedTuple):
    """A world, what is seen of it, and what is printed."""

    lab: LabWorld
    domain: str
    memories: tuple[Memory, ...]
    report: Report


class Advice(NamedTuple):
    """Changes that are printed as one piece of advice, and what was said to come of them, if anything."""

    code: str
    changes: tuple[Change, ...]
    said: VerifiedFix | None


def scene_of(scenario: Scenario) -> Scene:
    """Return the scene of a scenario with the fixes as they are printed."""
    lab = made(scenario, AT)
    memories = () if lab.memory is None else (lab.memory,)
    evidence = _seen(lab, scenario.domain)
    report = proven(report_on(evidence, now=AT, memories=memories), evidence, now=AT, memories=memories)
    return Scene(lab, scenario.domain, memories, report)


def _seen(lab: LabWorld, domain: str) -> Evidence:
    vantage = Vantage(
        software="test",
        host="here",
        resolvers=("192.0.2.53",),
        validating=True,
        validating_because="the test says so",
        roots="that of the lab",
    )
    evidence = observed(lab.world, Evidence(domain, vantage), wanted, AT)
    return with_anchors(evidence, [lab.authority.root_der()])


def printed(report: Report) -> Iterator[Advice]:
    """Yield what is printed: the fix of each code with those it was verified along with, and each other way."""
    by_code: dict[str, list[WordedFinding]] = {}
    for finding in report.findings:
        by_code.setdefault(finding.code, []).append(finding)
    fixes = {code: _united(one.changes for one in found) for code, found in by_code.items()}
    for code, found in by_code.items():
        yield from _advice(code, fixes[code], found[0].verified, fixes)
        for number, way in enumerate(found[0].ways):
            ways = _united(one.ways[number].changes for one in found if number < len(one.ways))
            yield from _advice(code, ways, way.verified, fixes)


def _advice(
    code: str, changes: tuple[Change, ...], said: VerifiedFix | None, fixes: dict[str, tuple[Change, ...]]
) -> Iterator[Advice]:
    if changes:
        along = [] if said is None else [fixes[one] for one in said.along]
        yield Advice(code, _united((*along, changes)), said)


def in_order(report: Report) -> list[Advice]:
    """Return the fixes as somebody makes them who goes through the report from the top, each on top of those before.

    Where it is said that a fix was judged after that of another finding, that one is made first.
    """
    by_code: dict[str, list[WordedFinding]] = {}
    for finding in report.findings:
        by_code.setdefault(finding.code, []).append(finding)
    fixes = {code: _united(one.changes for one in found) for code, found in by_code.items()}
    made_so_far: tuple[Change, ...] = ()
    steps: list[Advice] = []
    for code, changes in fixes.items():
        if changes:
            said = by_code[code][0].verified
            along = [] if said is None else [fixes[one] for one in said.along]
            made_so_far = _united((made_so_far, *along, changes))
            steps.append(Advice(code, made_so_far, None))
    return steps


def followed(scene: Scene, changes: tuple[Change, ...]) -> tuple[Delivery, ...]:
    """Return what every sender does once the world was changed so."""
    lab = remade(scene.lab, changes, AT)
    waited = timedelta(seconds=sum(one.seconds for one in changes if isinstance(one, Wait)))
    domain = assemble(_seen(lab, scene.domain), AT + waited)
    return tuple(deliver(domain, traits, scene.memories) for traits in SENDERS)


def harmed(scene: Scene, after: tuple[Delivery, ...]) -> list[str]:
    """Return the senders that decide and fare worse than before."""
    before = {one.id: one for one in scene.report.senders}
    return [one.id for one in after if one.decides and is_worse(before[one.id], one)]


def objections(scenario: Scenario) -> list[str]:
    """Return what is wrong with the advice that is printed for a scenario: whom it harms, and what it did not keep."""
    scene = scene_of(scenario)
    found: list[str] = []
    for one in printed(scene.report):
        after = followed(scene, one.changes)
        found += [f"{one.code} harms {sender}" for sender in harmed(scene, after)]
        if one.said is not None and not one.said.unseen:
            said = {each.sender: each.outcome for each in one.said.senders}
            kept = {each.id for each in after if each.outcome is Verdict.DELIVERS}
            decide = {each.id for each in after if each.decides}
            promised = {sender for sender, outcome in said.items() if outcome is Verdict.DELIVERS}
            found += [
                f"{one.code} was to mend it for {sender}" for sender in sorted((promised & decide) - kept)
            ]
    for one in in_order(scene.report):
        after = followed(scene, one.changes)
        found += [f"{one.code} in its turn harms {sender}" for sender in harmed(scene, after)]
    return found


def _united(sets: Iterable[Iterable[Change]]) -> tuple[Change, ...]:
    return tuple(dict.fromkeys(change for each in sets for change in each))


_DEFECTS = (Defect.NONE,) * 5 + (
    Defect.EXPIRED,
    Defect.SELF_SIGNED,
    Defect.MISSING_INTERMEDIATE,
    Defect.UNTRUSTED_CA,
    Defect.CN_ONLY,
)
_SMTP_FAULTS = (SmtpFault.NONE,) * 9 + (
    SmtpFault.NO_STARTTLS,
    SmtpFault.TLS10_ONLY,
    SmtpFault.REFUSED,
    SmtpFault.STARTTLS_454,
)
_TLSA = (
    (),
    (),
    (TlsaSetup(""),),
    (TlsaSetup("", usage=2),),
    (TlsaSetup("", wrong=True),),
    (TlsaSetup("", selector=0),),
    (TlsaSetup(""), TlsaSetup("", wrong=True)),
    (TlsaSetup("", usage=2, root=True),),
    (TlsaSetup("", usage=1),),
)


@cache
def invented(seed: int) -> Scenario:
    """Return a scenario with faults at random, always the same for a seed."""
    chance = Random(seed)
    records: list[str] = []
    servers: list[SmtpSetup] = []
    tlsa: list[TlsaSetup] = []
    hosts = [f"mx{number}" for number in range(1, chance.randint(1, HOSTS_MAX) + 1)]
    for number, host in enumerate(hosts, 1):
        alias = chance.random() < 1 / 3
        target = f"real{number}" if alias else host
        records.append(f"@ MX {chance.choice((10, 10 * number))} {host}")
        records += [f"{host} CNAME {target}"] if alias else []
        records += [f"{target} A 192.0.2.{number}"]
        records += [f"{target} AAAA 2001:db8::{number}"] if chance.random() < 1 / 3 else []
        whole = [f"{one}.example.com" for one in dict.fromkeys((host, target))]
        names = chance.choice(
            ([whole[0]], whole, whole, [whole[-1]], ["other.example.com"], ["*.example.com"])
        )
        servers.append(
            SmtpSetup(
                f"{target}.example.com",
                certificate=CertificateSetup(tuple(names), chance.choice(_DEFECTS)),
                fault=chance.choice(_SMTP_FAULTS),
            )
        )
        owner = chance.choice(whole)
        tlsa += [
            TlsaSetup(
                f"{target}.example.com",
                f"_25._tcp.{owner}",
                one.usage,
                one.selector,
                one.matching,
                one.wrong,
                one.root,
            )
            for one in chance.choice(_TLSA)
        ]
    https: tuple[PolicyHostSetup, ...] = ()
    if chance.random() < 3 / 4:
        mode = chance.choice(("enforce", "enforce", "testing", "none"))
        listed = [f"{one}.example.com" for one in hosts if chance.random() < 3 / 4]
        listed += chance.choice(([], [], ["*.example.com"], ["old.example.com"]))
        lines = "".join(f"mx: {one}\n" for one in listed or ["gone.example.com"])
        body = f"version: STSv1\nmode: {mode}\n{lines}max_age: 604800\n"
        certificate = CertificateSetup(defect=chance.choice(_DEFECTS))
        https = (
            PolicyHostSetup(body, status=chance.choice((200,) * 6 + (404, 302)), certificate=certificate),
        )
        records += ["mta-sts A 203.0.113.80"]
    text = chance.choice(('_mta-sts TXT "v=STSv1; id=1;"',) * 5 + ('_mta-sts TXT "v=STSv1 id=1"', ""))
    records += [text] if text else []
    return Scenario(
        "",
        "",
        Expect(""),
        name=f"invented-{seed}",
        zones=(ZoneSetup("example.com", "\n".join(records) + "\n", secure=chance.random() < 1 / 2),),
        tlsa=tuple(tlsa),
        https=https,
        smtp=tuple(servers),
    )

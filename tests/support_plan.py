"""Planning for tests: a lab scenario as evidence without a socket, and random worlds with faults."""

from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st

from mxproof.evidence import Evidence, Vantage
from mxproof.lab.making import made
from mxproof.lab.scenario import load
from mxproof.mail.memory import SenderMemory
from mxproof.mail.trust import with_anchors
from mxproof.survey.inbound import wanted
from mxproof.world.answer import observed
from support_certificates import Defect
from support_incident import ALIASES, INCIDENT, TARGETS, policy
from support_world import Smtp, ZoneWorld

AT = datetime(2026, 11, 3, 12, tzinfo=UTC)
ADDRESSES = ("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2")


@cache
def scenario_seen(name: str) -> tuple[Evidence, tuple[SenderMemory, ...]]:
    """Return what a scenario shows to whoever asks it without sockets, and what its senders remember."""
    scenario = load(name)
    lab = made(scenario, AT)
    vantage = Vantage(validating=True, validating_because="the lab")
    evidence = observed(lab.world, Evidence(scenario.domain, vantage), wanted, AT)
    return with_anchors(evidence, (lab.authority.root_der(),)), () if lab.memory is None else (lab.memory,)


def faulty_worlds() -> st.SearchStrategy[ZoneWorld]:
    """Return worlds like that of the incident, with certificates, policies and servers at random."""
    names = st.lists(st.sampled_from((*ALIASES, *TARGETS)), unique=True, max_size=4).map(tuple)
    defects = st.sampled_from((Defect.NONE, Defect.NONE, Defect.EXPIRED, Defect.SELF_SIGNED))
    servers = st.builds(Smtp, names=names, defect=defects)
    smtp = st.tuples(servers, servers).map(
        lambda two: dict(zip(ADDRESSES, (two[0], two[0], two[1], two[1]), strict=True))
    )
    policies = st.builds(
        lambda mx, mode: policy(*mx, mode=mode),
        st.lists(st.sampled_from((*ALIASES, *TARGETS, "*.example.com")), unique=True, min_size=1),
        st.sampled_from(("enforce", "enforce", "testing")),
    )
    lines = st.sampled_from(
        ((), ("mxi1.example.com A 192.0.2.1", "mxi1.example.com CNAME"), ("mxi2.example.com A 192.0.2.2",))
    )
    return st.builds(
        lambda held, served, text: INCIDENT.zone_with(*text).but(smtp=held, policy=served),
        smtp,
        policies,
        lines,
    )

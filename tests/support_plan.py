"""Planning for tests: the plan out of the founding incident, and random worlds with faults."""

from functools import cache

from hypothesis import strategies as st

from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from support_certificates import Defect
from support_incident import ALIASES, INCIDENT, TARGETS, policy
from support_scenarios import AT, seen
from support_world import Smtp, ZoneWorld

ADDRESSES = ("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2")


@cache
def incident_plan() -> Plan:
    """Return the plan for the scenario of the incident, where no sender remembers anything."""
    return plan_for(seen("incident").evidence, now=AT)


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

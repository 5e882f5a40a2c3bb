"""Whether the set holds a domain for every case, and serves it as it should be served."""

from mxproof.judge.senders.inference.case import CASES
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.setup import BASE, domain_of
from support_sendertest import RUN, domains, lab_world


def test_every_case_has_a_domain_and_every_domain_a_case() -> None:
    assert SETUPS.keys() == CASES.keys()


def test_every_server_of_a_run_has_an_address_of_its_own() -> None:
    world = lab_world().world
    smtp = [address for server in world.smtp_servers for address in server.addresses]
    web = [address for server in world.policy_servers for address in server.addresses]
    assert len({*smtp, *web}) == len([*smtp, *web])


def test_every_domain_leads_to_an_mx_host() -> None:
    assert [case for case, domain in domains().items() if not domain.hosts] == []


def test_the_domain_of_a_case_is_one_of_the_run() -> None:
    assert domain_of("control", RUN) == f"control-{RUN}.{BASE}"

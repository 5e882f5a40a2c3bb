"""Runs of a public host: what is theirs alone, what they share, and certificates that come from elsewhere."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.senders.inference.fate import MailFate, fate
from mxproof.judge.senders.inference.possible import settled
from mxproof.lab.ca import Issued, issue, make_ca
from mxproof.lab.sendertest.public_run import Issuer, PublicSite, public_run, run_in, wildcards
from mxproof.mail.assemble import assemble
from support_certificates import NOW
from support_public import RUNS, SITE, ZONE, public_set

FIRST, SECOND = RUNS


@pytest.mark.parametrize(
    ("name", "run"),
    [
        (f"control-{FIRST}.{ZONE}", FIRST),
        (f"_mta-sts.control-{FIRST}.{ZONE}", FIRST),
        (f"mx1-dane-right-{FIRST}.{ZONE}", FIRST),
        (f"smol-alias-all-{FIRST}.targets.{ZONE}", FIRST),
        (f"_25._tcp.smol-alias-all-{FIRST}.targets.{ZONE}", FIRST),
        (f"targets.{ZONE}", ""),
        (f"ns.{ZONE}", ""),
        (ZONE, ""),
        (f"control-{FIRST}.example.com", ""),
        (f"control-{FIRST}.not{ZONE}", ""),
    ],
)
def test_a_name_tells_its_run(name: str, run: str) -> None:
    assert run_in(name, ZONE) == run


def test_mail_is_for_a_run_by_its_token_and_its_domain() -> None:
    one = public_set().runs[FIRST]
    (first, *_) = one.run.recipients(one.token)
    assert one.takes(first)
    assert one.takes(first.replace(ZONE, ZONE.upper()))
    assert not one.takes(f"other@{first.partition('@')[2]}")
    assert not one.takes(f"{one.token}@control-{SECOND}.{ZONE}")
    assert not one.takes(f"{one.token}@example.com")


def test_with_fewer_addresses_those_cases_are_left_that_have_one() -> None:
    two = PublicSite(ZONE, SITE.addresses[:2])
    assert {"control", "mx-unlisted", "cert-name", "dane-wrong"} <= two.setups.keys()
    assert not {"open-no-starttls", "cert-self-signed", "alias-all", "first-bad"} & two.setups.keys()
    assert "policy-refused" not in PublicSite(ZONE, SITE.addresses[:1]).setups


def test_certificates_from_files_are_shown_and_end_at_the_roots_given() -> None:
    authority = make_ca(NOW, "a public one")

    def issued(names: tuple[str, ...]) -> Issued:
        return issue(authority, names, not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=80))

    given = {names: issued(names) for names in wildcards(ZONE).values()}
    site = PublicSite(ZONE, SITE.addresses, given, (authority.root_der(),))
    policies = issued(site.names(FIRST))
    run = public_run(site, Issuer(site, NOW), FIRST, NOW, policies)

    def chain(case: str) -> tuple[bytes, ...]:
        server = next(one for one in run.lab.world.smtp_servers if f"-{case}-{FIRST}." in one.name)
        return tuple(map(bytes, server.chain))

    both = tuple(given[wildcards(ZONE)["hosts"]].ders())
    assert (chain("control"), chain("cert-intermediate")) == (both, both[:1])
    assert chain("cert-name") == tuple(given[wildcards(ZONE)["targets"]].ders())
    domain = f"control-{FIRST}.{ZONE}"
    control = assemble(msgspec.structs.replace(run.evidence, domain=domain), NOW)
    assert fate(control, settled({})) == MailFate(f"mx1-control-{FIRST}.{ZONE}", encrypted=True)
    assert not {"cert-expired", "cert-weak-key"} & {one.case for one in run.cases}

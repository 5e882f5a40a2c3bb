"""Who orders certificates by the configuration: what of it is wrong is said, and for which names no authority is asked."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.issuing import _hindrance, issuing, policy_hosts
from mxproof.cli.options.asking import AskingOptions
from mxproof.serve.publish.config import CustomerOptions, PublicationOptions, PublishConfig, RecordOptions
from mxproof.serve.publish.config_certificates import AcmeOptions
from support_publish import DOMAIN, OTHER, policy_text, put_policy

ASKING = AskingOptions(lab="dnssec-whole")


def config(folder: Path, challenge: str = "http-01", kind: str = "lines", **acme: object) -> PublishConfig:
    """Return the configuration of who orders of an authority, with customers that are listed in a file."""
    (folder / "customers").write_text("example.com\n")
    options = {"directory": "https://acme.example/directory", "terms_agreed": True, "challenge": challenge}
    return PublishConfig(
        folder=str(folder / "policies"),
        publication=PublicationOptions(store=f"sqlite:{folder}/journal.db"),
        records=msgspec.convert({"kind": kind, "policy_host": "policies.example.org"}, RecordOptions),
        acme=msgspec.convert({**options, "folder": str(folder / "acme"), **acme}, AcmeOptions),
        customers=CustomerOptions(list=str(folder / "customers"), records="records.example.org"),
    )


def fault(one: PublishConfig) -> str:
    with pytest.raises(RunError) as raised, issuing(one, ASKING):
        pass
    return str(raised.value)


def test_without_an_authority_nothing_is_ordered(tmp_path: Path) -> None:
    said = "acme.directory: empty; the directory of the authority was expected"
    assert fault(config(tmp_path, directory="")) == said


@pytest.mark.parametrize("kind", ["lines", "octodns"])
def test_a_name_is_proved_by_records_only_where_mxproof_alters_the_zone_itself(
    tmp_path: Path, kind: str
) -> None:
    (tmp_path / "acme").mkdir()
    assert fault(config(tmp_path, "dns-01", kind)) == (
        f"acme.challenge: dns-01 needs records.kind `powerdns` or `rfc2136`; it is {kind!r}"
    )


def test_every_domain_with_a_policy_has_a_policy_host(tmp_path: Path) -> None:
    for domain in (OTHER, DOMAIN):
        put_policy(tmp_path, domain, policy_text(domain))
    assert policy_hosts(config(tmp_path)) == (f"mta-sts.{DOMAIN}", f"mta-sts.{OTHER}")


def test_only_the_policy_host_of_a_customer_is_looked_up(tmp_path: Path) -> None:
    nowhere = AskingOptions(lab="no such lab")
    assert _hindrance(config(tmp_path), nowhere)("mta-sts.example.net") == ""
    with pytest.raises(RunError):
        _hindrance(config(tmp_path), nowhere)("mta-sts.example.com")


@pytest.mark.parametrize("lacking", ["target", "list", "records"])
def test_without_customers_or_what_they_lead_to_no_name_is_looked_up(tmp_path: Path, lacking: str) -> None:
    whole = config(tmp_path)
    other = {
        "target": msgspec.structs.replace(whole, records=RecordOptions()),
        "list": msgspec.structs.replace(whole, customers=CustomerOptions(records="records.example.org")),
        "records": msgspec.structs.replace(whole, customers=CustomerOptions(list=whole.customers.list)),
    }
    nowhere = AskingOptions(lab="no such lab")
    assert _hindrance(other[lacking], nowhere)("mta-sts.example.com") == ""


def test_an_authority_is_not_asked_for_a_customer_that_leads_elsewhere(tmp_path: Path) -> None:
    found = _hindrance(config(tmp_path), ASKING)("mta-sts.example.com")
    assert found == "mta-sts.example.com is no alias of policies.example.org"

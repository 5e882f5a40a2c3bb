"""The domains of customers: which they are, what they have in common, what is ordered for them, and how they stand, in words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from mxproof.cli.customers import (
    customer_template,
    customer_text,
    customers,
    listed_customers,
    obtained,
    status_of_customer,
)
from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE, RunError
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.formats.mtasts import Mode
from mxproof.judge.vocabulary import Verdict
from mxproof.publish.customer import CertificateWanted, CustomerTemplate, WantedAlias
from mxproof.publish.customers import CustomerEnd, CustomerResult
from mxproof.publish.permission import Permission, PublicationJudgement
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState
from mxproof.publish.step import LaggingPlace
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.render.text.paper import Paper
from mxproof.serve.publish.config import (
    CustomerOptions,
    PublicationOptions,
    PublishConfig,
    RecordOptions,
)
from mxproof.store.journal.error import OccupiedError
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from support_issuing import Authority
from support_new_store import new_store
from support_preflight import planned_sender, preflight_of

WIDE = Paper(width=1000, unicode=True)
VERBOSE = Paper(width=1000, unicode=True, verbose=True)
DOMAIN, HOST = "customer.example.com", "mta-sts.customer.example.com"
AT = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
REFUSED = PublicationJudgement(
    Permission.REFUSED, preflight_of(after=(planned_sender(Verdict.DELIVERS),), changes=()), ("Google",)
)


def published(
    end: PublicationEnd = PublicationEnd.DONE,
    state: PublishedState | None = None,
    *lag: LaggingPlace,
    judgement: PublicationJudgement | None = None,
) -> PublicationResult:
    return PublicationResult(DOMAIN, end, state, lag=lag, judgement=judgement)


def certificate_of(end: CertificateEnd, again_at: datetime | None = None, said: str = "") -> ToldCertificate:
    return ToldCertificate(1, HOST, end, None, None, again_at, said)


@pytest.mark.parametrize(
    ("result", "said", "status"),
    [
        (
            CustomerResult(
                DOMAIN, CustomerEnd.PUBLISHED, publication=published(state=PublishedState(DOMAIN, id="7"))
            ),
            "✔ customer.example.com: published, id 7.",
            DONE,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.PUBLISHED, publication=published()),
            "✔ customer.example.com: published.",
            DONE,
        ),
        (CustomerResult(DOMAIN, CustomerEnd.PUBLISHED), "✔ customer.example.com: published.", DONE),
        (
            CustomerResult(DOMAIN, CustomerEnd.PLANNED),
            "✔ customer.example.com: it may be published; nothing was done.",
            DONE,
        ),
        (
            CustomerResult(
                DOMAIN,
                CustomerEnd.WAITING,
                publication=published(
                    PublicationEnd.WAITING,
                    None,
                    LaggingPlace("ns1.example.com", "192.0.2.53", "udp", "no record"),
                ),
            ),
            "… customer.example.com: not everybody shows it yet: ns1.example.com shows no record.",
            UNKNOWN,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.WAITING, publication=published(PublicationEnd.WAITING)),
            "… customer.example.com: not everybody shows it yet.",
            UNKNOWN,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.WAITING),
            "… customer.example.com: not everybody shows it yet.",
            UNKNOWN,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.OCCUPIED),
            "… customer.example.com: another process is at it.",
            UNKNOWN,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.UNFIT, said="it has no MX record"),
            "✘ customer.example.com: it has no MX record; nothing was done.",
            PROBLEM,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.REFUSED),
            "✘ customer.example.com: mail would be refused, or nobody can tell; nothing was done.",
            PROBLEM,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.REFUSED, publication=published(PublicationEnd.UNSEEN)),
            "✘ customer.example.com: mail would be refused, or nobody can tell; nothing was done.",
            PROBLEM,
        ),
        (
            CustomerResult(DOMAIN, CustomerEnd.WAITING, publication=published(judgement=REFUSED)),
            "… customer.example.com: not everybody shows it yet.",
            UNKNOWN,
        ),
    ],
)
def test_each_end_has_its_mark_its_sentence_and_its_status(
    result: CustomerResult, said: str, status: int
) -> None:
    assert (customer_text(result, WIDE), status_of_customer(result)) == (f"{said}\n", status)


def test_what_is_refused_is_told_with_the_judgement() -> None:
    refused = published(PublicationEnd.REFUSED, judgement=REFUSED)
    result = CustomerResult(DOMAIN, CustomerEnd.REFUSED, publication=refused)
    assert customer_text(result, WIDE) == (
        "✘ customer.example.com: mail would be refused, or nobody can tell; nothing was done.\n"
        "✘ NOT PUBLISHED  customer.example.com: Google would go on to refuse mail, and nobody would be helped.\n"
        "\n"
        "✔ NOTHING GETS WORSE  What is planned of example.com is what is there already.\n"
    )


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (None, ""),
        (certificate_of(CertificateEnd.ISSUED), " There is one; the host has to read it."),
        (certificate_of(CertificateEnd.KEPT), " There is one; the host has to read it."),
        (certificate_of(CertificateEnd.DUE), " It is ordered in its turn."),
        (
            certificate_of(CertificateEnd.WAITING, AT, "no address"),
            " None could be ordered: no address. It is tried again from 2026-03-02 09:05:07 UTC on.",
        ),
        (certificate_of(CertificateEnd.FAILED, None, "no address"), " None could be ordered: no address."),
    ],
)
def test_a_host_without_a_certificate_is_told_with_what_became_of_the_order(
    order: ToldCertificate | None, said: str
) -> None:
    result = CustomerResult(DOMAIN, CustomerEnd.CERTIFICATE, certificate=CertificateWanted(HOST), order=order)
    assert status_of_customer(result) == UNKNOWN
    assert customer_text(result, WIDE) == (
        "… customer.example.com: mta-sts.customer.example.com shows no certificate that senders take; "
        f"nothing is announced before.{said}\n"
    )


ALIASES = CustomerResult(
    DOMAIN,
    CustomerEnd.ALIASES,
    (
        WantedAlias("_mta-sts.customer.example.com", "customer.example.com.sts.example.net"),
        WantedAlias(HOST, "policies.example.net", "elsewhere.example.org"),
    ),
)


def test_the_lines_for_the_zone_of_a_customer_can_be_pasted() -> None:
    assert status_of_customer(ALIASES) == UNKNOWN
    assert customer_text(ALIASES, WIDE) == (
        "… customer.example.com: its zone needs\n"
        "    _mta-sts.customer.example.com. 3600 CNAME customer.example.com.sts.example.net.\n"
        "    mta-sts.customer.example.com. 3600 CNAME policies.example.net.\n"
    )


def test_the_whole_story_says_where_the_names_lead_now() -> None:
    assert customer_text(ALIASES, VERBOSE).splitlines()[1:] == [
        "    _mta-sts.customer.example.com. 3600 CNAME customer.example.com.sts.example.net.",
        "    _mta-sts.customer.example.com is no alias yet.",
        "    mta-sts.customer.example.com. 3600 CNAME policies.example.net.",
        "    mta-sts.customer.example.com is no alias yet; it leads to elsewhere.example.org now.",
    ]


RECORDS = RecordOptions(policy_host="policies.example.net")
CUSTOMERS = CustomerOptions(records="sts.example.net")


def test_customers_have_in_common_what_the_configuration_says() -> None:
    options = CustomerOptions(
        records="STS.example.net", mode=Mode.ENFORCE, max_age=3600, mx=("*.example.net",)
    )
    assert customer_template(PublishConfig(records=RECORDS, customers=options)) == CustomerTemplate(
        "sts.example.net", "policies.example.net", Mode.ENFORCE, 3600, ("*.example.net",)
    )


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            PublishConfig(records=RECORDS),
            "customers.records: empty; a name in a zone of yours was expected",
        ),
        (
            PublishConfig(customers=CUSTOMERS),
            "records.policy_host: empty; a name in a zone of yours was expected",
        ),
        (
            PublishConfig(records=RecordOptions(policy_host="no name"), customers=CUSTOMERS),
            "records.policy_host: ",
        ),
        (
            PublishConfig(records=RECORDS, customers=CustomerOptions(records="net")),
            "customers.records: ",
        ),
    ],
)
def test_what_customers_have_in_common_has_to_be_said(config: PublishConfig, said: str) -> None:
    with pytest.raises(RunError) as raised:
        customer_template(config)
    assert (raised.value.status, str(raised.value)[: len(said)]) == (USAGE, said)


def test_the_domains_are_those_of_the_list_unless_some_are_named(tmp_path: Path) -> None:
    (tmp_path / "customers.txt").write_text("# ours\nexample.com\nexample.net\n")
    config = PublishConfig(customers=CustomerOptions(list=f"{tmp_path}/customers.txt"))
    assert listed_customers(config, ()) == ("example.com", "example.net")
    assert listed_customers(config, ("example.org",)) == ("example.org",)
    assert listed_customers(PublishConfig(), ("example.org",)) == ("example.org",)
    with pytest.raises(RunError, match=r"^customers\.list: empty, and no DOMAIN was named$"):
        listed_customers(PublishConfig(), ())


def ends(told: Mapping[str, ToldCertificate]) -> dict[str, CertificateEnd]:
    return {name: one.end for name, one in told.items()}


def test_certificates_are_ordered_for_hosts_that_lead_here(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.elsewhere = {HOST}
    orders = authority.issuing()
    orders.want([HOST])
    assert ends(obtained(orders, (HOST,))) == {HOST: CertificateEnd.WAITING}
    authority.elsewhere = set()
    assert ends(obtained(orders, (HOST,))) == {HOST: CertificateEnd.ISSUED}
    assert authority.ordered == [HOST]


def test_while_another_process_orders_it_is_only_told_how_they_stand(tmp_path: Path) -> None:
    class Occupied(WantedCertificateJournal):
        def alone(self) -> NoReturn:
            raise OccupiedError("another process orders certificates")

    authority = Authority(tmp_path)
    authority.journal = Occupied(authority.store)
    assert ends(obtained(authority.issuing(), (HOST,))) == {HOST: CertificateEnd.DUE}
    assert [one.name for one in authority.journal.waiting()] == [HOST]
    assert authority.ordered == []


@pytest.mark.parametrize(("through_store", "reloads"), [(False, True), (True, False)])
def test_policies_are_read_again_where_they_are_files(
    tmp_path: Path, *, through_store: bool, reloads: bool
) -> None:
    (tmp_path / "policies").mkdir()
    new_store(tmp_path)
    config = PublishConfig(
        folder=f"{tmp_path}/policies",
        records=RECORDS,
        customers=CUSTOMERS,
        publication=PublicationOptions(
            store=f"sqlite:{tmp_path}/journal.db",
            reload=("touch", f"{tmp_path}/reloaded"),
            through_store=through_store,
        ),
    )
    with customers(config, AskingOptions(lab="ns-clean"), OutputOptions()) as made_of_it:
        made_of_it._read_again()
        assert made_of_it._published(DOMAIN) is None
        assert made_of_it._obtain((HOST,)) == {}
    assert (tmp_path / "reloaded").exists() is reloads

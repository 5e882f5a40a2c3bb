"""Whoever goes through the domains of customers, made of the configuration; how they stand, in words."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.domains import DomainOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.publication import open_journal, policy_folder, publisher
from mxproof.cli.publication_words import moment, publication_text
from mxproof.formats.errors import FormatError
from mxproof.formats.names import parse_host
from mxproof.publish.customer import CustomerTemplate
from mxproof.publish.customers import CustomerEnd, CustomerResult, Customers
from mxproof.publish.state import PublishedState, decoded
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.serve.publish.config import PublishConfig
from mxproof.store.journal.error import OccupiedError
from mxproof.store.journal.publication_journal import PublicationJournal

if TYPE_CHECKING:
    from mxproof.publish.issuing import Issuing

_MARKS: Final = MappingProxyType(
    {
        CustomerEnd.PUBLISHED: ("✔", Tone.GOOD, DONE),
        CustomerEnd.PLANNED: ("✔", Tone.GOOD, DONE),
        CustomerEnd.WAITING: ("…", Tone.DOUBTFUL, UNKNOWN),
        CustomerEnd.CERTIFICATE: ("…", Tone.DOUBTFUL, UNKNOWN),
        CustomerEnd.ALIASES: ("…", Tone.DOUBTFUL, UNKNOWN),
        CustomerEnd.OCCUPIED: ("…", Tone.DOUBTFUL, UNKNOWN),
        CustomerEnd.UNFIT: ("✘", Tone.BAD, PROBLEM),
        CustomerEnd.REFUSED: ("✘", Tone.BAD, PROBLEM),
    }
)


@contextmanager
def customers(config: PublishConfig, asking: AskingOptions, output: OutputOptions) -> Iterator[Customers]:
    """Return whoever goes through them as the configuration says; raises RunError where that is wrong."""
    template = customer_template(config)
    apart = msgspec.structs.replace(config.publication, wait_s=0, reload=())
    hasty = msgspec.structs.replace(config, publication=apart)
    with ExitStack() as held:
        journal = held.enter_context(open_journal(config))
        made = held.enter_context(publisher(hasty, asking, output, lambda words: None))
        orders = None
        if config.acme.directory:
            from mxproof.cli.issuing import issuing  # noqa: PLC0415 - loads a library that only this needs

            orders = held.enter_context(issuing(config, asking))
        publications = PublicationJournal(journal)

        def published(domain: str) -> PublishedState | None:
            last = publications.published(domain)
            return decoded(last[0].after) if last else None

        yield Customers(
            made,
            template,
            published=published,
            receiving=made.looks.receiving,
            read_again=_read_again(config),
            pause=time.sleep,
            patience_s=config.publication.wait_s,
            obtain=lambda hosts: {} if orders is None else obtained(orders, hosts),
        )


def obtained(orders: "Issuing", hosts: Sequence[str]) -> dict[str, ToldCertificate]:
    """Order certificates for hosts that lead here, unless another process is ordering, and return how they stand."""
    orders.want(hosts, leading_here=True)
    try:
        ends = orders.run()
    except OccupiedError:
        ends = {}
    return {one.name: one for one in orders.standing.told(hosts, ends)}


def _read_again(config: PublishConfig) -> Callable[[], None]:
    """Return what has policies read; hosts that follow a store do so by themselves."""
    return (lambda: None) if config.publication.through_store else policy_folder(config).have_read


def customer_template(config: PublishConfig) -> CustomerTemplate:
    """Return what customers have in common; raises RunError for what is not said."""
    options = config.customers
    names = {"customers.records": options.records, "records.policy_host": config.records.policy_host}
    read = []
    for key, name in names.items():
        if not name:
            raise RunError(f"{key}: empty; a name in a zone of yours was expected")
        try:
            read.append(parse_host(name, labels_min=2))
        except FormatError as error:
            raise RunError(f"{key}: {error.objections[0].message}") from None
    return CustomerTemplate(read[0], read[1], options.mode, options.max_age, options.mx)


def listed_customers(config: PublishConfig, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the domains that are named, or else those of the list; raises RunError where one is no domain."""
    if not named and not config.customers.list:
        raise RunError("customers.list: empty, and no DOMAIN was named")
    file = None if named else Path(config.customers.list)
    return tuple(one.name for one in DomainOptions(named, file).named())


def status_of_customer(result: CustomerResult) -> int:
    """Return DONE where it is published, PROBLEM where it cannot be, UNKNOWN where somebody is waited for."""
    return _MARKS[result.end][2]


def customer_text(result: CustomerResult, paper: Paper) -> str:
    """Return how a customer's domain stands; it ends with a line break."""
    mark, tone, _ = _MARKS[result.end]
    lines = paper.hung(f"{result.domain}: {_sentence(result)}", 2, Label(0, mark, tone))
    for one in result.aliases:
        now = f"; it leads to {one.leads_to} now" if one.leads_to else ""
        lines.append(paper.pasted(one.line(), 4))
        lines += paper.wrapped(f"{one.name} is no alias yet{now}.", indent=4) if paper.verbose else []
    text = "\n".join(lines) + "\n"
    made = result.publication
    if result.end is CustomerEnd.REFUSED and made is not None and made.judgement is not None:
        text += publication_text(made, paper)
    return text


def _order(order: ToldCertificate | None) -> str:
    """Return what became of the order, behind a space."""
    if order is None:
        return ""
    again = f" It is tried again from {moment(order.tried_again_at)} on." if order.tried_again_at else ""
    match order.end:
        case CertificateEnd.ISSUED | CertificateEnd.KEPT:
            return " There is one; the host has to read it."
        case CertificateEnd.DUE:
            return " It is ordered in its turn."
        case CertificateEnd.WAITING | CertificateEnd.FAILED:
            return f" None could be ordered: {order.said}.{again}"


def _sentence(result: CustomerResult) -> str:
    made = result.publication
    lag = made.lag[0] if made is not None and made.lag else None
    match result.end:
        case CustomerEnd.PUBLISHED:
            return (
                f"published, id {made.state.id}."
                if made is not None and made.state is not None
                else "published."
            )
        case CustomerEnd.PLANNED:
            return "it may be published; nothing was done."
        case CustomerEnd.WAITING:
            shows = f": {lag.place} shows {lag.shows}" if lag is not None else ""
            return f"not everybody shows it yet{shows}."
        case CustomerEnd.CERTIFICATE:
            host = result.certificate.host if result.certificate is not None else ""
            return f"{host} shows no certificate that senders take; nothing is announced before.{_order(result.order)}"
        case CustomerEnd.ALIASES:
            return "its zone needs"
        case CustomerEnd.OCCUPIED:
            return "another process is at it."
        case CustomerEnd.UNFIT | CustomerEnd.REFUSED:
            return f"{result.said or 'mail would be refused, or nobody can tell'}; nothing was done."

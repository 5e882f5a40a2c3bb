"""Several customers gone through together: who is asked again, for which hosts certificates are ordered, and how often anything is read."""

from collections.abc import Sequence
from functools import cache

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.publish.customer import CertificateWanted
from mxproof.publish.customers import CustomerEnd, Customers
from mxproof.publish.publishing import Looks, Publisher
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState
from mxproof.publish.step import PublicationStep, StepName
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.store.journal.error import OccupiedError
from mxproof.survey import published
from support_customers import TEMPLATE
from support_publication import HOST_ADDRESS
from support_world import GOOD_ZONE, Https, ZoneWorld, collect

A, B, C = "a.example", "b.example", "c.example"
HOST_A, HOST_B = f"mta-sts.{A}", f"mta-sts.{B}"
_ALIASES = "".join(
    f"_mta-sts.{one} CNAME {one}.{TEMPLATE.records}\n"
    f"mta-sts.{one} CNAME {TEMPLATE.host}\n"
    f"{one} MX 10 mx1.example.com\n"
    for one in (A, B, C)
)
WORLD = ZoneWorld(
    zone=f"{GOOD_ZONE}{_ALIASES}{TEMPLATE.host} A {HOST_ADDRESS}\n",
    name_servers={},
    https={HOST_ADDRESS: Https(names=("other.example.com",))},
)
OLDER = PublishedState(
    A, "version: STSv1\r\nmode: enforce\r\nmx: mx9.example.com\r\nmax_age: 604800\r\n", "1"
)
DONE, WAITS, AT_RECORD, REFUSED = "done", "waits for its policy", "waits for its record", "refused"
OCCUPIED = "occupied"


@cache
def look(domain: str) -> Evidence:
    """Return what is seen of a customer whose host shows no certificate of its own."""
    return collect(WORLD.but(domain=domain), published.wanted)


@cache
def receiving(domain: str) -> Evidence:
    asked = Question(Kind.MX, domain)
    return collect(WORLD.but(domain=domain), lambda one: () if asked in one.answers else (asked,))


class _Scripted(Publisher):
    """A publisher whose calls end as a script has it for each domain, the last line of it over and over."""

    def __init__(self, script: dict[str, tuple[str, ...]]) -> None:
        self.looks = Looks(look, lambda state, seen: seen)
        self.script = script
        self.calls: list[tuple[str, str]] = []
        self.policies: dict[str, WantedPolicy] = {}

    def apply(
        self, domain: str, change: WantedPolicy, wanted: WantedOf, forced: str = "", *, dry: bool = False
    ) -> PublicationResult:
        self.policies[domain] = change
        assert (wanted, forced) == (WantedOf(), "")
        return self._ended("dry" if dry else "apply", domain)

    def resume(self, domain: str, forced: str = "", *, dry: bool = False) -> PublicationResult:
        return self._ended("resume", domain)

    def _ended(self, call: str, domain: str) -> PublicationResult:
        place = sum(one == domain for _, one in self.calls)
        self.calls.append((call, domain))
        ends = self.script[domain]
        end = ends[min(place, len(ends) - 1)]
        if end == OCCUPIED:
            raise OccupiedError(domain)
        policy = PublicationStep(StepName.POLICY, f"mta-sts.{domain}", Kind.POLICY, None, "text")
        record = PublicationStep(StepName.ID, f"_mta-sts.{domain}", Kind.TXT, None)
        return {
            DONE: PublicationResult(domain, PublicationEnd.DONE),
            WAITS: PublicationResult(domain, PublicationEnd.WAITING, steps=(policy, record)),
            AT_RECORD: PublicationResult(domain, PublicationEnd.WAITING, steps=(record,)),
            REFUSED: PublicationResult(domain, PublicationEnd.REFUSED, said="a sender refuses"),
        }[end]


class _Round:
    """One going through; `done` has what was done for all together, in order."""

    def __init__(self, patience_s: float = 3.0, **script: tuple[str, ...]) -> None:
        self.publisher = _Scripted({f"{name}.example": ends for name, ends in script.items()})
        self.done: list[str] = []
        customers = Customers(
            self.publisher,
            TEMPLATE,
            published={A: OLDER}.get,
            receiving=receiving,
            read_again=lambda: self.done.append("read"),
            pause=lambda seconds: self.done.append(f"waited {seconds:g} s"),
            patience_s=patience_s,
            obtain=self._obtained,
        )
        self.results = customers.go_through(self.publisher.script)
        self.ends = [one.end for one in self.results]

    def _obtained(self, hosts: Sequence[str]) -> dict[str, ToldCertificate]:
        self.done.append(f"ordered {' '.join(hosts)}")
        return {one: ToldCertificate(1, one, CertificateEnd.FAILED, None, None, None, one) for one in hosts}


def test_each_is_gone_through_once_and_only_who_waits_is_so_again_until_the_patience_is_over() -> None:
    made = _Round(b=(WAITS, AT_RECORD, DONE), a=(DONE,), c=(REFUSED,))
    assert [one.domain for one in made.results] == [B, A, C]
    assert made.ends == [CustomerEnd.PUBLISHED, CustomerEnd.PUBLISHED, CustomerEnd.REFUSED]
    assert made.publisher.calls == [("apply", B), ("apply", A), ("apply", C), ("resume", B), ("resume", B)]
    assert made.done == ["read", "waited 1 s", "waited 2 s"]
    assert made.results[2].said == "a sender refuses"


def test_nobody_waits_and_nothing_is_read_again_where_all_is_done() -> None:
    made = _Round(a=(DONE,), c=(REFUSED,))
    assert made.done == []


def test_policies_are_read_once_however_many_wait_and_not_for_what_waits_for_a_record() -> None:
    assert _Round(a=(WAITS, DONE), b=(WAITS, DONE)).done == ["read", "waited 1 s"]
    assert _Round(a=(AT_RECORD, DONE)).done == ["waited 1 s"]


def test_certificates_are_ordered_together_once_for_each_host_and_each_is_told_its_own() -> None:
    made = _Round(b=(WAITS,), a=(WAITS,), c=(AT_RECORD,))
    assert made.done == ["read", "waited 1 s", f"ordered {HOST_A} {HOST_B}", "waited 2 s"]
    assert made.ends == [CustomerEnd.CERTIFICATE, CustomerEnd.CERTIFICATE, CustomerEnd.WAITING]
    assert [(one.certificate, one.order and one.order.said) for one in made.results] == [
        (CertificateWanted(HOST_B), HOST_B),
        (CertificateWanted(HOST_A), HOST_A),
        (None, None),
    ]


def test_a_host_that_comes_to_want_a_certificate_later_is_ordered_for_alone() -> None:
    made = _Round(7.0, a=(WAITS,), b=(AT_RECORD, AT_RECORD, WAITS))
    assert [one for one in made.done if one.startswith("ordered")] == [
        f"ordered {HOST_A}",
        f"ordered {HOST_B}",
    ]
    assert [one.order and one.order.name for one in made.results] == [HOST_A, HOST_B]


def test_who_no_longer_wants_a_certificate_is_told_no_order() -> None:
    (made,) = _Round(a=(WAITS, WAITS, DONE)).results
    assert (made.end, made.certificate, made.order) == (CustomerEnd.PUBLISHED, None, None)


def test_a_domain_that_another_process_is_at_holds_up_no_other_and_is_left_to_it() -> None:
    first = _Round(a=(OCCUPIED,), b=(DONE,))
    assert first.ends == [CustomerEnd.OCCUPIED, CustomerEnd.PUBLISHED]
    later = _Round(a=(WAITS, OCCUPIED), b=(AT_RECORD, AT_RECORD, DONE))
    assert later.ends == [CustomerEnd.OCCUPIED, CustomerEnd.PUBLISHED]
    assert [one for one in later.publisher.calls if one[1] == A] == [("apply", A), ("resume", A)]
    assert later.results[0].order is None


def test_without_patience_nobody_is_asked_again_and_no_certificate_is_ordered() -> None:
    made = _Round(0.0, a=(WAITS,), b=(DONE,))
    assert (made.ends, made.done) == ([CustomerEnd.CERTIFICATE, CustomerEnd.PUBLISHED], ["read"])


def test_each_has_the_policy_of_its_own_last_one_or_of_the_template() -> None:
    made = _Round(a=(DONE,), b=(DONE,))
    assert made.publisher.policies == {
        A: WantedPolicy(Policy(Mode.ENFORCE, 604_800, ("mx1.example.com",))),
        B: WantedPolicy(Policy(Mode.TESTING, 86_400, ("mx1.example.com",))),
    }

"""Evidence for tests: one small world written by hand, and a strategy that generates any."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from hypothesis import strategies as st

from mxproof.evidence import (
    CONNECTION_KINDS,
    AddressRecord,
    Alias,
    Answer,
    Data,
    Der,
    DnsData,
    DnsRecord,
    Evidence,
    HelloData,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    TlsaRecord,
    TlsData,
    Transport,
    TxtRecord,
    Vantage,
)
from mxproof.formats.tls_offer import Offer

OBSERVED_AT = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
CERTIFICATE = Der(b"the bytes of a certificate")


def small_evidence() -> Evidence:
    """Return evidence of example.com with one MX host, a policy and one SMTP session, all of one certificate."""
    tls = TlsData("TLSv1.3", "TLS_AES_256_GCM_SHA384", (CERTIFICATE,))
    transcript = (SmtpLine("S", b"220 mx.example.com ESMTP"), SmtpLine("C", b"EHLO probe.example"))
    return Evidence(
        domain="example.com", vantage=Vantage(software="mxproof 0", families=(4,), anchors=(CERTIFICATE,))
    ).with_answers(
        [
            _found(Question(Kind.MX, "example.com"), _dns(MxRecord(10, "mx.example.com"))),
            _found(Question(Kind.A, "mx.example.com"), _dns(AddressRecord("192.0.2.25"))),
            _found(
                Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80"),
                PolicyData(200, (("content-type", "text/plain"),), b"version: STSv1\n", tls),
            ),
            _found(
                Question(Kind.SMTP, "mx.example.com", "192.0.2.25"),
                SmtpData(SmtpStage.SECURED, transcript, ("STARTTLS",), tls),
            ),
        ]
    )


def evidences() -> st.SearchStrategy[Evidence]:
    """Generate evidence of every shape that the types allow, hostile text and bytes included."""
    return st.builds(
        lambda vantage, rows: Evidence("example.com", vantage).with_answers(rows),
        _VANTAGES,
        st.lists(st.one_of(*(st.tuples(_questions(kind), answers(kind)) for kind in Kind)), max_size=6),
    )


def _found(question: Question, data: Data) -> tuple[Question, Answer]:
    return question, Answer(Outcome.FOUND, OBSERVED_AT, data, ttl_s=300, elapsed_ms=3)


def _dns(*records: DnsRecord) -> DnsData:
    return DnsData("NOERROR", secure=False, records=records)


_TEXTS = st.text(max_size=20)
_BYTES = st.binary(max_size=40)
_ADDRESSES = st.ip_addresses().map(str)
_NATURALS = st.integers(min_value=0, max_value=2**31 - 1)
_TIMES = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
_DERS = _BYTES.map(Der)
_CHAINS = st.lists(_DERS, max_size=3).map(tuple)
_TLS = st.none() | st.builds(TlsData, _TEXTS, _TEXTS, _CHAINS)
_RECORDS = st.one_of(
    st.builds(TxtRecord, _BYTES, st.integers(1, 9)),
    st.builds(MxRecord, st.integers(0, 65535), _TEXTS),
    st.builds(AddressRecord, _ADDRESSES),
    st.builds(NameRecord, _TEXTS),
    st.builds(TlsaRecord, st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), _BYTES),
    st.builds(OtherRecord, _TEXTS),
)
_DNS = st.builds(
    DnsData,
    rcode=_TEXTS,
    secure=st.booleans(),
    records=st.lists(_RECORDS, max_size=3).map(tuple),
    chain=st.lists(st.builds(Alias, _TEXTS, _TEXTS, _NATURALS), max_size=2).map(tuple),
    extended=st.lists(_TEXTS, max_size=2).map(tuple),
    transport=st.sampled_from(["udp", "tcp"]),
    wire=_BYTES,
)
_POLICIES = st.builds(
    PolicyData,
    st.integers(0, 599),
    st.lists(st.tuples(_TEXTS, _TEXTS), max_size=2).map(tuple),
    _BYTES,
    _TLS,
)
_DIALOGUES = st.builds(
    SmtpData,
    st.sampled_from(SmtpStage),
    st.lists(st.builds(SmtpLine, st.sampled_from("CS"), _BYTES), max_size=3).map(tuple),
    st.lists(_TEXTS, max_size=2).map(tuple),
    _TLS,
    _BYTES,
)
_HELLOS = st.builds(HelloData, st.sampled_from(SmtpStage), _TEXTS, _TEXTS, _TEXTS, _BYTES)
_VANTAGES = st.builds(
    Vantage,
    software=_TEXTS,
    host=_TEXTS,
    resolvers=st.lists(_TEXTS, max_size=2).map(tuple),
    validating=st.booleans(),
    validating_because=_TEXTS,
    families=st.sampled_from([(4,), (6,), (4, 6)]),
    roots=_TEXTS,
    anchors=_CHAINS,
    simulated=_TEXTS,
)


def _questions(kind: Kind) -> st.SearchStrategy[Question]:
    if kind is Kind.TLS:
        return st.builds(Question, st.just(kind), _TEXTS, _ADDRESSES, offer=st.sampled_from(Offer))
    if kind in CONNECTION_KINDS:
        return st.builds(Question, st.just(kind), _TEXTS, _ADDRESSES)
    return st.builds(
        Question,
        st.just(kind),
        _TEXTS,
        st.just(""),
        st.just("") | _ADDRESSES,
        st.sampled_from(Transport),
    )


def answers(kind: Kind) -> st.SearchStrategy[Answer]:
    """Generate answers to questions of one kind, hostile text and bytes included."""
    data: dict[Kind, st.SearchStrategy[Data]] = {
        Kind.POLICY: _POLICIES,
        Kind.SMTP: _DIALOGUES,
        Kind.TLS: _HELLOS,
    }
    return st.builds(
        Answer,
        outcome=st.sampled_from(Outcome),
        at=_TIMES,
        data=st.none() | data.get(kind, _DNS),
        ttl_s=st.none() | _NATURALS,
        elapsed_ms=_NATURALS,
        attempts=st.integers(1, 9),
        detail=_TEXTS,
    )


class Spy(Mapping[Question, Answer]):
    """Answers that remember which of them were read; whether a question was put at all may be asked freely."""

    def __init__(self, answers: Mapping[Question, Answer]) -> None:
        self.answers = answers
        self.read: set[Question] = set()

    def __getitem__(self, question: Question) -> Answer:
        self.read.add(question)
        return self.answers[question]

    def __contains__(self, question: object) -> bool:
        return question in self.answers

    def __iter__(self) -> Iterator[Question]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

"""What every name server and every address of the policy host shows of a domain, beside what was published."""

from collections.abc import Iterator, Sequence

from mxproof.evidence import Evidence, Question
from mxproof.mail.domain import PolicyFetch
from mxproof.publish.rollout import Rollout
from mxproof.publish.rollout_told import told_rollout
from mxproof.publish.state import PublishedState, decoded
from mxproof.publish.step import (
    ZONE_UNKNOWN,
    PublicationStep,
    StepName,
    fetch_fault,
    is_made,
    is_policy,
    owner_of,
    policy_host,
    record_at,
    shown_words,
    steps_to,
)
from mxproof.publish.told import PUBLICATION_VERSION, PublishedDomain, ShownPlace
from mxproof.publish.told_certificate import ToldCertificate
from mxproof.store.journal.publication import Publication, PublicationState, StepStanding
from mxproof.survey.name_servers import TRANSPORTS
from mxproof.survey.published import records, where_served
from mxproof.survey.reading import POLICY_LABEL

_STEPS = (StepName.ID, StepName.REPORTS, StepName.HOST)
"""In the order of `records`."""


def shown_domain(
    look: Evidence,
    history: Sequence[Publication],
    rollout: Rollout | None = None,
    certificate: ToldCertificate | None = None,
) -> PublishedDomain:
    """Return it; `history` are publications of the domain, the newest first, `certificate` how it stands with that of its host."""
    last = next((one for one in history if one.state is PublicationState.DONE), None)
    opened = next((one for one in history if one.state is PublicationState.OPEN), None)
    state = decoded(last.after) if last is not None else None
    return PublishedDomain(
        PUBLICATION_VERSION,
        look.domain,
        look.observed_at(),
        state.id if state is not None else "",
        state.policy if state is not None else "",
        None if last is None else last.ended_at,
        None if opened is None else opened.begun_at,
        () if opened is None else _left(opened),
        tuple(_shown(look, state)),
        tuple(one.forced for one in history if one.forced),
        None if rollout is None else told_rollout(look.domain, rollout, rollout.said),
        certificate,
    )


def _left(opened: Publication) -> tuple[StepName, ...]:
    state = decoded(opened.after)
    seen = {one.step for one in opened.steps if one.state is StepStanding.SEEN}
    return () if state is None else tuple(one.step for one in steps_to(state) if one.step not in seen)


def _shown(look: Evidence, state: PublishedState | None) -> Iterator[ShownPlace]:
    expected = {one.step: one for one in steps_to(state)} if state is not None else {}
    for name, record in zip(_STEPS, records(look.domain), strict=True):
        yield from _servers(look, name, record, expected.get(name))
    policy = expected.get(StepName.POLICY)
    fetches = policy_host(look).fetches
    if policy is not None and not fetches:
        yield ShownPlace(
            StepName.POLICY, policy.name, "", "https", "no address of it is known", False, told=False
        )
    for fetch in fetches:
        leaf = fetch.chain.leaf if fetch.chain is not None else None
        yield ShownPlace(
            StepName.POLICY,
            f"{POLICY_LABEL}.{look.domain}",
            fetch.address,
            "https",
            _served(fetch),
            None if policy is None else not fetch_fault(fetch) and is_policy(fetch, policy.policy),
            None if leaf is None else leaf.not_after,
        )


def _servers(
    look: Evidence, step: StepName, record: Question, expected: PublicationStep | None
) -> Iterator[ShownPlace]:
    asked = expected or PublicationStep(step, record.name, record.kind, None)
    name = owner_of(asked, look)
    served = where_served(look, name)
    if expected is not None and not served:
        yield ShownPlace(step, name, "", "", ZONE_UNKNOWN, False, told=False)
    for where in served:
        for transport in TRANSPORTS:
            answer, found = record_at(look, record.kind, name, where.address, transport)
            as_published = None if expected is None else found is not None and is_made(expected, found)
            shows, is_told = shown_words(answer, found), found is not None
            yield ShownPlace(
                step, where.server, where.address, transport.value, shows, as_published, told=is_told
            )


def _served(fetch: PolicyFetch) -> str:
    read = fetch.examination.lenient if fetch.examination is not None else None
    fault = fetch_fault(fetch)
    if fault or read is None:
        return fault or "no policy that senders can read"
    return f"mode {read.mode}, max_age {read.max_age_s}, mx {', '.join(read.mx) or 'none'}"

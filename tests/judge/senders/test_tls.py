"""How a sender goes on where TLS does not work as it should, before anything is demanded of the session."""

from functools import cache
from typing import Any

import msgspec
import pytest

from mxproof.judge.codes import Code
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.tls import broken_starttls, gone_on, is_encrypted, lost_inside, unsure_greeting
from mxproof.judge.senders.traits import EarlyText, FallBack, RefusedEhlo, Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import Session, SessionState
from support_world import collect
from support_worlds import GOOD

SECURED, BROKEN = SessionState.SECURED, SessionState.BROKEN
NO_STARTTLS, REJECTED, FAILED = (
    SessionState.NO_STARTTLS,
    SessionState.STARTTLS_REJECTED,
    SessionState.HANDSHAKE_FAILED,
)
HELO_ONLY, AT_ONCE, NO_EHLO = (
    SessionState.HELO_ONLY,
    SessionState.HELO_AT_ONCE,
    SessionState.EHLO_REJECTED,
)


@cache
def sound() -> Session:
    return assemble(collect(GOOD), GOOD.at).hosts[0].endpoints[0].sessions[0]


def session(state: SessionState = SECURED, *, version: str = "", **changes: Any) -> Session:  # noqa: ANN401 - the fields of the session have many types
    """Return a session that ended so; with a version of TLS, or as it was over TLS 1.3."""
    tls = sound().tls
    assert tls is not None
    changed = msgspec.structs.replace(tls, version=version or tls.version)
    return msgspec.structs.replace(sound(), state=state, **{"tls": changed, **changes})


def sender(**changes: Any) -> Traits:  # noqa: ANN401 - the traits have many types
    return msgspec.structs.replace(RFC8461, **changes)


def test_a_session_in_which_nothing_is_odd_goes_on_as_it_is() -> None:
    assert gone_on(sound(), sender(refused_ehlo=RefusedEhlo.FATAL)) is sound()


@pytest.mark.parametrize(
    ("says", "helo_only", "at_once", "rejected"),
    [
        (RefusedEhlo.FATAL, NO_EHLO, NO_EHLO, NO_EHLO),
        (RefusedEhlo.HELO, HELO_ONLY, NO_EHLO, NO_EHLO),
        (RefusedEhlo.HELO_AT_ONCE, HELO_ONLY, HELO_ONLY, NO_EHLO),
        (RefusedEhlo.NOT_KNOWN, HELO_ONLY, HELO_ONLY, NO_EHLO),
        (RefusedEhlo.PASSED_OVER, SECURED, SECURED, SECURED),
    ],
)
def test_after_an_error_to_ehlo_inside_tls_helo_helps_whoever_says_it(
    says: RefusedEhlo, helo_only: SessionState, at_once: SessionState, rejected: SessionState
) -> None:
    """RFC 3207 section 4.2, RFC 5321 section 3.2."""
    ended = [gone_on(session(one), sender(refused_ehlo=says)).state for one in (HELO_ONLY, AT_ONCE, NO_EHLO)]
    assert ended == [helo_only, at_once, rejected]
    assert gone_on(session(NO_STARTTLS), sender(refused_ehlo=says)).state is NO_STARTTLS


@pytest.mark.parametrize("says", RefusedEhlo)
@pytest.mark.parametrize("state", [HELO_ONLY, AT_ONCE, NO_EHLO, SECURED])
def test_only_a_passing_error_leaves_open_what_is_done_by_a_sender_of_which_it_is_not_known(
    says: RefusedEhlo, state: SessionState
) -> None:
    found = unsure_greeting(session(state), sender(refused_ehlo=says))
    want = Code.SMTP_EHLO_REJECTED if says is RefusedEhlo.NOT_KNOWN and state is AT_ONCE else None
    assert (found and found.code) == want


THROWN, SPOILT, DEFERRED = EarlyText.THROWN_AWAY, EarlyText.HANDSHAKE, EarlyText.DEFERRED


@pytest.mark.parametrize(
    ("takes", "ends", "gives_up"),
    [
        ((THROWN,), SECURED, False),
        ((SPOILT,), FAILED, False),
        ((DEFERRED,), SECURED, True),
        ((SPOILT, DEFERRED), SECURED, False),
        ((THROWN, DEFERRED), SECURED, False),
    ],
)
def test_early_text_ends_a_session_only_for_whoever_is_sure_to_take_it_amiss(
    takes: tuple[EarlyText, ...], ends: SessionState, *, gives_up: bool
) -> None:
    early, traits = session(speaks_early=True), sender(early_text=takes)
    met = gone_on(early, traits)
    assert (met.state, met.chain is None) == (ends, ends is FAILED)
    found = broken_starttls(early, traits)
    assert (found and found.code) == (Code.STARTTLS_EARLY_DATA if gives_up else None)
    assert broken_starttls(session(), traits) is None


@pytest.mark.parametrize(
    ("fall_back", "final"),
    [
        (FallBack.ALWAYS, set()),
        (FallBack.REFUSED, {FAILED}),
        (FallBack.NEVER, {FAILED, REJECTED}),
    ],
)
def test_clear_text_follows_a_starttls_that_fails_as_each_sender_has_it(
    fall_back: FallBack, final: set[SessionState]
) -> None:
    traits = sender(fall_back=fall_back)
    states = (SECURED, NO_STARTTLS, REJECTED, FAILED, BROKEN)
    assert {one for one in states if broken_starttls(session(one, tls=None, chain=None), traits)} == final


@pytest.mark.parametrize("fall_back", FallBack)
@pytest.mark.parametrize("takes", [(True,), (False,), (True, False)])
def test_whoever_never_speaks_an_old_version_has_no_tls_there_and_gives_up_if_it_does_not_fall_back(
    fall_back: FallBack, takes: tuple[bool, ...]
) -> None:
    """RFC 8996: versions before 1.2 must not be used."""
    traits = sender(fall_back=fall_back, outdated_tls=takes)
    found = broken_starttls(session(version="TLSv1.1"), traits)
    gives_up = fall_back is not FallBack.ALWAYS and takes == (False,)
    assert (found and found.code) == (Code.TLS_VERSION_OLD if gives_up else None)
    assert broken_starttls(session(version="TLSv1.2"), traits) is None


@pytest.mark.parametrize(
    ("state", "is_over_tls", "want"),
    [(BROKEN, True, True), (BROKEN, False, False), (SECURED, True, False), (FAILED, True, False)],
)
def test_a_session_is_lost_inside_that_breaks_after_its_handshake(
    state: SessionState, *, is_over_tls: bool, want: bool
) -> None:
    one = session(state) if is_over_tls else session(state, tls=None)
    assert lost_inside(one) is want


@pytest.mark.parametrize(
    ("state", "version", "again", "takes", "want"),
    [
        (SECURED, "TLSv1.3", True, (False,), True),
        (HELO_ONLY, "TLSv1.3", True, (False,), True),
        (AT_ONCE, "TLSv1.3", True, (False,), False),
        (NO_STARTTLS, "TLSv1.3", True, (False,), False),
        (SECURED, "TLSv1.1", True, (False,), False),
        (SECURED, "TLSv1.1", True, (True, False), True),
        (SECURED, "TLSv1.1", False, (False,), True),
    ],
)
def test_mail_goes_in_clear_text_over_an_old_version_for_whoever_comes_again_without_it(
    state: SessionState, version: str, again: bool, takes: tuple[bool, ...], want: bool
) -> None:
    traits = sender(clear_text_again=again, outdated_tls=takes)
    assert is_encrypted(session(state, version=version), traits) is want
    assert is_encrypted(session(state, tls=None), traits) is (state in {SECURED, HELO_ONLY})

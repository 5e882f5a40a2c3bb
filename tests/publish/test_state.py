"""The id changes if and only if the policy does, and none is used twice."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.mtasts import Mode, Policy, parse_record
from mxproof.publish.state import PublishedState, decoded, encoded, new_id, with_policy

AT = datetime(2026, 3, 2, 5, 0, 0, tzinfo=UTC)
POLICIES = st.builds(
    Policy,
    st.sampled_from(Mode),
    st.integers(1, 31_557_600),
    st.lists(st.sampled_from(("mx1.example.com", "mx2.example.com", "*.example.net")), min_size=1).map(tuple),
)


@given(st.lists(POLICIES, min_size=1, max_size=8))
def test_the_id_changes_if_and_only_if_the_policy_does(policies: list[Policy]) -> None:
    state: PublishedState | None = None
    used: frozenset[str] = frozenset()
    for policy in policies:
        after = with_policy(state, "example.com", policy, AT, used, is_shown=True)
        assert after.policy_value() == policy
        if state is not None:
            assert (after.id == state.id) == (state.policy_value() == policy)
        if state is None or after.id != state.id:
            assert after.id not in used
        used |= {after.id}
        state = after
        record = after.record()
        assert record is not None
        assert parse_record(record.octets()).id == after.id
        assert decoded(encoded(after)) == after


@given(st.integers(0, 50))
def test_no_id_is_used_twice_within_a_second(times: int) -> None:
    used: set[str] = set()
    for _ in range(times):
        used.add(new_id(AT, frozenset(used)))
    assert len(used) == times


def test_nothing_is_kept_as_nothing() -> None:
    assert decoded(encoded(None)) is None

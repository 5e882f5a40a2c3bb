"""Templates by their words: an index finds whatever a search for every needle finds."""

from hypothesis import given
from hypothesis import strategies as st

from mxproof.explain.match.known_text import known_texts
from mxproof.explain.match.near import near, near_index
from mxproof.explain.match.template import find, folded, template
from support_accuracy import PROOF

WORDS = ("no", "such", "user", "host", "mx", "1", "接続", "_25._tcp", "example.com", "'", ": ", " ", "", "s")


def test_a_template_is_found_by_its_words_in_every_sample() -> None:
    entries = known_texts().entries
    for path in sorted(PROOF.glob("*.eml"))[::9]:
        examined = folded(" ".join(path.read_text(encoding="latin-1").split()))
        want = [one.source for one, _ in entries if find(one, examined)]
        got = [one.source for one, _ in near(known_texts(), examined.lowered) if find(one, examined)]
        assert got == want


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_no_text_that_matches_is_missed(text: str) -> None:
    sources = (
        "no such {word} here",
        "user {host}'s mx",
        "接続が",
        "host {gap}user",
        "{number} such"[9:] + "user",
    )
    entries = [(template(source), source) for source in sources]
    examined = folded(" ".join(text.split()))
    want = [source for one, source in entries if find(one, examined)]
    assert [
        source for one, source in near(near_index(entries), examined.lowered) if find(one, examined)
    ] == want

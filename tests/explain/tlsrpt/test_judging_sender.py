"""The model that a row is judged by: the sender's own where it knows the protection, else one that does what its RFC says."""

import msgspec
import pytest

from mxproof.explain.tlsrpt.judging_sender import judging_sender, model_of
from mxproof.judge.senders import readings
from mxproof.judge.senders.postfix import POSTFIX_DANE
from mxproof.judge.senders.providers import GOOGLE, MICROSOFT
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.senders.traits import Traits

BY_RFC = msgspec.structs.replace(RFC8461, readings=readings.BOTH)


@pytest.mark.parametrize(
    ("sender", "by_dane", "want"),
    [
        (MICROSOFT, False, MICROSOFT),
        (MICROSOFT, True, MICROSOFT),
        (GOOGLE, False, GOOGLE),
        (GOOGLE, True, POSTFIX_DANE),
        (None, False, BY_RFC),
        (None, True, POSTFIX_DANE),
    ],
)
def test_a_row_is_judged_by_its_sender_or_by_the_rfc(
    sender: Traits | None, by_dane: bool, want: Traits
) -> None:
    """Google knows no DANE, so that a row of it is somebody else's."""
    assert judging_sender(sender, by_dane=by_dane) == want


def test_only_those_that_report_have_a_model_here() -> None:
    assert [model_of(one) for one in ("microsoft", "google", "postfix-dane", "")] == [
        MICROSOFT,
        GOOGLE,
        None,
        None,
    ]

"""Places of delivery: every address that some sender tried, by preference, and what each sender does there."""

from mxproof.judge.report import Attempt, Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.render.places import cells_of, places_of
from support_report import delivery

MX1, MX2 = "mx1.example.com", "mx2.example.com"


def sender(*tried: tuple[int, str, str | None, Verdict]) -> Delivery:
    return delivery(
        "exim",
        attempts=tuple(
            Attempt(mx, preference, address, mx, None, outcome, "")
            for preference, mx, address, outcome in tried
        ),
    )


CONNECTING = sender(
    (20, MX2, "192.0.2.2", Verdict.DELIVERS),
    (5, MX1, "192.0.2.1", Verdict.DELIVERS),
    (5, MX1, "2001:db8::1", Verdict.UNKNOWN),
)
REFUSING = sender((5, MX1, None, Verdict.REFUSED), (10, MX1, None, Verdict.AT_RISK))


def test_places_stand_in_order_of_preference_as_numbers_are_ordered() -> None:
    assert places_of([CONNECTING]) == (
        (5, MX1, "192.0.2.1"),
        (5, MX1, "2001:db8::1"),
        (20, MX2, "192.0.2.2"),
    )


def test_a_host_has_a_place_without_address_where_nobody_tried_one_of_it_at_that_preference() -> None:
    assert places_of([REFUSING]) == ((5, MX1, ""), (10, MX1, ""))
    assert places_of([CONNECTING, REFUSING]) == (
        (5, MX1, "192.0.2.1"),
        (5, MX1, "2001:db8::1"),
        (10, MX1, ""),
        (20, MX2, "192.0.2.2"),
    )
    assert places_of([]) == ()


def test_what_a_sender_says_of_a_host_counts_at_each_address_of_it() -> None:
    places = places_of([CONNECTING, REFUSING])
    assert cells_of(REFUSING, places) == (Verdict.REFUSED, Verdict.REFUSED, Verdict.AT_RISK, None)
    assert cells_of(CONNECTING, places) == (Verdict.DELIVERS, Verdict.UNKNOWN, None, Verdict.DELIVERS)
    both = sender((5, MX1, None, Verdict.REFUSED), (5, MX1, "192.0.2.1", Verdict.DELIVERS))
    assert cells_of(both, places[:2]) == (Verdict.DELIVERS, Verdict.REFUSED)

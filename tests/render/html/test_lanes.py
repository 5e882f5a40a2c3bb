"""The drawing of a rehearsal: a lane for senders that fare alike, its colours in words as well, and a table beside it."""

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Lane, Rehearsal, Span
from mxproof.render.html.lanes import COLUMNS_MAX, lanes
from support_markup import printed

NO, YES = Verdict.REFUSED, Verdict.DELIVERS
FINE = Lane("fine", (Span(-1, None, YES),))
TROUBLED = (Span(-1, 90_061, NO), Span(90_061, None, YES))


def figure(*drawn: Lane, steps_s: tuple[int, ...] = (0, 90_061)) -> str:
    """Return what stands below the caption of the figure."""
    decides = frozenset(lane.sender for lane in drawn)
    (said,) = printed(lanes(Rehearsal(steps_s, drawn, ()), decides, "At once", "once"))
    head, tail = '<figure class="rehearsal"><figcaption>At once</figcaption>', "</figure>"
    assert said.startswith(head)
    assert said.endswith(tail)
    return said[len(head) : -len(tail)]


def test_where_every_sender_delivers_throughout_nothing_is_drawn() -> None:
    assert figure(FINE) == '<p class="delivers">Every sender delivers throughout.</p>'


def test_a_lane_is_drawn_with_its_times_steps_and_signs_and_told_in_words_and_as_a_table() -> None:
    refused = '<td><span class="word refused"><span aria-hidden="true">✘ </span>REFUSES</span></td>'
    delivers = '<td><span class="word delivers"><span aria-hidden="true">✔ </span>delivers</span></td>'
    assert figure(Lane("a", TROUBLED), FINE, Lane("b", TROUBLED)) == (
        '<svg role="img" aria-labelledby="once-title once-desc" width="100%" height="126" class="lanes">'
        '<title id="once-title">At once</title>'
        '<desc id="once-desc">a and b: REFUSES now, delivers from 1d1h. fine: delivers throughout.</desc>'
        '<line x1="0.00%" x2="0.00%" y1="4" y2="120" class="tick"></line>'
        '<text x="0.00%" dx="3" y="12" class="time">now</text>'
        '<line x1="33.33%" x2="33.33%" y1="4" y2="120" class="tick"></line>'
        '<text x="33.33%" dx="3" y="12" class="time">0</text>'
        '<text x="33.33%" dx="3" y="26" class="step">▼ 1</text>'
        '<line x1="66.67%" x2="66.67%" y1="4" y2="120" class="tick"></line>'
        '<text x="66.67%" dx="3" y="12" class="time">1d1h</text>'
        '<text x="66.67%" dx="3" y="26" class="step">▼ 2</text>'
        '<text x="3" y="54" class="name">a and 1 more</text>'
        '<rect x="0.00%" y="60" width="66.67%" height="16" class="span refused"></rect>'
        '<text x="0.00%" dx="5" y="72" class="sign">✘</text>'
        '<rect x="66.67%" y="60" width="33.33%" height="16" class="span delivers"></rect>'
        '<text x="66.67%" dx="5" y="72" class="sign">✔</text>'
        '<text x="3" y="96" class="name">fine</text>'
        '<rect x="0.00%" y="102" width="100.00%" height="16" class="span delivers"></rect>'
        '<text x="0.00%" dx="5" y="114" class="sign">✔</text></svg>'
        "<details><summary>The same as a table, with every sender</summary>"
        '<div class="scroll" role="group" aria-label="At once" tabindex="0"><table>'
        '<caption class="unseen">At once</caption><thead><tr><th scope="col">Senders</th><th scope="col">Now</th>'
        '<th scope="col">0, step 1</th><th scope="col">1d1h, step 2</th></tr></thead><tbody>'
        f'<tr><th scope="row">a, b</th>{refused}{refused}{delivers}</tr>'
        f'<tr><th scope="row">fine</th>{delivers}{delivers}{delivers}</tr></tbody></table></div></details>'
    )


def test_where_no_sender_delivers_throughout_there_is_no_lane_for_them() -> None:
    drawn = figure(Lane("a", TROUBLED))
    assert 'height="84"' in drawn
    assert '<desc id="once-desc">a: REFUSES now, delivers from 1d1h.</desc>' in drawn
    assert drawn.count('class="name"') == 1


def alternating(changes: int) -> Lane:
    """Return a lane that is another one after each of so many minutes."""
    ends = [60 * number for number in range(1, changes + 1)]
    spans = zip([-1, *ends], [*ends, None], strict=True)
    return Lane(
        "a", tuple(Span(begin, end, YES if number % 2 else NO) for number, (begin, end) in enumerate(spans))
    )


def test_lanes_that_go_on_changing_after_the_last_column_say_so() -> None:
    more = '</svg><p class="faint">Lanes go on changing after the last column.</p><details>'
    room = COLUMNS_MAX - 2
    assert more not in figure(alternating(room), steps_s=(0,))
    assert more in figure(alternating(room + 1), steps_s=(0,))
    assert figure(alternating(room + 1), steps_s=(0,)).count('class="tick"') == COLUMNS_MAX == 8


def test_a_time_for_which_the_axis_has_no_room_stands_whole_in_words_and_table() -> None:
    short, long = 10 * 86_400 + 12 * 3600, 100 * 86_400 + 12 * 3600
    drawn = figure(
        Lane("a", (Span(-1, short, NO), Span(short, long, YES), Span(long, None, NO))), steps_s=(0,)
    )
    times = [one.partition("<")[0] for one in drawn.split('class="time">')[1:]]
    assert times == ["now", "0", "10d12h", "100d+"]
    assert "a: REFUSES now, delivers from 10d12h, REFUSES from 100d12h." in drawn
    assert '<th scope="col">100d12h</th>' in drawn

"""Tables of counts as a page: numbers as bars, and no text that is anything else."""

from mxproof.render.html.counted import ROWS_SHOWN_MAX, CountedTable, counted_html


def _page(*tables: CountedTable) -> str:
    return "".join(
        counted_html("Mail of 3 domains", [("depth", "records"), ("made up", "")], tables, "mxproof scan")
    )


def test_a_count_is_drawn_in_proportion_to_the_most() -> None:
    page = _page(CountedTable("adoption", "Who has it.", ("mode", "domains"), (("none", 4), ("enforce", 1))))
    assert page.count('class="bar"') == 2
    assert "width:100.0%" in page
    assert "width:25.0%" in page


def test_a_share_is_drawn_as_what_it_is() -> None:
    page = _page(
        CountedTable("faults", "What.", ("fault", "domains", "percent"), (("id", 3, 5.0), ("syntax", 1, 1.5)))
    )
    assert "width:5.0%" in page
    assert "width:1.5%" in page


def test_a_table_without_counts_has_no_bars() -> None:
    page = _page(CountedTable("senders", "Who.", ("sender", "refused"), (("rfc8461", 0),)))
    assert 'class="bar"' not in page


def test_what_is_not_known_of_all_is_not_told() -> None:
    page = _page()
    assert "<dt>depth</dt>" in page
    assert "made up" not in page


def test_a_table_without_rows_says_so() -> None:
    assert "None." in _page(CountedTable("dane", "Who.", ("dane", "domains"), ()))


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = tuple((f"{number}.example", 1) for number in range(ROWS_SHOWN_MAX + 2))
    assert "and 2 more" in _page(CountedTable("providers", "Whose.", ("provider", "domains"), rows))


def test_a_text_from_outside_is_only_ever_a_text() -> None:
    page = _page(CountedTable("providers", "Whose.", ("provider", "domains"), (("<script>x</script>", 1),)))
    assert "<script>" not in page


def test_nothing_is_drawn_of_none() -> None:
    page = _page(CountedTable("senders", "Who.", ("sender", "percent_refused"), (("a", 0.0), ("b", 0.001))))
    assert page.count('class="track"') == 2
    assert page.count('class="bar"') == 1
    assert "percent refused" in page

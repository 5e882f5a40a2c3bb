"""Where the zone of a name may begin."""

from mxproof.survey.zone import CUT_LABELS_MAX, cuts


def test_the_zone_of_a_name_is_at_it_or_above_it_and_below_the_top_level() -> None:
    assert list(cuts("mx.example.com")) == ["mx.example.com", "example.com"]
    assert list(cuts("com")) == []


def test_the_zone_above_the_tlsa_name_of_a_host_of_many_labels_is_found() -> None:
    assert "example.com" in cuts("_25._tcp.mx1.mail.ams.eu.example.com")


def test_a_name_of_very_many_labels_is_tried_a_few_times_only() -> None:
    assert len(list(cuts("x." * 100 + "com"))) == CUT_LABELS_MAX

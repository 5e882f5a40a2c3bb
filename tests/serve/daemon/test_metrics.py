from mxproof.serve.daemon.metrics import Durations, by_label, counter, exposition, gauge
from mxproof.serve.daemon.process import process_text


def test_families_are_written_as_prometheus_reads_them() -> None:
    families = (
        counter("said_total", "Words said.", 3),
        counter("heard_total", "Words heard, by ear.", by_label("ear", {"right": 2, "left": 1})),
        counter("never_total", "What never was.", {}),
        gauge("load", "How much.", 0.5),
    )
    assert exposition("mxproof_test_", families).splitlines() == [
        "# HELP mxproof_test_said_total Words said.",
        "# TYPE mxproof_test_said_total counter",
        "mxproof_test_said_total 3",
        "# HELP mxproof_test_heard_total Words heard, by ear.",
        "# TYPE mxproof_test_heard_total counter",
        'mxproof_test_heard_total{ear="left"} 1',
        'mxproof_test_heard_total{ear="right"} 2',
        "# HELP mxproof_test_never_total What never was.",
        "# TYPE mxproof_test_never_total counter",
        "# HELP mxproof_test_load How much.",
        "# TYPE mxproof_test_load gauge",
        "mxproof_test_load 0.5",
    ]


def test_no_digit_of_a_count_is_lost() -> None:
    families = (counter("many_total", "Many.", 12_345_678_901), gauge("load", "How much.", 1234.56789))
    values = [line for line in exposition("", families).splitlines() if not line.startswith("#")]
    assert values == ["many_total 12345678901", "load 1234.56789"]


def test_durations_are_counted_by_bounds_that_hold_those_below() -> None:
    durations = Durations((0.5, 1.0))
    for seconds in (0.25, 0.5, 0.75, 3.0):
        durations.add(seconds)
    assert exposition("mxproof_", (durations.family("wait_seconds", "How long."),)).splitlines() == [
        "# HELP mxproof_wait_seconds How long.",
        "# TYPE mxproof_wait_seconds histogram",
        'mxproof_wait_seconds_bucket{le="0.5"} 2',
        'mxproof_wait_seconds_bucket{le="1"} 3',
        'mxproof_wait_seconds_bucket{le="+Inf"} 4',
        "mxproof_wait_seconds_sum 4.5",
        "mxproof_wait_seconds_count 4",
    ]


def test_a_process_is_told_of_under_the_usual_names() -> None:
    names = {line.split()[2] for line in process_text().splitlines() if line.startswith("# TYPE")}
    assert names >= {"process_cpu_seconds_total", "process_start_time_seconds", "mxproof_build_info"}

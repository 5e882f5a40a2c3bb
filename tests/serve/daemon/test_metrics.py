from mxproof.serve.daemon.metrics import by_label, counter, exposition, gauge


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

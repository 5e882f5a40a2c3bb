"""Alerts and board of contrib, as Prometheus reads them: the rules hold, and every query is one."""

import json
import subprocess
from pathlib import Path

import pytest

CONTRIB = Path(__file__).resolve().parents[2] / "contrib"
DAEMONS = ("", "-watch")
"""As they end the names of the files of rules; policyd's were there first."""
WITHIN_S = 300.0

pytestmark = pytest.mark.usefixtures("host")


def promtool(*arguments: str, folder: Path = CONTRIB) -> subprocess.CompletedProcess[str]:
    """Run promtool in `folder`."""
    command = ["promtool", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False)


@pytest.mark.parametrize("daemon", DAEMONS)
def test_the_rules_are_read_whole(daemon: str) -> None:
    done = promtool("check", "rules", f"prometheus-rules{daemon}.yml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("daemon", DAEMONS)
def test_the_alerts_come_when_they_should(daemon: str) -> None:
    done = promtool("test", "rules", f"prometheus-rules{daemon}-test.yml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("board", ["grafana-policyd.json", "grafana-watch.json"])
def test_every_query_of_a_board_is_one(board: str, tmp_path: Path) -> None:
    panels = json.loads((CONTRIB / board).read_text(encoding="utf-8"))["panels"]
    queries = [target["expr"] for panel in panels for target in panel["targets"]]
    rules = [
        {"record": f"board:{number}", "expr": expr.replace("$__rate_interval", "5m")}
        for number, expr in enumerate(queries)
    ]
    assert rules
    # JSON is YAML
    text = json.dumps({"groups": [{"name": "board", "rules": rules}]})
    (tmp_path / "board.yml").write_text(text, encoding="utf-8")
    done = promtool("check", "rules", "board.yml", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("expr", ["sum(rate(x[5m])", "histogram_quantile(0.9"])
def test_what_is_no_query_is_refused(tmp_path: Path, expr: str) -> None:
    text = json.dumps({"groups": [{"name": "board", "rules": [{"record": "board:0", "expr": expr}]}]})
    (tmp_path / "board.yml").write_text(text, encoding="utf-8")
    assert promtool("check", "rules", "board.yml", folder=tmp_path).returncode != 0

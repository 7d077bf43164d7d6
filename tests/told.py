"""What a lane of `make test` says at its end, and what it tells the summary of all lanes."""

import json
import os
from pathlib import Path


def pytest_terminal_summary(terminalreporter):
    """What could not be run is said where it cannot be missed, just above the closing line; what
    became of the tests goes into the file LANE_TOLD names."""
    for notice in filter(None, os.environ.get("NOTICES", "").split("\n")):
        terminalreporter.write_line(f"!!! {notice}", yellow=True, bold=True)
    if told := os.environ.get("LANE_TOLD"):
        kinds = terminalreporter.stats
        failures = [
            f"{kind.upper()} {report.nodeid}: {_in_a_line(report)}"
            for kind in ("failed", "error")
            for report in kinds.get(kind, ())
        ]
        counted = {kind: len(reports) for kind, reports in kinds.items()}
        failed = dict.fromkeys(
            f"{terminalreporter.config.rootpath}/{report.nodeid}"
            for kind in ("failed", "error")
            for report in kinds.get(kind, ())
        )
        Path(told).write_text(
            json.dumps({"counted": counted, "failures": failures, "failed": list(failed)})
        )


def _in_a_line(report):
    """What went wrong."""
    crash = getattr(report.longrepr, "reprcrash", None)
    said = crash.message if crash else str(report.longrepr).strip().rpartition("\n")[2]
    return said.partition("\n")[0]

"""What `make test` says when its lanes are done."""

import time

from tests import run

PASSES = "def test_a(): pass\n"
FAILS = "def test_b(): assert 1 == 2, 'not so'\n" + PASSES


def lanes(folder, *texts):
    """Suites of one file each, without anything of the site's."""
    for number, text in enumerate(texts):
        place = folder / str(number)
        place.mkdir()
        (place / "pytest.ini").write_text("[pytest]\n")
        (place / "conftest.py").write_text("from tests.told import pytest_terminal_summary\n")
        (place / "test_it.py").write_text(text)
        options = (str(place), "-q", "-p", "no:django", "-p", "no:cacheprovider")
        yield f"Lane {number}", (*options, f"--rootdir={place}"), "", 0


def test_a_lane_that_fails_ends_no_other_and_all_failures_stand_at_the_end(tmp_path, capfd):
    code = run.run_all(list(lanes(tmp_path, PASSES, FAILS, "import no_such_module\n", PASSES)))
    said = capfd.readouterr().out
    end = said[said.index("── What failed ──") :].strip().splitlines()
    assert code == 1
    assert "Lane 1: FAILED test_it.py::test_b: AssertionError: not so" in end[1]
    assert "Lane 2: ERROR test_it.py" in end[2]
    assert end[3].startswith("== 1 failed, 3 passed, 1 error in ")
    assert end[3].endswith(") ==")
    assert len(end) == 4


def test_all_is_well_in_one_line(tmp_path, capfd):
    assert run.run_all(list(lanes(tmp_path, PASSES, PASSES))) == 0
    last = capfd.readouterr().out.strip().splitlines()[-1]
    assert last.startswith("== 2 passed in ")


def test_a_lane_that_told_nothing_is_a_failure_by_itself(tmp_path):
    words = run.summary([("Lane", -9, tmp_path / "none")], time.monotonic())
    assert "Lane: it ended with -9, see what it said above" in words
    assert "== 1 error in " in words


ONCE = """
from pathlib import Path
def test_b():
    seen = Path(__file__).with_name("seen")
    before = seen.exists()
    seen.touch()
    assert before, "not yet"
def test_a(): pass
"""


def test_a_page_that_failed_beside_the_others_is_tried_by_itself_and_it_is_said(tmp_path, capfd):
    (only,) = lanes(tmp_path, ONCE)
    assert run.run_all([(run.MOMENTS, *only[1:])]) == 0
    end = capfd.readouterr().out.strip().splitlines()[-2:]
    assert "FAILED test_it.py::test_b: AssertionError: not yet" in end[0]
    assert end[0].endswith("(passed by itself)")
    assert end[1].startswith("== 2 passed in ")


def test_a_page_that_fails_by_itself_too_has_failed(tmp_path, capfd):
    (only,) = lanes(tmp_path, FAILS)
    assert run.run_all([(run.MOMENTS, *only[1:])]) == 1
    assert "== 1 failed, 1 passed in " in capfd.readouterr().out.strip().splitlines()[-1]


def test_nothing_but_pages_is_tried_twice(tmp_path):
    (only,) = lanes(tmp_path, ONCE)
    assert run.run_all([only]) == 1


def test_the_journeys_are_left_out_unless_all_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(run, "run_all", lambda lanes: asked.append(lanes) or 0)
    monkeypatch.setattr(run, "answers", lambda url: True)
    for kind in (run.QUICK, ()):
        run.run_lanes("chromium", "postgres://", None, kind)
    quick, everything = asked
    assert all("not journey" in options for _, options, _, _ in quick)
    assert not any("not journey" in options for _, options, _, _ in everything)
    assert ["--likely" in options for _, options, _, _ in quick] == [False, False, False, True]
    assert not any("--likely" in options for _, options, _, _ in everything)
    assert len(quick) == len(everything) == 4

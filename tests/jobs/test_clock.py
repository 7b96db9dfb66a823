"""The clock, running for real, with a table of quick programs."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.__main__ import main
from jobs.clock import ALONGSIDE, TABLE

CLOCK = """\
from datetime import UTC
from apscheduler.triggers.interval import IntervalTrigger
from jobs.clock import Job, run_clock
from matcher.logs import set_up_logs

def job(*words, **when):
    return Job(words=words, when=IntervalTrigger(timezone=UTC, **when), safe_twice="it is a test")

set_up_logs()
run_clock({table}, program={program!r})
"""
PROGRAM = (sys.executable, "-c")
TICK = "print('tick', flush=True)"


@pytest.fixture
def clock(tmp_path):
    """Start a clock with a table; it is ended with the test."""
    started = []

    def start(table: str, program: tuple[str, ...] = PROGRAM) -> subprocess.Popen[str]:
        script = tmp_path / "a_clock.py"
        script.write_text(textwrap.dedent(CLOCK.format(table=table, program=program)))
        started.append(
            subprocess.Popen(
                [sys.executable, script],
                stderr=subprocess.PIPE,
                text=True,
                cwd=tmp_path,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            )
        )
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()
        each.stderr.close()


def line_with(running: subprocess.Popen[str], text: str) -> str:
    for line in running.stderr:
        if text in line:
            return line
    raise AssertionError(f"the clock ended and never said {text!r}")


def test_a_job_runs_at_the_start_and_again_and_its_output_is_in_the_log(clock):
    running = clock(f"[job({TICK!r}, seconds=1)]")
    for _ in range(3):
        assert line_with(running, "tick")


def test_a_job_that_crashes_takes_neither_the_clock_nor_the_others_along(clock):
    crash = "import os; os.abort()"
    running = clock(f"[job({crash!r}, seconds=1), job({TICK!r}, seconds=1)]")
    assert '"exit_code": -6' in line_with(running, "job failed")
    assert line_with(running, "tick")
    assert '"exit_code": -6' in line_with(running, "job failed")


def test_a_job_that_cannot_start_is_logged_and_tried_again(clock):
    running = clock(f"[job({TICK!r}, seconds=1)]", program=("/there/is/no/such/program",))
    assert "No such file" in line_with(running, "job did not start")
    assert "No such file" in line_with(running, "job did not start")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_clock_after_the_running_jobs(clock, tmp_path, number):
    job = "import pathlib, time; print('begun', flush=True); time.sleep(1); pathlib.Path('done').write_text('')"
    running = clock(f"[job({job!r}, hours=1)]")
    line_with(running, "clock starts")
    line_with(running, "begun")
    running.send_signal(number)
    assert line_with(running, "the clock ends after the running jobs")
    assert running.wait() == 0
    assert (tmp_path / "done").exists()


def test_a_signal_in_the_first_moment_ends_the_clock_too(clock):
    running = clock(f"[job({TICK!r}, hours=1)]")
    line_with(running, "clock starts")
    running.send_signal(signal.SIGTERM)
    assert line_with(running, "the clock ends after the running jobs")
    assert running.wait() == 0


def test_a_job_never_runs_beside_itself(clock, tmp_path):
    job = (
        "import pathlib, time; mark = pathlib.Path('running');"
        "print('twice' if mark.exists() else 'alone', flush=True);"
        "mark.write_text(''); time.sleep(1.5); mark.unlink()"
    )
    running = clock(f"[job({job!r}, seconds=1)]")
    said = [line for line in (next(running.stderr) for _ in range(5)) if line in ("alone\n", "twice\n")]
    assert said
    assert set(said) == {"alone\n"}


# The real table


def test_every_line_of_the_table_says_what_makes_it_safe_to_run_twice():
    assert [job.words for job in TABLE] == [("nightly",), ("publish",), ("deliver",), ("tidy",), ("backup",)]
    assert all(job.safe_twice for job in TABLE)


@pytest.mark.parametrize(
    ("words", "pause"), [("nightly", 5), ("publish", 5), ("deliver", 1), ("tidy", 60), ("backup", 24 * 60)]
)
def test_each_job_comes_as_often_as_it_should(words, pause):
    (job,) = (job for job in TABLE if job.words == (words,))
    now = datetime(2026, 3, 28, 12, tzinfo=UTC)
    first = job.when.get_next_fire_time(None, now)
    assert job.when.get_next_fire_time(first, first + timedelta(seconds=1)) - first == timedelta(minutes=pause)


def test_backups_are_made_at_two_and_not_at_every_start():
    backup = TABLE[-1]
    assert backup.when.get_next_fire_time(None, datetime(2026, 3, 28, 12, tzinfo=UTC)).hour == 2
    assert [job.at_start for job in TABLE] == [True, True, True, True, False]


def test_the_program_is_the_alongside_of_this_environment():
    said = subprocess.run([*ALONGSIDE, "--version"], capture_output=True, text=True)
    assert said.stdout.startswith("alongside, version")


def test_every_job_of_the_table_is_a_command():
    assert {job.words[0] for job in TABLE} <= set(main.commands)

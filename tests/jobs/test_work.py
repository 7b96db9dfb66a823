"""`alongside work` as the Procfile starts it."""

import os
import signal
import subprocess
from pathlib import Path

from jobs.clock import ALONGSIDE, TABLE

ROOT = Path(__file__).parents[2]


def test_the_procfile_brings_the_database_up_to_date_and_starts_the_clock():
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert "release: alongside db upgrade" in lines
    assert "worker: alongside work" in lines


def test_the_clock_starts_with_its_table_and_ends_well_when_told_to(tmp_path):
    environment = {**os.environ, "DATABASE_URL": "sqlite:////dev/null/nowhere.db"}  # no job gets far
    running = subprocess.Popen([*ALONGSIDE, "work"], stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment)
    first = next(running.stderr)
    running.send_signal(signal.SIGTERM)
    rest = running.communicate()[1]
    assert all(job.words[0] in first for job in TABLE)
    assert "Traceback" not in rest
    assert running.returncode == 0

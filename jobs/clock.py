"""The clock: which job runs when, and what makes it safe to run twice."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

import structlog
from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

ALONGSIDE = (str(Path(sys.executable).with_name("alongside")),)
"""The command of this environment, wherever one stands."""

_LATE_SECONDS = 3600
"""How late a run may begin, should the machine have slept; later it is the next one's turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One line of the table. ``at_start``: run it also when the clock starts, so that restarts put nothing off."""

    words: tuple[str, ...]
    when: BaseTrigger
    safe_twice: str
    at_start: bool = True


TABLE = (
    Job(
        words=("nightly",),
        when=IntervalTrigger(minutes=5, timezone=UTC),
        safe_twice="it acts only where a night is due, and a night has one row for each group and date",
    ),
    Job(
        words=("publish",),
        when=IntervalTrigger(minutes=5, timezone=UTC),
        safe_twice="a draft leaves its state in the transaction that publishes it",
    ),
    Job(
        words=("deliver",),
        when=IntervalTrigger(minutes=1, timezone=UTC),
        safe_twice="a message is claimed with a lease before it is sent, and carries the same Message-ID again",
    ),
    Job(
        words=("tidy",),
        when=IntervalTrigger(hours=1, timezone=UTC),
        safe_twice="an account is looked at again under lock before it is forgotten, and what is deleted is gone",
    ),
    Job(
        words=("backup",),
        when=CronTrigger(hour=2, timezone=UTC),
        safe_twice="each backup is a file of its own, in its place only when it is whole",
        at_start=False,
    ),
)


def run_clock(table: Sequence[Job], program: Sequence[str] = ALONGSIDE) -> None:
    """Run every job of a table at its times, until SIGTERM or Ctrl-C; then wait for the running ones.

    Each run is a program of its own: a crash, a leak or a solver gone astray ends with it and never takes the clock
    along. It has a session of its own too, because Ctrl-C in a terminal reaches a whole group of programs, and a run
    that has begun should end as it meant to. What it says goes into our log, which is standard error.
    """
    scheduler = BlockingScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(len(table))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _LATE_SECONDS},
    )
    for job in table:
        first = {"next_run_time": datetime.now(UTC)} if job.at_start else {}
        scheduler.add_job(run, job.when, [job, program], id=" ".join(job.words), **first)
    ending = _end_when_told(scheduler)
    structlog.get_logger().info("the clock starts", jobs=[" ".join(job.words) for job in table])
    scheduler.start()
    ending.join()


def _end_when_told(scheduler: BlockingScheduler) -> threading.Thread:
    """Let a thread end the scheduler. A signal only wakes it: thrown into the scheduler's middle, it could hang it."""
    told: SimpleQueue[int] = SimpleQueue()  # the one queue that a signal may write to
    started = threading.Event()

    def end() -> None:
        told.get()
        started.wait()
        structlog.get_logger().info("the clock ends after the running jobs")
        scheduler.shutdown(wait=True)

    scheduler.add_listener(lambda _: started.set(), EVENT_SCHEDULER_STARTED)
    ending = threading.Thread(target=end, daemon=True)  # so that a scheduler that breaks ends the program
    ending.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.put(number))
    return ending


def run(job: Job, program: Sequence[str]) -> None:
    """Run one job and log how it ended."""
    log = structlog.get_logger().bind(job=" ".join(job.words))
    try:
        code = subprocess.run([*program, *job.words], stdout=sys.stderr, start_new_session=True).returncode
    except OSError as problem:
        log.error("job did not start", why=problem.strerror)
        return
    if code:
        log.error("job failed", exit_code=code)

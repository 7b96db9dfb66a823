"""`alongside work`: the clock that runs all jobs, in the foreground."""

import signal
from types import FrameType

import click
import structlog

from jobs.clock import TABLE, run_clock


@click.command()
def work() -> None:
    """Run all jobs at their times: nights, publishing, mail, backups.

    Let one of these run beside the pages, and restart it whenever it ends; nothing breaks if two of them run. SIGTERM
    and Ctrl-C end it after the running jobs.
    """
    signal.signal(signal.SIGTERM, _end)
    structlog.get_logger().info("the clock starts", jobs=[" ".join(job.words) for job in TABLE])
    run_clock(TABLE)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

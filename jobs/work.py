"""`alongside work`: the clock that runs all jobs, in the foreground."""

import click

from jobs.clock import TABLE, run_clock


@click.command()
def work() -> None:
    """Run all jobs at their times: nights, publishing, mail, erasures, backups.

    Let one of these run beside the pages, and restart it whenever it ends; nothing breaks if two of them run. SIGTERM
    and Ctrl-C end it after the running jobs.
    """
    run_clock(TABLE)

"""The `alongside` command; each of its commands is a module of this package."""

import click

from jobs.backup import backup
from jobs.create_group import create, open_
from jobs.db import db
from jobs.deliver import deliver_now
from jobs.demo import demo
from jobs.doctor import doctor
from jobs.import_people import import_people
from jobs.invite import invite
from jobs.nightly import nightly
from jobs.pair import pair
from jobs.publish import hold, publish
from jobs.restore import restore
from jobs.serve import serve
from jobs.tidy import tidy
from jobs.verify import verify
from jobs.work import work
from matcher.errors import AlongsideError
from matcher.logs import set_up_logs


class Sentence(click.ClickException):
    """A domain error at the edge: the sentence by itself, and exit code 2."""

    exit_code = 2


class Commands(click.Group):
    """The commands; what a person can mend reaches them as a sentence, never as a traceback."""

    def invoke(self, context: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(context)
        except AlongsideError as problem:
            raise Sentence(str(problem)) from None


@click.group(cls=Commands)
@click.version_option(package_name="alongside", prog_name="alongside")
def main() -> None:
    """Pair the members of a peer support group, and show the reasons."""
    set_up_logs()


for command in (
    *(backup, create, db, deliver_now, demo, doctor, hold, import_people, invite, nightly),
    *(open_, pair, publish, restore, serve, tidy, verify, work),
):
    main.add_command(command)

if __name__ == "__main__":
    main()

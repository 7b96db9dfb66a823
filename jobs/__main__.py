"""The `alongside` command; each of its commands is a module of this package."""

import click

from jobs.backup import backup
from jobs.demo import demo
from jobs.pair import pair
from jobs.restore import restore
from jobs.serve import serve
from jobs.verify import verify
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


main.add_command(backup)
main.add_command(demo)
main.add_command(pair)
main.add_command(restore)
main.add_command(serve)
main.add_command(verify)

if __name__ == "__main__":
    main()

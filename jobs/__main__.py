"""The `alongside` command; each of its commands is a module of this package."""

import click

from jobs.serve import serve
from matcher.logs import set_up_logs


@click.group()
@click.version_option(package_name="alongside", prog_name="alongside")
def main() -> None:
    """Pair the members of a peer support group, and show the reasons."""
    set_up_logs()


main.add_command(serve)


if __name__ == "__main__":
    main()

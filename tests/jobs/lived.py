"""The demo as a person runs it, once for all tests that look at what it leaves behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy.orm import Session

from jobs.__main__ import main
from matcher.database import closing_engine, engine_for, reading
from matcher.sealing import Keyring

UNTIL = date(2026, 11, 23)


@dataclass(frozen=True)
class Lived:
    """Where the weeks of an invented group are, and what was told of them."""

    folder: Path
    said: str

    @property
    def settings(self) -> dict[str, str]:
        """The environment in which this is the instance."""
        url = f"sqlite:///{self.folder / 'alongside.db'}"
        return {"DATABASE_URL": url, "ALONGSIDE_KEY_FILE": str(self.folder / "alongside.key")}

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """Look at them."""
        keyring = Keyring.read(self.folder / "alongside.key")
        with closing_engine(engine_for(self.settings["DATABASE_URL"], keyring)) as engine, reading(engine) as session:
            yield session


def live(folder: Path, *words: object) -> Lived:
    """Run the demo into a folder, and end with its story."""
    said = CliRunner().invoke(main, ["demo", "--no-serve", "--on", str(UNTIL), "--out", str(folder), *map(str, words)])
    assert said.exit_code == 0, said.output
    return Lived(folder, said.stdout)

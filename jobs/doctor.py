"""`alongside doctor`: one line for each thing that must be well, and what to do where it is not."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import click
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from jobs.backup import newest
from jobs.mail.post import LineError
from jobs.mail.smtp import SmtpPost
from matcher import nights
from matcher.backlog import backlog
from matcher.database import closing_engine, engine_for, reading
from matcher.errors import AlongsideError
from matcher.models import Fence, Group, PairingRun
from matcher.schema import is_there, require_current, require_its_keys, revision_of, revisions
from matcher.sealing import Keyring
from matcher.settings import Settings, read_settings
from matcher.states import RunState
from matcher.wording import counted

OK, LOOK, BROKEN = "ok", "look here", "broken"
OVERDUE = timedelta(hours=36)
"""How old the last backup may be; of nights :mod:`matcher.nights` knows it."""
LATE = timedelta(hours=1)
"""How long a mail that is due may lie; the clock delivers every minute."""

_HERE = ("localhost", "127.0.0.1", "::1")
_SMTP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is, in a sentence."""

    what: str
    verdict: str
    sentence: str


Findings = Iterator[tuple[str, str]]
"""Verdicts and sentences of one check."""


@click.command()
def doctor() -> None:
    """Look whether all is well: settings, keys, database, nights, mail, backups.

    Prints one line for each thing: ok, look here, or broken. The exit code is 1 if something is broken, so that
    whoever watches the machine can run this. It changes nothing and sends nothing.
    """
    findings = list(examine(datetime.now(UTC)))
    for each in findings:
        click.echo(f"{each.verdict:9}  {each.what}: {each.sentence}")
    if any(each.verdict == BROKEN for each in findings):
        raise SystemExit(1)


def examine(now: datetime) -> Iterator[Finding]:
    """Everything there is to look at, as far as one can get."""
    try:
        settings = read_settings()
    except AlongsideError as problem:
        yield Finding("settings", BROKEN, str(problem))
        return
    yield from _look("address", lambda: look_at_address(settings))
    yield from _look("key file", lambda: _key_file(settings))
    yield from _look("mail", lambda: _mail(settings))
    yield from _look("backup", lambda: _backup(settings, now))
    engine: list[Engine] = []
    yield from _look("database", lambda: _database(settings, engine))
    if engine:
        with closing_engine(engine[0]) as found:
            yield from _look("migrations", lambda: _migrations(found))
            if revision_of(found) == revisions()[-1]:
                yield from _look("sealed columns", lambda: _keys(found, settings))
                for what, check in (("nights", _nights), ("messages", _messages), ("fence", _fences)):
                    yield from _look(what, lambda check=check: _rows(found, check, now))  # type: ignore[misc]  # bound


def _look(what: str, check: Callable[[], Findings]) -> Iterator[Finding]:
    """One check. Whatever happens to it is a finding: a doctor who faints helps nobody."""
    try:
        for verdict, sentence in check():
            yield Finding(what, verdict, sentence)
    except AlongsideError as problem:
        yield Finding(what, BROKEN, str(problem))
    except Exception as problem:
        yield Finding(what, BROKEN, f"This could not be looked at ({type(problem).__name__}).")


def look_at_address(settings: Settings) -> Findings:
    """Whether browsers keep the cookies of the pages there, and whether visitors can be told apart."""
    try:
        found = urlsplit(settings.address)
    except ValueError:  # as for half a bracket
        found = urlsplit("")
    if found.scheme == "http" and found.hostname in _HERE:
        yield OK, f"members reach the pages at {settings.address}"
    elif found.scheme != "https":
        yield (
            BROKEN,
            f"{settings.address} is not https://, so browsers keep no cookie of it and nobody can sign in. Put a "
            "server that speaks https in front, and set ALONGSIDE_ADDRESS to its https:// address and "
            "ALONGSIDE_PROXIES to 1.",
        )
    elif not settings.proxies:
        yield (
            LOOK,
            f"{settings.address} is https://, so a server of yours stands in front, and ALONGSIDE_PROXIES is 0: all "
            "visitors count as one, and wait together where one tries too often. Set ALONGSIDE_PROXIES to 1, or to how "
            "many stand there.",
        )
    else:
        yield OK, f"members reach the pages at {settings.address}"


def _key_file(settings: Settings) -> Findings:
    Keyring.read(settings.key_file)
    yield OK, f"{settings.key_file} is there, and only its owner can read it"


def _database(settings: Settings, found: list[Engine]) -> Findings:
    """Whether it is there and keeps what it has acknowledged. Puts the engine into ``found``."""
    keyring = Keyring.read(settings.key_file) if settings.key_file.exists() else None
    engine = engine_for(settings.database_url, keyring)
    if not is_there(engine):
        yield BROKEN, f"there is no file {engine.url.database}. Make it: alongside db upgrade"
        return
    revision_of(engine)  # says in a sentence that it cannot be reached
    found.append(engine)
    yield from (_sqlite if engine.dialect.name == "sqlite" else _postgresql)(engine)


def _sqlite(engine: Engine) -> Findings:
    with reading(engine) as session:
        version = session.scalar(text("SELECT sqlite_version()"))
        journal, synchronous = session.scalar(text("PRAGMA journal_mode")), session.scalar(text("PRAGMA synchronous"))
    if (journal, synchronous) == ("wal", 2):
        yield OK, f"SQLite {version}, WAL, synchronous FULL"
    else:
        yield (
            BROKEN,
            f"SQLite {version} with journal_mode {journal} and synchronous {synchronous}; what is acknowledged may be "
            "lost. It needs a local disk that allows WAL.",
        )


def _postgresql(engine: Engine) -> Findings:
    with reading(engine) as session:
        version = session.scalar(text("SHOW server_version"))
        set_to = {name: session.scalar(text(f"SHOW {name}")) for name in ("fsync", "synchronous_commit")}
    off = [f"{name} is {value}" for name, value in set_to.items() if value != "on"]
    if off:
        yield BROKEN, f"PostgreSQL {version}: {', '.join(off)}; what is acknowledged may be lost. Set it to on."
    else:
        yield OK, f"PostgreSQL {version}, fsync and synchronous_commit on"


def _migrations(engine: Engine) -> Findings:
    require_current(engine)
    yield OK, f"at revision {revision_of(engine)}, the newest"


def _keys(engine: Engine, settings: Settings) -> Findings:
    require_its_keys(engine, Keyring.read(settings.key_file))
    yield OK, "the key file opens them"


def _rows(engine: Engine, check: Callable[[Session, datetime], Findings], now: datetime) -> Findings:
    with reading(engine) as session:
        yield from check(session, now)


def _nights(session: Session, now: datetime) -> Findings:
    groups = session.scalars(select(Group).where(Group.opened_at.is_not(None)).order_by(Group.name)).all()
    if not groups:
        yield LOOK, "no group is open, so nobody is paired. See: alongside open-group --help"
    for group in groups:
        yield _night_of(session, group, now)


def _night_of(session: Session, group: Group, now: datetime) -> tuple[str, str]:
    """The last night of a group. Columns and not rows: a sealed snapshot is nothing for a doctor."""
    runs = select(PairingRun.state, PairingRun.night, PairingRun.error, PairingRun.told)
    of_group = runs.where(PairingRun.group_id == group.id).order_by(PairingRun.night.desc())
    today = nights.night_at(group, now)
    ahead = session.execute(of_group.where(PairingRun.night > today)).first()
    if ahead:
        return BROKEN, f"{group.name}: its night of {ahead.night} is still to come. Is the clock of this machine right?"
    good = session.execute(of_group.where(PairingRun.state.in_(nights.GOOD))).first()
    last = session.execute(of_group).first()
    if last and last.state is RunState.FAILED:
        return BROKEN, f"{group.name}, the night of {last.night} failed: {last.error or 'nobody knows why'}"
    if nights.overdue_since(session, group, now):
        told = f"no good night since {good.night}" if good else "no night yet"
        return BROKEN, f"{group.name}: {told}. Does `alongside work` run? By hand: alongside nightly"
    if last and (late := _never_went_out(session, group, now)):
        return (
            LOOK,
            f"{group.name}: the drafts of {late} should be out. Does `alongside work` run? Or: alongside publish",
        )
    if good and (aside := good.told.get("set_aside")):
        told = f"{counted(aside, 'member')} set aside, whose row cannot be read; the log of that night says who"
        return LOOK, f"{group.name}: last night {good.night} ({good.state}), {told}"
    return OK, f"{group.name}: {f'last night {good.night} ({good.state})' if good else 'no night is due yet'}"


def _never_went_out(session: Session, group: Group, now: datetime) -> date | None:
    """The night whose drafts should have gone out by themselves a while ago. Its columns alone, as above."""
    waiting = select(PairingRun.night).where(PairingRun.group_id == group.id, PairingRun.state == RunState.DRAFTED)
    night = session.scalar(waiting.order_by(PairingRun.night.desc()).limit(1))
    return night if night and now - nights.goes_out_at(group, night) > LATE else None


def _messages(session: Session, now: datetime) -> Findings:
    found = backlog(session, now)
    told = f"{found.waiting:,} waiting, {found.failed:,} failed in the last week"
    why = f" Last trouble: {found.trouble}" if found.trouble else ""
    if found.stuck or found.oldest_due > LATE:
        yield LOOK, f"{told}, some overdue. Does `alongside work` run? By hand: alongside deliver.{why}"
    elif found.failed:
        yield LOOK, f"{told}.{why}"
    else:
        yield OK, told


def _fences(session: Session, _: datetime) -> Findings:
    standing = session.scalars(select(Fence).where(Fence.lifted_at.is_(None))).all()
    for fence in standing:
        yield (
            LOOK,
            f"since {fence.since:%Y-%m-%d %H:%M} UTC nothing is sent ({fence.why}). Look at it, then: "
            "alongside deliver --lift-fence",
        )
    if not standing:
        yield OK, "none stands"


def _mail(settings: Settings) -> Findings:
    if not settings.sends_mail:
        yield LOOK, f"files in {settings.mail_folder}, sent to nobody, until ALONGSIDE_SMTP_HOST is set"
        return
    try:
        with closing(SmtpPost(settings, _SMTP_SECONDS)) as post:
            post.greet()
    except LineError as problem:
        yield BROKEN, f"{problem} Look at the settings ALONGSIDE_SMTP_…"
    else:
        yield OK, f"{settings.smtp_host}:{settings.smtp_port} answers ({settings.smtp_security})"
        if settings.mail_from.rstrip(">").endswith("@localhost"):
            yield LOOK, "mails come from an address at localhost, which few servers take: set ALONGSIDE_MAIL_FROM"


def _backup(settings: Settings, now: datetime) -> Findings:
    folder = settings.backup_folder
    last = newest(folder)
    if last is None:
        yield LOOK, f"there is none in {folder}. Make one: alongside backup"
        return
    age = now - datetime.fromtimestamp(last.stat().st_mtime, UTC)
    hours = max(0, age // timedelta(hours=1))
    told = f"the last one in {folder} is {counted(hours, 'hour')} old"
    if age > OVERDUE:
        yield LOOK, f"{told}. Does `alongside work` run? By hand: alongside backup"
    else:
        yield OK, told

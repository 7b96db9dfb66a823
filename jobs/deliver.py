"""`alongside deliver`: send the mails that are due, and end. Safe to run every minute, and twice at once.

A message is claimed and the claim committed; the mail server is spoken to outside of any transaction; what came of it
is committed. Killed anywhere, nothing is lost: the lease of a claim ends, and the next run claims again. Only a kill
between the server's 250 and our note of it repeats a mail, with the same Message-ID.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session, sessionmaker

from jobs.mail.folder import FolderPost
from jobs.mail.letters import Letter, LetterError, compose
from jobs.mail.post import LineError, Post, RefusedError, TryLaterError
from jobs.mail.smtp import SmtpPost
from matcher import invitations, links, outbox
from matcher.database import closing_engine, sessions_of
from matcher.models import Message
from matcher.schema import open_database
from matcher.settings import Settings, read_settings
from matcher.states import MessageState
from matcher.wording import counted

_UNREADABLE = (LetterError, AttributeError, KeyError, TypeError, ValueError)
"""What a bad row can run into; a database that fails is none of these, and ends the run."""


@click.command("deliver")
@click.option("--lift-fence", is_flag=True, help="Let a restored copy send again, once you have looked at it.")
def deliver_now(lift_fence: bool) -> None:
    """Send the mails that are due.

    The exit code is 1 where all that was tried was given up. A server that is away is waited for: see the doctor.
    """
    settings = read_settings()
    with closing_engine(open_database(settings)) as engine, closing(post_of(settings)) as post:
        if lift_fence:
            click.echo(lift(sessions_of(engine), datetime.now(UTC)))
        delivery = deliver(sessions_of(engine), post, settings, lambda: datetime.now(UTC))
    click.echo(delivery.summary())
    if delivery.went_badly:
        raise SystemExit(1)


def post_of(settings: Settings) -> Post:
    """The way out that the settings ask for."""
    return SmtpPost(settings) if settings.sends_mail else FolderPost(settings.mail_folder)


def lift(sessions: sessionmaker[Session], now: datetime) -> str:
    """Lift what fences stand, and say so."""
    with sessions.begin() as session:
        lifted = outbox.lift_fences(session, now, actor="command line")
    return f"{counted(lifted, 'fence')} lifted." if lifted else "No fence stands."


def deliver(sessions: sessionmaker[Session], post: Post, settings: Settings, now: Callable[[], datetime]) -> "Delivery":
    """Send what is due until nothing is, or no letter gets out. Raises FenceError while a fence stands."""
    delivery = Delivery(sessions, post, settings, now)
    while not delivery.broken and (message := delivery.claim()):
        delivery.deliver(message)
    return delivery


def _renewed(session: Session, message: Message, now: datetime) -> tuple[str, str]:
    """The address and a new token for what the mail opens, both empty where it would not work any more."""
    if message.invitation_id:
        return invitations.renew(session, message.invitation_id, now) or ("", "")
    return links.renew(session, message.values["link_id"], now) or ("", "")


class Delivery:
    """One run: ``counts`` says what became of the messages it claimed, ``broken`` why it stopped early.

    ``troubles`` counts why some did not go out, in sentences that name nobody.
    """

    def __init__(
        self, sessions: sessionmaker[Session], post: Post, settings: Settings, now: Callable[[], datetime]
    ) -> None:
        """Take where messages lie, how they leave, and the clock."""
        self._sessions, self._post, self._settings, self._now = sessions, post, settings, now
        self.counts: Counter[MessageState | None] = Counter()
        self.troubles: Counter[str] = Counter()
        self.broken = ""

    def claim(self) -> Message | None:
        """Take the next message, and commit that it is taken. Raises FenceError."""
        with self._sessions.begin() as session:
            outbox.require_no_fence(session)
            return outbox.claim(session, self._now(), secrets.token_hex(16))

    def deliver(self, message: Message) -> None:
        """Bring one claimed message to its end, or let it wait. A bad row fails by itself and stops nobody else's."""
        try:
            letter = self._letter(message)
        except _UNREADABLE as problem:
            why = str(problem) if isinstance(problem, LetterError) else "It cannot be made into a mail."
            self._keep(message, outbox.mark_failed, why)
        else:
            if letter:
                self._send(message, letter)

    def _letter(self, message: Message) -> Letter | None:
        """The letter of a message, unless the right to it has ended meanwhile, or its reader sleeps."""
        now, token = self._now(), ""
        with self._sessions.begin() as session:
            address, zone = outbox.reader_of(session, message)
            hindrance = outbox.hindrance(session, message, now)
            awake_at = outbox.awake_at(session, message, now)
            if outbox.opens_something(message) and not hindrance and awake_at == now:
                address, token = _renewed(session, message, now)
                hindrance = "" if token else "the link does not work any more"
            if hindrance:
                self.counts[outbox.mark_dropped(session, message, now, hindrance)] += 1
            elif awake_at > now:
                self.counts[outbox.put_off(session, message, awake_at)] += 1
        may_go = not hindrance and awake_at == now
        return compose(message, address, zone, self._settings, now, token) if may_go else None

    def _send(self, message: Message, letter: Letter) -> None:
        """Hand the letter to the post, with no transaction open, and keep what came of it."""
        try:
            self._post.send(letter)
        except RefusedError as problem:
            refused = letter.to if problem.address_refused else ""
            self._keep(message, outbox.mark_failed, str(problem), refused)
        except TryLaterError as problem:
            self._keep(message, outbox.retry_later, str(problem))
        except LineError as problem:
            self.broken = str(problem)
            self._keep(message, outbox.retry_later if problem.was_tried else outbox.put_back, self.broken)
        else:
            self._keep(message, outbox.mark_sent)

    def _keep(self, message: Message, mark: Callable[..., outbox.Kept], why: str = "", *rest: str) -> None:
        self.troubles.update([why] if why else [])
        rest = (why, *rest) if why else rest
        with self._sessions.begin() as session:
            self.counts[mark(session, message, self._now(), *rest)] += 1

    @property
    def went_badly(self) -> bool:
        """Whether somebody should look: some were given up, and none went out. A server that is away is waited for."""
        return self.counts[MessageState.FAILED] > 0 and not self.counts[MessageState.SENT]

    def summary(self) -> str:
        """What this run did, as a person reads it."""
        sent, later = self.counts[MessageState.SENT], self.counts[MessageState.WAITING]
        parts = [f"Sent {sent:,}", f"{later:,} will be tried again", f"{self.counts[MessageState.FAILED]:,} failed"]
        if dropped := self.counts[MessageState.DROPPED]:
            parts.append(f"{dropped:,} dropped, since nobody waits for them any more")
        why = f"{self.broken} The next run tries again." if self.broken else self._most_trouble()
        return " ".join(filter(None, [f"{', '.join(parts)}.", why, self._post.remark(sent)]))

    def _most_trouble(self) -> str:
        """The commonest reason, once for all it kept from going out."""
        return self.troubles.most_common(1)[0][0] if self.troubles else ""

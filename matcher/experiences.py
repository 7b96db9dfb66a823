"""What a member has lived, as they tell it: who may see it, and whether it may be used to find them a partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from matcher import people
from matcher.changes import changing, withdraw
from matcher.errors import ToldError
from matcher.models import Experience, Member
from matcher.sealing import keyring_of
from matcher.spreadsheets.cells import word_in
from matcher.states import Consent, Visibility
from matcher.vocabulary import Stage

MOST, LONGEST = 10, 100
VISIBILITIES = (Visibility.ONLY_ME, Visibility.FOR_MATCHING, Visibility.PROPOSED)
"""What may be chosen for an experience; partners read it where proposed people do."""


@dataclass(frozen=True, slots=True)
class ExperienceTold:
    """An experience as somebody typed it."""

    word: str
    stage: Stage | None = None
    visibility: Visibility = Visibility.FOR_MATCHING


def set_experiences(
    session: Session, member: Member, now: datetime, told: Sequence[ExperienceTold], *, agrees: bool, how: str
) -> None:
    """Keep what is told instead of what was told before, and whether it may be used for pairing, in words ``how``.

    Nothing of it is used without a yes, whatever its visibility says; a yes that is taken back lets vanish what was
    built on it. Raises ToldError.
    """
    wanted = _checked(told)
    keyring = keyring_of(session.get_bind().dialect)
    with changing(session, member, now, anyway=True):  # an experience is no barrier to anybody
        there = {each.tag_mark: each for each in member.experiences}
        kept = {keyring.mark(word, "experiences.tag"): each for word, each in wanted.items()}
        for mark in there.keys() - kept.keys():
            member.experiences.remove(there[mark])
            session.delete(there[mark])
        for (mark, each), word in zip(kept.items(), wanted, strict=True):
            row = there.get(mark)
            if row is None:
                row = Experience(tag=word, tag_mark=mark)
                member.experiences.append(row)
            row.stage, row.visibility = each.stage, each.visibility
        if agrees and not member.agrees_to(Consent.EXPERIENCES):
            people.agree(session, member, Consent.EXPERIENCES, how, now)
    if not agrees and member.agrees_to(Consent.EXPERIENCES):
        withdraw(session, member, Consent.EXPERIENCES, now)


def _checked(told: Sequence[ExperienceTold]) -> dict[str, ExperienceTold]:
    """By their words; what is left empty is nothing."""
    found: dict[str, ExperienceTold] = {}
    for each in told:
        word = word_in(each.word)
        if len(word) > LONGEST:
            raise ToldError("experiences", f"An experience has {len(word)} signs; write it in at most {LONGEST}.")
        if word in found:
            raise ToldError("experiences", "An experience stands there twice; choose where you are with it now.")
        if each.visibility not in VISIBILITIES:
            raise ToldError("experiences", "Choose who may see each experience: only you, nobody, or proposed people.")
        if word:
            found[word] = each
    if len(found) > MOST:
        raise ToldError("experiences", f"Write at most {MOST} experiences, those that matter most to you.")
    return found

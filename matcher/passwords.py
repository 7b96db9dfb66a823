"""Passwords: hashed as they were typed, with Argon2id, and refused where somebody would soon guess them."""

import re
from collections.abc import Collection
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from matcher.errors import PasswordError

FEWEST, FEWEST_FOR_STAFF, MOST = 12, 15, 256
"""How many signs a password has; coordinators, who see more, need a longer one."""
OUR_WORDS = ("alongside", "recovery", "password", "partner", "peer support")
"""What anybody would try first here."""
_LOOKED_AT = 72  # zxcvbn reads no more; its cost grows with the square of the length
_HARD_TO_GUESS = 3  # of 0 to 4: more than 10 ** 8 guesses
_FEWEST_OF_ITS_OWN = 8

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_of(password: str) -> str:
    """What is kept of a password: about 20 ms of work and 19 MiB, with its costs and salt in it."""
    return _HASHER.hash(_bytes(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was hashed. Where none is kept the work is the same, and the answer no."""
    try:
        return _HASHER.verify(kept or _nobodys(), _bytes(password)) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed at other costs than today's, and should be hashed again while the password is at hand."""
    return _HASHER.check_needs_rehash(kept)


def require_strong(password: str, own_words: Collection[str], fewest: int = FEWEST) -> None:
    """Raise PasswordError, saying what to do, for a password that is short, well known or close to the person.

    ``own_words`` are what others know of them here: their address, their name, their group. Any sign may stand in it.
    Looks at lists on this machine alone, and asks nobody.
    """
    if len(password) < fewest:
        raise PasswordError(
            f"A password needs at least {fewest} signs, and this one has {len(password)}. Try a sentence."
        )
    if len(password) > MOST:
        raise PasswordError(f"A password may have at most {MOST} signs; this one has {len(password):,}.")
    known = {word for each in (*OUR_WORDS, *own_words) for word in re.findall(r"\w{3,}", each.lower())}
    guessed = zxcvbn(password[:_LOOKED_AT], user_inputs=sorted(known))["score"] < _HARD_TO_GUESS
    if guessed or _signs_beside(password, known) < _FEWEST_OF_ITS_OWN:
        raise PasswordError(
            "This password would be guessed soon: it is well known, or close to your address, your name or your group. "
            "Four or five words that have nothing to do with each other are good."
        )


def _signs_beside(password: str, known: Collection[str]) -> int:
    """How many signs a password has beside the words that anybody knows, the longest taken out first."""
    rest = password.lower()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest)


@cache
def _nobodys() -> str:
    """A hash that no password fits, for the work alone."""
    return _HASHER.hash(b"nobody")


def _bytes(password: str) -> bytes:
    """As typed, sign for sign; halves of letters too, which a form should have refused before."""
    return password.encode(errors="surrogatepass")

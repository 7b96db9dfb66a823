"""Names that people choose: kept as they were meant, without signs that are not seen, and never somebody else's."""

import unicodedata

from matcher.errors import ToldError

LONGEST = 60
LONGEST_BYTES = 240
RESERVED = ("alongside", "coordinator", "moderator", "support", "former member", "somebody")
"""What would be taken for us, for who looks after a group, or for nobody."""


def name_in(text: str) -> str:
    """A chosen name, composed (NFC), on one line. Raises ToldError, which says what a name needs.

    Signs that are not seen go: they could turn a sentence round, or make two names that look the same.
    """
    name = one_line(text)
    if not any(sign.isalnum() for sign in name):
        raise ToldError("name", "Write what you would like to be called; it may be a name that you made up.")
    if len(name) > LONGEST or len(name.encode()) > LONGEST_BYTES:
        raise ToldError("name", f"Write a name of at most {LONGEST} signs; this one has {len(name)}.")
    if skeleton(name) in map(skeleton, RESERVED):
        raise ToldError("name", "This name would be taken for somebody who looks after the group. Choose another.")
    return name


def one_line(text: str) -> str:
    """A text composed (NFC) and on one line, without signs that are not seen and spaces at its ends."""
    composed = unicodedata.normalize("NFC", text)
    seen = "".join(" " if sign.isspace() else sign for sign in composed if sign.isspace() or not _is_unseen(sign))
    return " ".join(seen.split())


def skeleton(name: str) -> str:
    """What is left of a name for an eye that reads quickly: no accents, no capitals, no spaces, look-alikes as one."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOK_ALIKES)
    return "".join(sign for sign in plain if sign.isalnum())


_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁɡ01lıł", "aeopcyxijsdgoiiii")
"""Cyrillic and other letters that look like Latin ones, digits that stand for letters, and l, which is an i to many."""


def is_mark(sign: str) -> bool:
    """Whether a sign belongs to the letter before it, as in many scripts."""
    return unicodedata.category(sign).startswith("M")


def _is_unseen(sign: str) -> bool:
    """Controls, marks of direction, and what takes no room; but for what joins the parts of one emoji or letter."""
    joins = sign in "\u200c\u200d"
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") and not joins

"""What reading a sheet gives: people, rows that were set aside, and what there is to say about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.pairing.candidate import Candidate

ROWS_NAMED = 10
"""How many rows a note names before it only counts them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the sheet: the candidate for the pairing, and what the pairing never sees."""

    candidate: Candidate
    name: str
    row: int
    email: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that takes no part, and why, in a sentence that says what to write."""

    row: int
    id: str
    reason: str

    def __str__(self) -> str:
        """The sentence with its row in front."""
        return f"row {self.row}, {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet that was read. ``stated`` tells which columns were taken for what, ``notes`` what deserves a look.

    Where it ``asks_consent``, in a column of its own, everybody among the people has said a plain yes.
    """

    file_name: str
    people: tuple[Person, ...]
    set_aside: tuple[SetAside, ...]
    stated: tuple[str, ...]
    notes: tuple[str, ...]
    asks_consent: bool = False


def named_rows(numbers: Sequence[int]) -> str:
    """Rows as a person reads them: "row 7", or "rows 2, 5, 9 and 40 more"."""
    named = ", ".join(map(str, numbers[:ROWS_NAMED]))
    more = f" and {len(numbers) - ROWS_NAMED} more" if len(numbers) > ROWS_NAMED else ""
    return f"row{'s' if len(numbers) > 1 else ''} {named}{more}"

"""What a way out for letters does, and what it may run into. None of the sentences names a reader."""

from typing import Protocol

from jobs.mail.letters import Letter
from matcher.errors import AlongsideError


class Post(Protocol):
    """A way out for letters."""

    def send(self, letter: Letter) -> None:
        """Send one letter; once this returns, it is out. Raises RefusedError, TryLaterError or LineError."""

    def close(self) -> None:
        """Let go of whatever is open."""

    def remark(self, sent: int) -> str:
        """What a person should know about the way these letters went; empty where there is nothing to say."""


class RefusedError(AlongsideError):
    """A letter that will never be taken. ``address_refused``: because of whom it is for, not of what it is."""

    def __init__(self, sentence: str, *, address_refused: bool = False) -> None:
        """Keep the sentence, and whether it was the address."""
        super().__init__(sentence)
        self.address_refused = address_refused


class TryLaterError(AlongsideError):
    """A letter that was not taken this time."""


class LineError(AlongsideError):
    """No letter gets out at the moment. ``was_tried``: this one may have been on its way already."""

    def __init__(self, sentence: str, *, was_tried: bool = False) -> None:
        """Keep the sentence, and whether the letter may be out."""
        super().__init__(sentence)
        self.was_tried = was_tried

"""Every domain error: one sentence to a person, saying what is wrong, where, and what to do next."""


class AlongsideError(Exception):
    """Something a person can mend. Its text is a whole sentence and may be shown as it is."""


class PolicyError(AlongsideError):
    """A policy holds a value that cannot be used; the sentence names the field."""


class PoolError(AlongsideError):
    """People or relations that contradict each other, so that no pairing could be right."""


class SheetError(AlongsideError):
    """A sheet that cannot be read at all; the sentence names the file and, where there is one, the row and column."""


class SettingsError(AlongsideError):
    """A setting that cannot be used; the sentence names the variable, never its value."""


class KeyFileError(AlongsideError):
    """A key file that is missing, open to others, or not the one a value was sealed with."""


class SpoiltError(KeyFileError):
    """A single sealed value that was changed since it was sealed; all others open."""


class DatabaseError(AlongsideError):
    """A database that cannot be reached or is not in the state we need; the sentence says what to run."""


class FenceError(AlongsideError):
    """Something that must not leave a restored copy before a human has looked; the sentence says how to lift it."""


class BackupError(AlongsideError):
    """A backup that could not be made or put back; the sentence says what is left, and what to do."""


class GroupError(AlongsideError):
    """A group that cannot be made, opened or found as it was asked for."""


class PasswordError(AlongsideError):
    """A password that somebody else would soon guess, or that is too long; the sentence says what to do."""


class AddressError(AlongsideError):
    """A mail address that cannot be taken; the sentence says why, and never whose it is."""


class LinkError(AlongsideError):
    """A link or a code that opens nothing (any more); the sentence says how to get a new one."""


class ToldError(AlongsideError):
    """Something a member told that cannot be kept as it is. ``field`` says which, so that a page can show it there."""

    def __init__(self, field: str, sentence: str) -> None:
        """Keep the name of the field, and the sentence for it."""
        super().__init__(sentence)
        self.field = field


class GroupToldError(GroupError, ToldError):
    """Something told about a group that cannot be kept: a GroupError at a keyboard, on a page beside its ``field``."""


class StateError(AlongsideError):
    """Something that cannot happen to this row in the state it is in. Carries the row as ``subject``."""

    def __init__(self, sentence: str, subject: object) -> None:
        """Keep the sentence and the row it is about."""
        super().__init__(sentence)
        self.subject = subject


class WouldCloseError(StateError):
    """A change that would close the open proposal; asked once, and done if the member says so."""

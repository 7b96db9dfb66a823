"""Every domain error: one sentence to a person, saying what is wrong, where, and what to do next."""


class AlongsideError(Exception):
    """Something a person can mend. Its text is a whole sentence and may be shown as it is."""


class PolicyError(AlongsideError):
    """A policy holds a value that cannot be used; the sentence names the field."""


class PoolError(AlongsideError):
    """People or relations that contradict each other, so that no pairing could be right."""


class SheetError(AlongsideError):
    """A sheet that cannot be read at all; the sentence names the file and, where there is one, the row and column."""

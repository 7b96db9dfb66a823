"""The closed sets of words the product speaks, each with the words a person reads."""

import enum


class Barrier(enum.IntFlag):
    """Why two candidates may not be paired. Flags, because several can hold at once.

    Their order is the order in which a person is told: counts name the *first* barrier of each pair, so that the
    counts of one member and the possible partners add up to all others.
    """

    BLOCKED = enum.auto()
    DECLINED_BEFORE = enum.auto()
    RECENT_PARTNERS = enum.auto()
    UNANSWERED_RECENTLY = enum.auto()
    HELD = enum.auto()
    NO_COMMON_LANGUAGE = enum.auto()
    TOO_LITTLE_COMMON_TIME = enum.auto()
    OUTSIDE_WISHES = enum.auto()
    BELOW_FLOOR = enum.auto()

    @property
    def words(self) -> str:
        """What a coordinator reads: the barriers that are nobody's business are one word, "not together"."""
        return _BARRIER_WORDS.get(self, "not together")


_BARRIER_WORDS = {
    Barrier.NO_COMMON_LANGUAGE: "no common language",
    Barrier.TOO_LITTLE_COMMON_TIME: "too little common time",
    Barrier.OUTSIDE_WISHES: "outside a wish",
    Barrier.BELOW_FLOOR: "below the floor of points",
}


class Term(enum.StrEnum):
    """One named part of the compatibility of two candidates."""

    COMMON_TIME = "common_time"
    GOAL_AREA = "goal_area"
    GOAL_CLOSENESS = "goal_closeness"
    EXPERIENCE = "experience"
    STAGE = "stage"
    SUPPORT_STYLE = "support_style"
    CHANNEL = "channel"
    RHYTHM = "rhythm"
    PREFERENCE = "preference"
    REQUEST = "request"


TERMS_SHOWN = frozenset({Term.COMMON_TIME, Term.GOAL_AREA, Term.CHANNEL, Term.RHYTHM})
"""The terms that rest on nothing but what members show to whoever is proposed to them, and to coordinators."""


class Likeness(enum.StrEnum):
    """What a group asks for in a criterion: people who are alike in it, or people who differ."""

    LIKE = "like"
    DIFFERENT = "different"


class Mode(enum.StrEnum):
    """Which promise comes first: that nobody walks alone, or that the pairs fit best."""

    FEWEST_LEFT_OUT = "fewest_left_out"
    BEST_FIT = "best_fit"


class Stage(enum.StrEnum):
    """Where somebody stands on the road of an experience."""

    IN_THE_THICK_OF_IT = "in the thick of it"
    STEADIER = "steadier"
    LOOKING_BACK = "looking back"


class SupportStyle(enum.StrEnum):
    """How somebody likes to be supported."""

    GENTLE = "gentle"
    FIRM = "firm"


class Topic(enum.StrEnum):
    """What mails may be about; a member may switch each off by itself."""

    PROPOSALS = "proposals"
    PAIRINGS = "pairings"
    PARTNER = "partner"
    RESTS = "rests"
    REMINDERS = "reminders"

    @property
    def words(self) -> str:
        """What a member reads beside the switch."""
        return _TOPIC_WORDS[self]


_TOPIC_WORDS = {
    Topic.PROPOSALS: "There may be a partner for me, or a third for the two of us",
    Topic.PAIRINGS: "A pairing had nobody for me, or a proposal came to nothing",
    Topic.PARTNER: "My partnership starts, pauses or ends",
    Topic.RESTS: "My own rest begins or is over",
    Topic.REMINDERS: "A reminder: an answer is open, or it has been quiet",
}


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PARTS_OF_DAY = {"morning": (6, 12), "noon": (12, 14), "afternoon": (14, 18), "evening": (18, 22)}
"""Hours of the 28 parts of the week, local wall time, the end not included."""

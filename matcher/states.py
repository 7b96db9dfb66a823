"""The states a row may be in, and why it left them. Which change may follow which stands with the rows."""

import enum


class MemberState(enum.StrEnum):
    """Where a member is on the way to a partner; worked out from rows, never stored. Resting comes on top."""

    NOT_READY = "not ready"
    WAITING = "waiting"
    PROPOSED = "proposed"
    PARTNERED = "partnered"
    LEFT = "left"


class RunState(enum.StrEnum):
    """How far a night has come. A quiet night is no pairing night: it did its other duties and is done."""

    GATHERED = "gathered"
    DRAFTED = "drafted"
    HELD = "held"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    QUIET = "quiet"
    FAILED = "failed"


class ProposalState(enum.StrEnum):
    """From the night's draft to an end, good or quiet."""

    DRAFT = "draft"
    OPEN = "open"
    ACCEPTED = "accepted"
    CLOSED = "closed"


class Closing(enum.StrEnum):
    """Why a proposal came to nothing. Told to nobody; to coordinators it is "not together"."""

    DECLINED = "declined"
    UNANSWERED = "unanswered"
    RESTED = "rested"
    LEFT = "left"
    BLOCKED = "blocked"
    CHANGED = "changed"
    COORDINATOR = "coordinator"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"


class PartnershipState(enum.StrEnum):
    """A partnership counts as paused while fewer than two of its partners are active; that is not stored."""

    ACTIVE = "active"
    ENDED = "ended"


class Ending(enum.StrEnum):
    """How a partnership ended, or how one partner left it."""

    TERM = "term"
    TOGETHER = "together"
    ALONE = "alone"
    LEFT = "left"
    BLOCKED = "blocked"
    SAFETY = "safety"
    COORDINATOR = "coordinator"


class MessageState(enum.StrEnum):
    """A message of the outbox. Dropped: whoever it was for may no longer read it, or it came too late."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Consent(enum.StrEnum):
    """What a member has said yes to, each by itself, each to be taken back at any time."""

    ADULT = "adult"
    HOUSE_RULES = "house rules"
    PAIRING = "pairing"
    EXPERIENCES = "experiences"


class LinkUse(enum.StrEnum):
    """What a mailed link is for; each works once, and for nothing else."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE = "change of address"
    TAKE_BACK = "take the old address back"


class Visibility(enum.StrEnum):
    """Who may read something a member has told us."""

    ONLY_ME = "only me"
    FOR_MATCHING = "to find my partner, shown to nobody"
    PARTNER = "my partner, once we all said yes"
    PROPOSED = "people proposed to me, and coordinators"


class DataClass(enum.StrEnum):
    """What kind of thing a column holds, and so who may ever read it. Each column has one; see SECURITY.md."""

    PLUMBING = "ids, keys and counters without meaning to a person"
    NOBODY = "why something ended: decides who may meet again, read by nobody"
    NAME = "the chosen name"
    CONTACT = "how to reach somebody; coordinators see it masked"
    SECRET = "hashes of what only its owner knows, and the sealed seed of its codes"  # noqa: S105  # no secret itself
    ONLY_ME = "read by its owner alone"
    FOR_MATCHING = "used to find a partner, read by nobody; sealed"
    PARTNER = "read by partners once all said yes"
    PROPOSED = "read by proposed people, partners and coordinators"
    BY_ROW = "read by whom the row's own visibility names"
    GROUP = "read by everybody in the group"
    COORDINATORS = "read by the group's coordinators"
    RECORD = "what happened and when, without content"

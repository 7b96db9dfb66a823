"""The pairing engine: values in, values out. No session, no clock, no randomness, no Flask.

Put people into :class:`Candidates`, choose a :class:`Policy`, and :func:`plan` the night.
"""

from matcher.pairing.assignment import Alone, Assignment, Cause, Partnership
from matcher.pairing.candidate import Candidate, Experience, Goal, Relation, Wish
from matcher.pairing.candidates import Candidates
from matcher.pairing.matching import Matching, max_weight_matching
from matcher.pairing.plan import plan
from matcher.pairing.policy import Policy, Weight
from matcher.pairing.watch import Watch
from matcher.pairing.week import Window

__all__ = [
    "Alone",
    "Assignment",
    "Candidate",
    "Candidates",
    "Cause",
    "Experience",
    "Goal",
    "Matching",
    "Partnership",
    "Policy",
    "Relation",
    "Watch",
    "Weight",
    "Window",
    "Wish",
    "max_weight_matching",
    "plan",
]

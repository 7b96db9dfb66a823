"""Rows of a pool facing columns of it: the one frame in which barriers and points are worked out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.candidates import Candidates
from matcher.pairing.columns import Marks, PairCounts
from matcher.pairing.policy import Policy
from matcher.pairing.week import Counts, common_blocks

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Facing:
    """Members ``rows`` int64[r] and ``columns`` int64[c] of a pool, compared each with each under a policy.

    A night compares blocks of hundreds; the explanation of one pair is the 1 x 1 block, so the two cannot differ.
    """

    candidates: Candidates
    policy: Policy
    rows: Rows
    columns: Rows

    @classmethod
    def pair(cls, candidates: Candidates, policy: Policy, first: int, second: int) -> "Facing":
        """One member facing another."""
        return cls(candidates, policy, np.array([first]), np.array([second]))

    @cached_property
    def blocks(self) -> Counts:
        """Meetings that fit into the common time, int32[r, c], the smallest over the weeks of the term."""
        free = self.candidates.free
        return common_blocks(free[:, self.rows], free[:, self.columns], self.policy.block_quarters)

    def shared(self, marks: Marks) -> NDArray[np.int32]:
        """How many marked things two members share: int32[r, c]. Exact, although it goes through float32."""
        with np.errstate(invalid="ignore"):  # some BLAS kernels raise the flag over what they pad with, not over marks
            return (marks[self.rows] @ marks[self.columns].T).astype(np.int32)

    def how_many(self, marks: Marks) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """How many things each row, int32[r, 1], and each column, int32[1, c], has marked."""
        count = marks.sum(axis=1).astype(np.int32)
        return count[self.rows][:, None], count[self.columns][None]

    def alike(self, codes: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether two members both gave a value, and whether it is the same: bool[r, c] each."""
        row, column = codes[self.rows][:, None], codes[self.columns][None]
        return (row >= 0) & (column >= 0), (row == column) & (row >= 0)

    def between(self, pairs: PairCounts) -> NDArray[np.int32]:
        """A sparse matrix over pairs as a dense block, int32[r, c]."""
        block: NDArray[np.int32] = pairs[self.rows][:, self.columns].toarray()
        return block

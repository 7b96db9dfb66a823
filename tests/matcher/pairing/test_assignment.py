import pytest

from matcher.pairing import Alone, Assignment, Cause, Partnership
from matcher.vocabulary import Mode
from tests.builders import MONDAY


def partnership(*ids):
    return Partnership(ids=ids, points=3, terms={}, overlap_minutes=60, reasons=())


def assignment(waiting, alone=(), pairs=(), trios=()):
    return Assignment(
        on=MONDAY,
        mode=Mode.FEWEST_LEFT_OUT,
        policy_version=1,
        pairs=pairs,
        trios=trios,
        alone=tuple(
            Alone(
                id=each,
                nights_waited=0,
                barriers={},
                possible_partners=0,
                cause=Cause.ODD_CIRCLE,
                sides=0,
                sought=0,
                could_help="",
            )
            for each in alone
        ),
        waiting=waiting,
        total_points=0,
        possible_pairs=0,
        weighed_pairs=0,
        proof="",
        engine="",
        fingerprint="",
    )


def test_partnerships_are_pairs_and_trios():
    pair, trio = partnership("ada", "bo"), partnership("cy", "di", "ed")
    assert assignment(5, pairs=(pair,), trios=(trio,)).partnerships == (pair, trio)


@pytest.mark.parametrize(("waiting", "alone", "coverage"), [(0, "", 1.0), (4, "", 1.0), (4, "a", 0.75), (2, "ab", 0.0)])
def test_coverage_is_the_share_of_waiting_members_with_a_partner(waiting, alone, coverage):
    assert assignment(waiting, alone).coverage == coverage

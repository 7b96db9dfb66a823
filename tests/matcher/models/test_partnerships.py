import pytest

from matcher.errors import StateError
from matcher.models import Member, Partner, Partnership
from matcher.states import Ending, PartnershipState
from tests.rows import NOW


def partner(*, welcomes: bool = True, left: bool = False) -> Partner:
    return Partner(member=Member(), welcomes_third=welcomes, left_at=NOW if left else None)


def partnership(*partners: Partner, state: PartnershipState = PartnershipState.ACTIVE) -> Partnership:
    return Partnership(state=state, partners=list(partners))


def test_who_has_left_is_not_present():
    gone, there = partner(left=True), partner()
    assert partnership(gone, there).present == [there]


@pytest.mark.parametrize(
    ("partners", "is_open"),
    [
        ([partner(), partner()], True),
        ([partner(), partner(welcomes=False)], False),
        ([partner(), partner(), partner()], False),
        ([partner(), partner(), partner(left=True)], True),
        ([partner()], False),
    ],
)
def test_a_pair_is_open_when_both_who_are_there_welcome_a_third(partners, is_open):
    assert partnership(*partners).is_open_pair is is_open
    assert not partnership(*partners, state=PartnershipState.ENDED).is_open_pair


def test_a_partnership_ends_once():
    ending = partnership(partner(), partner())
    ending.end(Ending.TOGETHER, NOW)
    assert (ending.state, ending.ending, ending.ended_at) == (PartnershipState.ENDED, Ending.TOGETHER, NOW)
    with pytest.raises(StateError, match="has ended already") as problem:
        ending.end(Ending.TERM, NOW)
    assert problem.value.subject is ending
    assert ending.ending is Ending.TOGETHER

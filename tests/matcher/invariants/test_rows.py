"""Who sits together, as the invariants read it."""

from sqlalchemy import select

from matcher.invariants.rows import active_partnerships, new_pairs, open_proposals, pairs, tables, word
from matcher.models import Member, Proposal
from tests.rows import make_member, make_proposal


def test_a_table_holds_everybody_who_sits_there_now(session, world):
    world.partnership.partners.append(type(world.partnership.partners[0])(**_left(world)))
    session.flush()
    ((public_id, seats),) = tables(session, active_partnerships())
    assert public_id == world.partnership.public_id
    assert [seat.member for seat in seats] == [world.cyd.public_id, world.dee.public_id]
    assert all(seat.is_newcomer for seat in seats)


def _left(world):
    at = world.partnership.started_at
    return {"member": world.eve, "joined_at": at, "last_sign_at": at, "left_at": at}


def test_the_hosts_of_an_open_pair_are_no_newcomers_to_each_other(session, world):
    newcomer = make_member(session, world.group)
    proposal = make_proposal(session, world.run, [newcomer], partnership=world.partnership)
    proposal.answers[0].joins = True
    for host in (world.cyd, world.dee):
        proposal.answers.append(type(proposal.answers[0])(run_id=world.run.id, member=host))
    session.flush()
    seats = dict(tables(session, open_proposals()))[proposal.public_id]
    assert [seat.is_newcomer for seat in seats] == [member is newcomer for member in _by_id(session, seats)]
    assert len(list(pairs(seats))) == 3
    assert len(list(new_pairs(seats))) == 2


def _by_id(session, seats):
    return [session.get(Member, seat.member_id) for seat in seats]


def test_a_state_is_read_even_when_it_is_none_of_ours(session, world):
    session.connection().exec_driver_sql("UPDATE proposals SET state = 'upside down'")
    assert session.scalars(select(word(Proposal.state))).all() == ["upside down"]

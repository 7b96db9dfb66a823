import pytest
from sqlalchemy.exc import IntegrityError

from matcher.constraints import broke, unless_broken
from matcher.errors import GroupError
from matcher.models import GroupTerm
from tests.rows import make_group


def test_the_constraint_that_a_row_ran_into_is_told_apart_from_others(sessions):
    with sessions() as session:
        group = make_group(session)
        with pytest.raises(IntegrityError) as found:
            make_group(session, name=group.name)
    assert broke(found.value, "uq_groups_name")
    assert not broke(found.value, "uq_groups_public_id")


def test_a_constraint_of_several_columns_is_known_too(sessions):
    with sessions() as session:
        group = make_group(session)
        session.add_all(GroupTerm(group_id=group.id, kind="area", word="running") for _ in range(2))
        with pytest.raises(IntegrityError) as found:
            session.flush()
    assert broke(found.value, "uq_group_terms_word")
    assert not broke(found.value, "uq_groups_name")


def test_who_runs_into_it_gets_the_sentence_and_the_session_lives_on(sessions):
    with sessions() as session:
        group = make_group(session)
        with (
            pytest.raises(GroupError, match="taken"),
            unless_broken("uq_groups_name", GroupError("It is taken.")),
            session.begin_nested(),
        ):
            make_group(session, name=group.name)
        assert make_group(session, name="Another").id


def test_any_other_constraint_is_no_sentence_but_an_error_of_ours(sessions):
    with sessions() as session:
        group = make_group(session)
        with (
            pytest.raises(IntegrityError),
            unless_broken("uq_groups_name", GroupError("It is taken.")),
            session.begin_nested(),
        ):
            make_group(session, public_id=group.public_id)

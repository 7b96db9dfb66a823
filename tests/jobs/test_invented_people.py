from random import Random

import pytest

from jobs.invented_people import invented_people


@pytest.fixture(scope="module")
def people():
    return invented_people(Random(47))


def test_the_same_seed_invents_the_same_people_and_another_seed_others(people):
    assert invented_people(Random(47)) == people
    assert invented_people(Random(48)) != people


def test_there_are_120_in_ten_zones_and_each_has_a_name_and_an_id_of_their_own(people):
    assert len(people) == len({each.name for each in people}) == len({each.member_id for each in people}) == 120
    assert len({each.zone for each in people}) == 10


def test_everybody_has_what_a_member_needs_to_be_paired(people):
    assert all(each.languages and each.goals and (each.windows or each.writing_is_enough) for each in people)


def test_most_share_a_language_and_a_few_are_hard_to_pair(people):
    speak_english = sum("en" in each.languages for each in people)
    assert 96 <= speak_english < 120
    assert 1 <= sum(bool(each.wishes) for each in people) <= 20
    assert any(len(each.windows) == 1 for each in people)


def test_no_address_can_ever_reach_anybody(people):
    assert {each.address.rpartition(".")[2] for each in people} == {"invalid"}

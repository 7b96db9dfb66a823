from datetime import time

from matcher.models import Coordinator, CrisisLine, Group, PolicyVersion
from matcher.pairing import Policy
from tests.rows import NOW, make_account, make_group


def test_a_group_starts_with_the_defaults_of_the_rules(sessions):
    with sessions.begin() as session:
        group = make_group(session)
        assert group.policy == Policy()
    assert group.pairing_days == ["Sun", "Wed"]
    assert group.pairing_hour == time(3, 30)
    assert (group.answer_days, group.promise_nights) == (3, 14)
    assert (group.open_to_all, group.publishes_at_once) == (False, False)


def test_the_newest_policy_of_a_group_holds(sessions):
    with sessions.begin() as session:
        group = make_group(session)
        for version, weeks in ((3, 8), (2, 4)):
            rules = {"term_weeks": weeks}
            session.add(PolicyVersion(group_id=group.id, version=version, rules=rules, made_at=NOW))
    with sessions() as session:
        assert session.get(Group, group.id).policy == Policy(version=3, term_weeks=8)


def test_crisis_lines_stand_in_their_order_and_coordinators_have_accounts(sessions):
    with sessions.begin() as session:
        group = make_group(session, crisis_lines=[CrisisLine(place=each, name=f"{each}", reach="") for each in (2, 1)])
        account = make_account(session)
        group.coordinators.append(Coordinator(account=account))
    with sessions() as session:
        stored = session.get(Group, group.id)
        assert [line.name for line in stored.crisis_lines] == ["1", "2"]
        assert [each.account.public_id for each in stored.coordinators] == [account.public_id]

import pytest

from matcher import joining
from matcher.errors import ToldError, WouldCloseError
from matcher.joining import GoalTold
from matcher.states import Consent, MemberState, ProposalState, Visibility
from tests.rows import NOW
from tests.stage import DAY

IN_LONDON = {"name": "Robin", "zone": "Europe/London", "languages": ["en"]}


@pytest.fixture
def member(stage):
    """Somebody who has agreed, and told nothing yet."""
    empty = {"name": "", "zone": "", "languages": [], "goals": [], "windows": [], "waiting_since": None}
    return stage.people(1, **empty)[0]


def refusal(field, call, *args, **told):
    with pytest.raises(ToldError) as problem:
        call(*args, **told)
    assert problem.value.field == field
    return str(problem.value)


def test_three_steps_in_any_order_put_a_newcomer_into_the_next_pairing(stage, member):
    joining.set_hours(stage.session, member, NOW, [(0, 18 * 60, 20 * 60)], writing_is_enough=False)
    joining.set_goals(stage.session, member, NOW, [GoalTold(area="running")])
    assert (member.state, member.waiting_since) == (MemberState.NOT_READY, None)
    joining.introduce(stage.session, member, NOW, **IN_LONDON)
    assert (member.state, member.waiting_since) == (MemberState.WAITING, NOW.date())


# The house rules

ALL_YES = {"is_adult": True, "to_rules": True, "to_pairing": True}


@pytest.fixture
def newcomer(stage):
    """Somebody who has told everything, and agreed to nothing yet."""
    return stage.people(1, consents=[], waiting_since=None)[0]


def agreed(member):
    return {each.consent for each in member.consents if each.withdrawn_at is None}


def test_three_yeses_are_kept_each_by_itself_and_a_ready_member_waits(stage, newcomer):
    joining.agree_to_rules(stage.session, newcomer, NOW, **ALL_YES)
    assert agreed(newcomer) == {Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING}
    assert {(each.how, each.given_at) for each in newcomer.consents} == {("on the page with the house rules", NOW)}
    assert (newcomer.state, newcomer.waiting_since) == (MemberState.WAITING, NOW.date())


def test_to_say_the_same_again_changes_nothing(stage, newcomer):
    joining.agree_to_rules(stage.session, newcomer, NOW, **ALL_YES)
    joining.agree_to_rules(stage.session, newcomer, NOW + DAY, **ALL_YES)
    assert {each.given_at for each in newcomer.consents} == {NOW}


@pytest.mark.parametrize(("field", "sentence"), [("is_adult", "for adults"), ("to_rules", "The rules keep everybody")])
def test_without_what_must_be_nothing_is_kept(stage, newcomer, field, sentence):
    told = ALL_YES | {field: False}
    assert sentence in refusal(field, joining.agree_to_rules, stage.session, newcomer, NOW, **told)
    assert newcomer.consents == []


def test_a_no_to_being_paired_is_a_no_and_may_become_a_yes(stage, newcomer):
    joining.agree_to_rules(stage.session, newcomer, NOW, **ALL_YES | {"to_pairing": False})
    assert (agreed(newcomer), newcomer.state) == ({Consent.ADULT, Consent.HOUSE_RULES}, MemberState.NOT_READY)
    joining.agree_to_rules(stage.session, newcomer, NOW + DAY, **ALL_YES)
    assert (newcomer.state, newcomer.waiting_since) == (MemberState.WAITING, (NOW + DAY).date())


def test_a_yes_that_is_taken_back_closes_what_is_open_and_says_nothing_of_it(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    joining.agree_to_rules(stage.session, one, NOW, **ALL_YES | {"to_pairing": False})
    assert (proposal.state, one.agrees_to(Consent.PAIRING), one.waiting_since) == (ProposalState.CLOSED, False, None)
    assert stage.kinds(other) == ["proposal"]


# Name, zone, languages


def test_what_is_told_is_kept_by_its_own_names(stage, member):
    told = {"name": " Robin ", "zone": "europe/paris", "languages": ["German", "en", "en-GB"]}
    joining.introduce(stage.session, member, NOW, **told)
    assert (member.name, member.zone, member.languages) == ("Robin", "Europe/Paris", ["de", "en"])


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("name", {"name": " "}),
        ("zone", {"zone": ""}),
        ("zone", {"zone": "../../etc/passwd"}),
        ("zone", {"zone": "localtime"}),
        ("zone", {"zone": "UTC+1"}),
        ("languages", {"languages": []}),
        ("languages", {"languages": ["any"]}),
        ("languages", {"languages": ["x"] * 40}),
    ],
)
def test_each_slip_is_said_beside_its_field_and_nothing_is_changed(stage, member, field, told):
    assert refusal(field, joining.introduce, stage.session, member, NOW, **IN_LONDON | told)
    assert (member.name, member.zone, member.languages) == ("", "", [])


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        ("English; Frensh", 'such as "French"'),
        ("x" * 41, "at most 40 signs"),
        ("English, and some more " + "y" * 40, "at most 40 signs"),
    ],
)
def test_a_language_that_cannot_be_kept_says_which_and_why(stage, member, languages, sentence):
    told = IN_LONDON | {"languages": [languages]}
    assert sentence in refusal("languages", joining.introduce, stage.session, member, NOW, **told)


# Goals


def goals_of(member):
    return [(goal.area, goal.words, [each.words for each in goal.milestones]) for goal in member.goals if goal.is_open]


def test_a_goal_is_kept_with_its_milestones_and_its_plan(stage, member):
    told = GoalTold(
        area=" Health ",
        words=" A walk\neach day. ",
        visibility=Visibility.PROPOSED,
        milestones=["one week", " ", "one month"],
        if_this="it rains",
        then_that="I take the umbrella",
    )
    joining.set_goals(stage.session, member, NOW, [told, GoalTold(area="")])
    (goal,) = member.goals
    assert goals_of(member) == [("health", "A walk\neach day.", ["one week", "one month"])]
    assert (goal.visibility, goal.if_this, goal.then_that) == (Visibility.PROPOSED, "it rains", "I take the umbrella")


def test_goals_are_changed_added_and_put_down(stage, member):
    joining.set_goals(
        stage.session, member, NOW, [GoalTold(area="running", milestones=["a", "b"]), GoalTold(area="sleep")]
    )
    stage.session.flush()
    first, second = member.goals
    changed = GoalTold(id=first.public_id, area="running", words="ten miles", milestones=["a mile"])
    joining.set_goals(stage.session, member, NOW + DAY, [changed, GoalTold(area="reading")])
    assert goals_of(member) == [("running", "ten miles", ["a mile"]), ("reading", "", [])]
    assert (second.let_go_at, second.is_open) == (NOW + DAY, False)
    assert member.goals[0] is first


def test_the_same_form_sent_twice_keeps_the_same_goals(stage, member):
    told = [GoalTold(area="running", words="ten miles", milestones=["one"]), GoalTold(area="sleep")]
    for _ in range(2):
        joining.set_goals(stage.session, member, NOW, told)
        stage.session.flush()
    assert [(goal.area, goal.is_open) for goal in member.goals] == [("running", True), ("sleep", True)]


def test_of_two_goals_in_the_same_words_each_is_kept(stage, member):
    joining.set_goals(stage.session, member, NOW, [GoalTold(area="running"), GoalTold(area="running")])
    stage.session.flush()
    joining.set_goals(stage.session, member, NOW, [GoalTold(area="running")])
    assert [goal.is_open for goal in member.goals] == [True, False]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([], "Write one to 3 goals"),
        ([GoalTold(area="")], "Write one to 3 goals"),
        ([GoalTold(area=each) for each in "abcd"], "Write one to 3 goals"),
        ([GoalTold(area="a"), GoalTold(area="-", words="something")], "Goal 2 needs an area"),
        ([GoalTold(area="a"), GoalTold(area="", if_this="it rains")], "Goal 2 needs an area"),
        ([GoalTold(area="a"), GoalTold(area="", milestones=["one week"])], "Goal 2 needs an area"),
        ([GoalTold(area="a" * 101)], "The area of goal 1 has 101 signs; write at most 100."),
        ([GoalTold(area="a", words="w" * 1001)], "own words of goal 1 has 1,001 signs; write at most 1,000."),
        ([GoalTold(area="a", if_this="w" * 301)], "“if” part of goal 1"),
        ([GoalTold(area="a", then_that="w" * 301)], "“then” part of goal 1"),
        ([GoalTold(area="a", milestones=["w" * 301])], "milestone of goal 1"),
        ([GoalTold(area="a", milestones=["m"] * 8)], "Goal 1 has 8 milestones; write at most 7."),
        ([GoalTold(area="a", id="of-somebody-else")], "not yours, or is over"),
    ],
)
def test_goals_that_cannot_be_kept_say_which_and_why(stage, member, told, sentence):
    assert sentence in refusal("goals", joining.set_goals, stage.session, member, NOW, told)
    assert member.goals == []


def test_a_goal_of_somebody_else_is_never_changed(stage, member):
    (other,) = stage.people(1)
    told = [GoalTold(id=other.goals[0].public_id, area="mine")]
    refusal("goals", joining.set_goals, stage.session, member, NOW, told)
    assert other.goals[0].area == "running"


# Hours


@pytest.mark.parametrize(
    ("hours", "kept"),
    [
        ([(0, 18 * 60, 20 * 60)], [[0, 1080, 1200]]),
        ([(0, 18 * 60, 19 * 60), (0, 18 * 60 + 30, 20 * 60)], [[0, 1080, 1200]]),
        ([(0, 18 * 60, 19 * 60), (0, 19 * 60, 20 * 60)], [[0, 1080, 1200]]),
        ([(2, 60, 120), (0, 60, 120)], [[0, 60, 120], [2, 60, 120]]),
        ([(5, 22 * 60, 60)], [[5, 1320, 1500]]),
        ([(6, 22 * 60, 60)], [[6, 1320, 1500]]),
        ([(3, 0, 24 * 60)], [[3, 0, 1440]]),
        ([(day, 0, 24 * 60) for day in range(7)], [[0, 0, 10080]]),
        ([(0, 60, 120)] * 61, [[0, 60, 120]]),
    ],
)
def test_hours_are_kept_as_the_longest_stretches(stage, member, hours, kept):
    joining.set_hours(stage.session, member, NOW, hours, writing_is_enough=False)
    assert (member.windows, member.writing_is_enough) == (kept, False)


def test_writing_is_enough_without_any_hours(stage, member):
    joining.set_hours(stage.session, member, NOW, [], writing_is_enough=True)
    assert (member.windows, member.writing_is_enough) == ([], True)


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ([], "at least one time"),
        ([(0, 60, 60)], "Stretch 1 ends when it begins"),
        ([(0, 60, 120), (7, 60, 120)], "Stretch 2 is no time"),
        ([(-1, 60, 120)], "Stretch 1 is no time"),
        ([(0, 61, 120)], "quarter-hours"),
        ([(0, 60, 121)], "quarter-hours"),
        ([(0, -15, 120)], "Stretch 1 is no time"),
        ([(0, 60, 1455)], "Stretch 1 is no time"),
        ([(0, 1440, 60)], "Stretch 1 is no time"),
        ([(hour // 12, hour % 12 * 120, hour % 12 * 120 + 60) for hour in range(61)], "at most 60 stretches"),
        ([(10**30, 60, 120)], "Stretch 1 is no time"),
    ],
)
def test_hours_that_are_none_say_which(stage, member, hours, sentence):
    assert sentence in refusal("hours", joining.set_hours, stage.session, member, NOW, hours, writing_is_enough=False)
    assert member.windows == []


def test_what_would_close_an_open_proposal_is_asked_about_first(stage):
    one, other = stage.people(2)
    proposal = stage.open(one, other)
    with pytest.raises(WouldCloseError):
        joining.set_hours(stage.session, one, NOW, [(3, 60, 120)], writing_is_enough=False)
    joining.set_hours(stage.session, one, NOW, [(0, 18 * 60, 21 * 60)], writing_is_enough=False)
    assert proposal.state is ProposalState.OPEN
    joining.introduce(stage.session, one, NOW, name="Robin", zone="Asia/Tokyo", languages=["en"], anyway=True)
    assert proposal.state is ProposalState.CLOSED

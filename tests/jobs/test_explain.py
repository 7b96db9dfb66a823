"""One member's night, told to a coordinator."""

from jobs.explain import explain_member


def told(night, member_id: str) -> str:
    return "\n".join(explain_member(night.assignment, night.candidates, night.policy, member_id, night.names))


def test_a_partner_is_explained_by_points_sentences_hours_and_who_else_would_fit(night):
    said = told(night, "d")
    assert said.startswith("Dee\n  with Eve: 85 points\n    40  common time\n")
    assert "Your goals meet here: sleep." in said
    assert said.endswith("1 possible partner:\n    85  Eve is with Dee")


def test_a_trio_says_who_joined_whom(night):
    said = told(night, "a")
    assert "with Bob and Cyd" in said
    assert "joined a pair; three fit as well as their weakest two." in said


def test_somebody_alone_reads_why(night):
    said = told(night, "f")
    assert said.startswith("Fay\n  is alone.\n  Nobody here was a possible partner this time.\n")
    assert said.endswith("0 possible partners.")

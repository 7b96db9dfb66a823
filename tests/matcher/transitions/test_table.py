"""The table of the README: each of its cells has a test, and each test named here is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEADING = "## What may happen, and what follows"
COLUMNS = {
    "draft": "test_drafts",
    "open proposal": "test_open_proposals",
    "active pair": "test_pairs",
    "trio": "test_trios",
}
CELLS = {
    "member rests": (
        "a_rest_drops_a_draft_and_the_rest_is_solved_again",
        "a_rest_closes_an_open_proposal_without_a_bar",
        "a_rest_is_told_to_the_partner_and_the_term_grows_by_it",
        "two_of_three_go_on_while_one_rests_and_the_term_stays",
    ),
    "leaves / account erased": (
        "leaving_drops_a_draft",
        "leaving_closes_an_open_proposal",
        "leaving_ends_a_pair_and_own_words_stay_with_their_author",
        "of_three_the_other_two_stay_when_one_leaves",
    ),
    "block": (
        "a_block_drops_a_draft_and_bars_for_ever",
        "a_block_closes_an_open_proposal_silently_and_bars_for_ever",
        "a_block_ends_a_pair_at_once_silently_and_queued_mails_die",
        "of_three_the_blocker_leaves_and_the_other_two_stay",
    ),
    "says no / no answer": (
        "nobody_can_say_no_to_a_draft",
        "no_answer_sets_the_others_free_and_bars_for_28_days",
        "nobody_says_no_to_what_is_a_pair_already",
        "two_yeses_without_a_barrier_start_as_a_pair_without_an_answer",
    ),
    "profile or zone changes": (
        "the_newest_profile_counts_at_publishing",
        "a_changed_zone_that_raises_a_barrier_is_asked_about_first",
        "a_changed_zone_leaves_a_pair_and_its_term_as_they_are",
        "a_changed_zone_leaves_a_trio_and_its_term_as_they_are",
    ),
    "consent withdrawn": (
        "experiences_are_not_used_in_a_draft_after_their_consent_is_withdrawn",
        "reasons_built_on_experiences_vanish_when_their_consent_is_withdrawn",
        "reasons_of_a_pair_built_on_experiences_vanish_with_their_consent",
        "reasons_of_a_trio_built_on_experiences_vanish_with_their_consent",
    ),
    "policy changed": (
        "a_changed_policy_waits_for_the_next_pairing_night",
        "a_changed_policy_leaves_an_open_proposal_untouched",
        "a_changed_policy_leaves_a_pair_untouched",
        "a_changed_policy_leaves_a_trio_untouched",
    ),
    "coordinator ends it": (
        "no_coordinator_closes_a_draft_as_if_it_were_open",
        "a_coordinator_closes_an_open_proposal",
        "a_coordinator_ends_a_pair_and_every_automatic_text_stops_at_once",
        "a_coordinator_ends_a_trio_and_every_automatic_text_stops_at_once",
    ),
}
"""For each row of the table, the test of each of its columns."""


def rows_of_the_readme() -> list[list[str]]:
    section = (ROOT / "README.md").read_text("utf-8").partition(f"{HEADING}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if re.match(r"\|.+\|$", line) and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_has_these_columns_and_rows_and_no_empty_cell():
    header, *rows = rows_of_the_readme()
    assert header == ["event", *COLUMNS]
    assert [row[0] for row in rows] == list(CELLS)
    assert all(len(row) == 1 + len(COLUMNS) and all(row) for row in rows)


@pytest.mark.parametrize("event", CELLS)
def test_each_cell_has_its_test(event):
    assert len(CELLS[event]) == len(COLUMNS)
    for module, name in zip(COLUMNS.values(), CELLS[event], strict=True):
        tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text("utf-8"))
        assert f"test_{name}" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_no_two_cells_share_a_test():
    named = [name for row in CELLS.values() for name in row]
    assert len(set(named)) == len(named)

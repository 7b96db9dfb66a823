"""The command on real people: everybody of one country, as anybody would run it, and every claim recomputed."""

import csv
import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from jobs.__main__ import main
from jobs.night import Night, Order, decide
from matcher.pairing.audit import audit
from matcher.pairing.shortlist import candidate_graph
from matcher.pairing.watch import Unwatched
from tests import second_opinion

CODERS = Path(__file__).parents[2] / "shared" / "data" / "new_coders_2016.csv.gz"
ON = date(2026, 1, 12)

pytestmark = pytest.mark.skipif(not CODERS.exists(), reason="the real people of ../shared/data are not here")


@pytest.fixture(scope="module")
def night() -> Night:
    return decide(Order(people=CODERS, on=ON, where=("country=GB",)))


def test_everybody_has_one_place_and_only_minors_are_set_aside(night):
    named = [each for found in night.assignment.partnerships for each in found.ids]
    named += [each.id for each in night.assignment.alone]
    assert len(named) == len(set(named)) == 452
    assert len(night.sheet.set_aside) == 34
    assert {row.reason for row in night.sheet.set_aside} == {'not surely an adult (age "under-18")'}


def test_the_audit_of_the_night_is_empty(night):
    graph = candidate_graph(night.candidates, night.policy, Unwatched())
    assert graph.complete
    assert audit(night.candidates, night.policy, night.assignment, graph.adjacency) == []


def test_the_counts_of_everybody_alone_add_up_and_agree_with_a_second_opinion(night):
    people = night.candidates.people
    assert night.assignment.alone
    for each in night.assignment.alone:
        one = next(person for person in people if person.id == each.id)
        found = Counter(
            second_opinion.barrier(one, other, (), (), night.policy, ON) for other in people if other is not one
        )
        assert each.possible_partners == found.pop(None, 0)
        assert each.barriers == found
        assert sum(each.barriers.values()) + each.possible_partners == len(people) - 1


def test_no_pair_has_a_barrier_and_all_points_agree_with_a_second_opinion(night):
    people = {person.id: person for person in night.candidates.people}
    for found in night.assignment.pairs:
        one, other = (people[each] for each in found.ids)
        assert second_opinion.barrier(one, other, (), (), night.policy, ON) is None
        assert found.terms == second_opinion.points(one, other, night.policy, ON)
        assert found.overlap_minutes == 30 * second_opinion.blocks([one, other], night.policy, ON)


def test_shuffled_rows_give_the_same_pairs_and_the_same_json(tmp_path):
    with gzip.open(CODERS, "rt", encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    shuffled = tmp_path / "shuffled.csv"
    with shuffled.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *Random(1).sample(rows, len(rows))])

    first, second = (_run(sheet, tmp_path / f"{number}.csv") for number, sheet in enumerate((CODERS, shuffled)))

    assert (tmp_path / "0.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()
    assert [row["row"] for row in first["set_aside"]] != [row["row"] for row in second["set_aside"]]
    assert _timeless(first) == _timeless(second)


def _run(sheet: Path, out: Path) -> dict:
    asked = ["pair", str(sheet), "--where", "country=GB", "--on", ON.isoformat(), "--out", str(out), "--json"]
    said = CliRunner().invoke(main, asked)
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def _timeless(found: dict) -> dict:
    set_aside = [{"id": row["id"], "reason": row["reason"]} for row in found["set_aside"]]
    return {key: value for key, value in found.items() if key != "seconds"} | {"set_aside": set_aside}

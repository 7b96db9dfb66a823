"""All invariants together; the other files here break one each."""

from matcher.invariants import INVARIANTS, broken
from tests.rows import NOW


def test_nothing_is_broken_where_all_is_well(session, world):
    session.flush()
    assert broken(session, NOW) == []


def test_there_is_a_function_for_each_of_the_twelve():
    assert list(INVARIANTS) == [f"I{number}" for number in range(1, 13)]


def test_a_sentence_names_its_invariant(session, world):
    world.run.fingerprint = ""
    session.flush()
    assert broken(session, NOW) == [f"I8: The run {world.run.public_id} has no fingerprint."]


def test_what_the_key_file_does_not_open_is_a_sentence_too(session, world):
    session.flush()
    seal = {"sqlite": "x'6f6c643a00'", "postgresql": "'\\x6f6c643a00'"}[session.get_bind().dialect.name]
    session.connection().exec_driver_sql(f"UPDATE members SET wishes = {seal}")
    found = broken(session, NOW)
    assert [each.partition(":")[0] for each in found] == ["I11", "I12"]
    assert "key" in found[0]

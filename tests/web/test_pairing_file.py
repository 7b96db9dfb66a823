import codecs
import json
from copy import deepcopy

import pytest

from tests.invented_pairing import invented_pairing, write_pairing
from tests.web.pages import words_of
from web.pairing_file import MOST_BYTES, PairingFileError, read_pairing

REQUIRED = sorted(set(invented_pairing()) - {"alongside", "names", "group", "coverage"})
INNER = [
    (part, key) for part in ("pairs", "trios", "alone", "set_aside") for key in sorted(invented_pairing()[part][0])
]
NOT_NEEDED = {("alone", "barriers"), ("trios", "joined_by")}


def shown(path):
    return read_pairing(path)


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_missing_part_is_named(missing, invented, tmp_path):
    del invented[missing]
    with pytest.raises(PairingFileError, match=f"it has no “{missing}”"):
        shown(write_pairing(tmp_path, invented))


@pytest.mark.parametrize(("part", "missing"), [each for each in INNER if each not in NOT_NEEDED])
def test_a_missing_part_of_a_part_is_named_with_its_place(part, missing, invented, tmp_path):
    del invented[part][1][missing]
    with pytest.raises(PairingFileError, match=f"“{part}” 2 has no “{missing}”"):
        shown(write_pairing(tmp_path, invented))


@pytest.mark.parametrize("wrong", [None, True, 1.5, "x", [], {}, [None], {"a": None}])
@pytest.mark.parametrize(("part", "key"), [("", each) for each in [*REQUIRED, "names", "group"]] + INNER)
def test_a_value_of_another_kind_is_refused_or_shown_and_never_a_failure(part, key, wrong, coordinator):
    result = deepcopy(invented_pairing())
    (result[part][0] if part else result)[key] = wrong
    answer = coordinator(result).get("/pairing/a-key-for-the-tests-alone")
    assert answer.status_code in (200, 503)
    assert words_of(answer)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "pairs", '{"pairs": NaN}', "[" * 200_000, '{"on": "2026-01-12"}', "\ufeff"]
)
def test_what_is_no_pairing_is_a_sentence(text, tmp_path):
    path = tmp_path / "result.json"
    path.write_text(text, "utf-8")
    with pytest.raises(PairingFileError, match=r"\.$"):
        shown(path)


def test_bytes_that_are_no_text_are_a_sentence(tmp_path):
    path = tmp_path / "result.json"
    path.write_bytes(b"\xff\xfe\xff\xff\x00\xd8")
    with pytest.raises(PairingFileError, match="not JSON"):
        shown(path)


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (b"", "utf-8")]
)
def test_what_other_systems_write_is_read(mark, encoding, invented, tmp_path):
    path = tmp_path / "result.json"
    path.write_bytes(mark + json.dumps(invented, ensure_ascii=False).encode(encoding))
    assert shown(path).waiting == 41


def test_a_folder_and_a_file_too_large_are_sentences(tmp_path):
    with pytest.raises(PairingFileError, match="cannot be read"):
        shown(tmp_path)
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(PairingFileError, match="too large"):
        shown(large)


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        shown(tmp_path / "gone")


def test_seconds_without_end_are_a_sentence(invented, tmp_path):
    path = write_pairing(tmp_path, invented)
    path.write_text(path.read_text("utf-8").replace("0.41", "1e999"), "utf-8")
    with pytest.raises(PairingFileError, match="the seconds of “solve”"):
        shown(path)


def test_the_sentence_never_repeats_what_stands_in_the_file(invented, tmp_path):
    invented["pairs"][0]["points"] = "Ada Lovelace"
    with pytest.raises(PairingFileError) as refused:
        shown(write_pairing(tmp_path, invented))
    assert "Ada" not in str(refused.value)


@pytest.mark.parametrize("ids", [["m001"], ["m001", "m002", "m003"], ["m001", 2]])
def test_a_pair_is_two_people(ids, invented, tmp_path):
    invented["pairs"][0]["ids"] = ids
    with pytest.raises(PairingFileError, match="do not name 2 people"):
        shown(write_pairing(tmp_path, invented))


def test_who_joined_is_one_of_the_three(invented, tmp_path):
    invented["trios"][0]["joined_by"] = "a stranger"
    with pytest.raises(PairingFileError, match="do not name 3 people"):
        shown(write_pairing(tmp_path, invented))


def test_without_names_people_are_called_by_their_ids(invented, tmp_path):
    del invented["names"], invented["group"]
    assert shown(write_pairing(tmp_path, invented)).pairs[0].names == ("m001", "m002")


def test_two_of_the_same_name_are_told_apart_by_their_ids(invented, tmp_path):
    invented["names"] |= {"m001": "Sam", "m005": "sam", "m002": ""}
    pairs = shown(write_pairing(tmp_path, invented)).pairs
    assert pairs[0].names == ("Sam (m001)", "m002")
    assert pairs[2].names[0] == "sam (m005)"


def test_what_no_page_may_hold_is_left_out(invented, tmp_path):
    invented["names"]["m001"] = "A\x00d\ud800a\ufffe\x85"
    assert shown(write_pairing(tmp_path, invented)).pairs[0].names[0] == "A d a"

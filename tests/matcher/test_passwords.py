import pytest

from matcher import passwords
from matcher.errors import PasswordError

GOOD = "seven herons over the weir"
OWN = ["ada.lovelace@example.org", "Ada Lovelace", "Tuesday Runners"]


def test_a_password_fits_its_hash_and_no_other_does():
    kept = passwords.hash_of(GOOD)
    assert passwords.fits(GOOD, kept)
    for other in (GOOD.upper(), f"{GOOD} ", f" {GOOD}", "", GOOD[:-1]):
        assert not passwords.fits(other, kept)


@pytest.mark.parametrize(
    "typed", ["  spaces at both ends  ", "ключ от старого дома", "🌱" * 20, "tab\tand\nline", "\ud800" * 12]
)
def test_it_is_hashed_as_typed_sign_for_sign(typed):
    assert passwords.fits(typed, passwords.hash_of(typed))


def test_a_long_one_counts_to_its_last_sign():
    long = "a b" * 80
    assert not passwords.fits(long[:-1] + "x", passwords.hash_of(long))


def test_without_a_hash_nothing_fits_not_even_what_the_work_is_done_on():
    assert not passwords.fits("nobody", None)
    assert not passwords.fits(GOOD, None)
    assert not passwords.fits(GOOD, "no hash at all")


def test_it_costs_as_much_as_we_say():
    kind, version, costs = passwords.hash_of(GOOD).split("$")[1:4]
    assert (kind, version, costs) == ("argon2id", "v=19", "m=19456,t=2,p=1")


def test_a_hash_of_other_costs_is_outdated():
    kept = passwords.hash_of(GOOD)
    assert not passwords.is_outdated(kept)
    assert passwords.is_outdated(kept.replace("t=2", "t=1"))


def refusal(password, fewest=passwords.FEWEST):
    with pytest.raises(PasswordError) as problem:
        passwords.require_strong(password, OWN, fewest)
    return str(problem.value)


@pytest.mark.parametrize("good", [GOOD, "ümlaut früh am morgen", "q7#Rt!mZ0w$L", "🌱 kleine schritte im garten"])
def test_a_good_one_is_taken(good):
    passwords.require_strong(good, OWN)
    assert len(good) >= passwords.FEWEST


@pytest.mark.parametrize(("length", "fewest"), [(0, 12), (11, 12), (14, 15)])
def test_a_short_one_is_refused_with_both_numbers(length, fewest):
    said = refusal("q7#Rt!mZ0w$Lyx"[:length], fewest)
    assert said.startswith(f"A password needs at least {fewest} signs, and this one has {length}.")


def test_one_that_is_too_long_is_refused_at_once():
    assert "at most 256 signs; this one has 1,000,000" in refusal("x" * 1_000_000)


@pytest.mark.parametrize(
    "weak",
    [
        "aaaaaaaaaaaa",
        "123456789012",
        "passwordpassword",
        "qwertyuiop123",
        "ada.lovelace1815",
        "AdaLovelace2026",
        "TuesdayRunners!",
        "alongside2026",
        "recovery-recovery",
    ],
)
def test_what_somebody_would_soon_guess_is_refused(weak):
    assert refusal(weak).startswith("This password would be guessed soon")

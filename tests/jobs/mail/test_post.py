"""What a way out may run into is a sentence to a person, and says what it means for the letter."""

from jobs.mail.post import LineError, RefusedError, TryLaterError


def test_trouble_is_a_sentence_and_says_what_it_means():
    assert str(TryLaterError("Not now.")) == "Not now."
    assert RefusedError("No.", address_refused=True).address_refused
    assert not RefusedError("No.").address_refused
    assert LineError("Silence.", was_tried=True).was_tried
    assert not LineError("Silence.").was_tried

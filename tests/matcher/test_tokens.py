import pytest

from matcher.tokens import hash_of, new_token


def test_tokens_are_random_long_and_fit_into_a_link():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert {len(token) for token in tokens} == {43}  # 256 bits
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_what_is_kept_of_a_token_is_not_the_token():
    token = new_token()
    assert hash_of(token) == hash_of(token) != token
    assert len(hash_of(token)) == 64


@pytest.mark.parametrize("strange", ["", "\0", "\ud800", "ключ", "x" * 100_000])
def test_whatever_somebody_sends_as_a_token_has_a_hash(strange):
    assert len(hash_of(strange)) == 64

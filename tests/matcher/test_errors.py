import pytest

from matcher.errors import AlongsideError, PolicyError, PoolError, SheetError


@pytest.mark.parametrize("kind", [PolicyError, PoolError, SheetError])
def test_every_domain_error_is_one_that_a_person_can_mend(kind):
    error = kind("Two members have the id bo; give each person an id of their own.")
    assert isinstance(error, AlongsideError)
    assert str(error) == "Two members have the id bo; give each person an id of their own."

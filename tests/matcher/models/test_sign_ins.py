from sqlalchemy import select

from matcher.models import Counter, Link, RecoveryCode, SignIn
from matcher.states import LinkUse
from tests.rows import NOW, make_account


def test_what_opens_something_is_kept_as_a_hash_alone(sessions):
    """Each of them comes back as it was written; no column has room for what was hashed."""
    with sessions.begin() as session:
        account = make_account(session)
        common = {"account_id": account.id, "token_hash": "h" * 64}
        session.add(SignIn(**common, begun_at=NOW, seen_at=NOW, password_at=NOW))
        session.add(Link(**common, use=LinkUse.RESET, address="a@x.org", made_at=NOW, expires_at=NOW))
        session.add(RecoveryCode(account_id=account.id, code_hash="c" * 64))
        session.add(Counter(key_hash="k" * 64, count=1, expires_at=NOW))
    with sessions() as session:
        signed_in = session.scalars(select(SignIn)).one()
        assert (signed_in.device, signed_in.is_own_device, signed_in.code_at) == ("", False, None)
        assert session.scalars(select(Link)).one().use is LinkUse.RESET
        assert session.scalars(select(RecoveryCode)).one().used_at is None
        assert session.scalars(select(Counter)).one().count == 1

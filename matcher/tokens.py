"""Random words that open something. Whoever was given one holds it; what is kept is only its hash."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits, as they stand in a link or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain SHA-256 tells nobody anything; 64 signs."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()

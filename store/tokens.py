"""Secrets that we give away and know again: of each only a hash is kept."""

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """A secret that nobody guesses, fit for an address or a cookie."""
    return secrets.token_urlsafe(BYTES)


def hashed(token: str) -> bytes:
    """What is kept of a token. It is random, so it needs no salt and no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).digest()

"""Secrets that open something: random, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """No salt is needed: there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()

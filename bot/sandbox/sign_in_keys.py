"""The key that identities are signed with: RS256, as Slack's are.

Sources: RFC 7517 and 7518 (3.3, 6.3) for its forms; https://slack.com/openid/connect/keys
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.sandbox.json_types import Json

ALGORITHM = "RS256"
_BITS = 2048
_EXPONENT = 65537


@dataclass(frozen=True)
class Key:
    """A key pair; tokens name it by `id`."""

    private: RSAPrivateKey

    @cached_property
    def id(self) -> str:
        """What tokens call the key."""
        modulus = self.private.public_key().public_numbers().n
        return hashlib.sha256(str(modulus).encode()).hexdigest()[:16]

    @property
    def public(self) -> Json:
        """The public half, as a JSON Web Key."""
        key = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        named = {"kty": key["kty"], "n": key["n"], "e": key["e"]}
        return named | {"use": "sig", "alg": ALGORITHM, "kid": self.id}

    def token(self, claims: Json) -> str:
        """The claims as a signed JSON Web Token."""
        return jwt.encode(claims, self.private, ALGORITHM, headers={"kid": self.id})


def make_key() -> Key:
    """A new key of 2,048 bits."""
    return Key(generate_private_key(_EXPONENT, _BITS))

"""RS256, with nothing but Python's integers.

No dependency of this project signs with RSA. What is signed here is worth nothing outside the
stand-in, so a key made in a third of a second without hardening against timing is enough.
Sources: RFC 8017 (8.2.1 and 9.2) for the signature, RFC 7517 and 7518 (3.3, 6.3) for its forms.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from functools import cached_property
from math import gcd, prod

from bot.sandbox.json_types import Json

_BITS = 2048
_EXPONENT = 65537
_ROUNDS = 8  # of Miller and Rabin's test; for random candidates of 1,024 bits FIPS 186-5 asks 4
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
_SMALL_PRIMES = [n for n in range(3, 10_000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
_SMALL_PRODUCT = prod(_SMALL_PRIMES)


@dataclass(frozen=True)
class Key:
    """A key pair: modulus and private exponent."""

    modulus: int
    private: int

    @cached_property
    def id(self) -> str:
        """What tokens call the key."""
        return hashlib.sha256(str(self.modulus).encode()).hexdigest()[:16]

    @property
    def public(self) -> Json:
        """The public half, as a JSON Web Key."""
        size = (self.modulus.bit_length() + 7) // 8
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "n": encoded(self.modulus.to_bytes(size, "big")),
            "e": encoded(_EXPONENT.to_bytes(3, "big")),
        }

    def token(self, claims: Json) -> str:
        """The claims as a signed JSON Web Token."""
        header = {"typ": "JWT", "alg": "RS256", "kid": self.id}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{encoded(self._signature(signed.encode()))}"

    def _signature(self, content: bytes) -> bytes:
        size = (self.modulus.bit_length() + 7) // 8
        digest = _SHA256_PREFIX + hashlib.sha256(content).digest()
        padding = b"\xff" * (size - len(digest) - 3)
        message = int.from_bytes(b"\x00\x01" + padding + b"\x00" + digest, "big")
        return pow(message, self.private, self.modulus).to_bytes(size, "big")


def make_key() -> Key:
    """A new key of 2,048 bits."""
    one, other = _prime(_BITS // 2), _prime(_BITS // 2)
    private = pow(_EXPONENT, -1, (one - 1) * (other - 1))
    return Key(one * other, private)


def encoded(content: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _prime(bits: int) -> int:
    # The two highest bits are set, so that a product of two such has all its bits.
    highest = 3 << (bits - 2)
    while True:
        candidate = secrets.randbits(bits) | highest | 1
        if gcd(candidate - 1, _EXPONENT) == 1 and _is_prime(candidate):
            return candidate


def _is_prime(candidate: int) -> bool:
    if gcd(candidate, _SMALL_PRODUCT) != 1:
        return False
    odd, halvings = candidate - 1, 0
    while odd % 2 == 0:
        odd, halvings = odd // 2, halvings + 1
    return all(_passes(candidate, odd, halvings) for _ in range(_ROUNDS))


def _passes(candidate: int, odd: int, halvings: int) -> bool:
    power = pow(2 + secrets.randbelow(candidate - 3), odd, candidate)
    if power in {1, candidate - 1}:
        return True
    for _ in range(halvings - 1):
        power = power * power % candidate
        if power == candidate - 1:
            return True
    return False

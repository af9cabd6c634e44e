"""The address of a database as a setting: what is not right about it is said without the password."""

import inspect
from typing import Annotated

import asyncpg
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVER = "postgresql+asyncpg"
FORM = f"{DRIVER}://role:password@host:5432/database"
OPTIONS = frozenset(inspect.signature(asyncpg.connect).parameters)
MOST_PORT = 65_535


def _checked(address: str) -> str:
    url = _parsed(address)
    if url.drivername != DRIVER:
        raise _wrong(f"it begins with {url.drivername}://, and must begin with {DRIVER}://")
    if not url.username:
        raise _wrong(f"it names no role. Its form is {FORM}")
    if url.port is not None and url.port > MOST_PORT:
        raise _wrong(f"the port is {url.port}, and the highest is {MOST_PORT}")
    if strange := sorted(url.query.keys() - OPTIONS):
        raise _wrong(
            f"the option {strange[0]} is not known to the driver. For TLS, end it with ?ssl=require"
        )
    return address


def _parsed(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        # Not `from` it: the words of what cannot be read may hold the password.
        raise _wrong(
            f"it cannot be read. Its form is {FORM}; in a password, write @ as %40, : as %3A and "
            "/ as %2F"
        ) from None


def _wrong(words: str) -> PydanticCustomError:
    return PydanticCustomError("database_url", "{words}", {"words": words})


DatabaseUrl = Annotated[str, AfterValidator(_checked)]
"""A PostgreSQL database for the driver that Wavepost uses."""

"""What handlers may ask of a virus scanner: what is in bytes that stream past."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from rules.clearance import Scan


class ScannerUnavailable(Exception):
    """The scanner did not answer; what it was asked about is not known to be well."""


@dataclass(frozen=True)
class Found:
    """What the scanner says of a file, and the name of what it found there."""

    scan: Scan
    name: str = ""


class Scanner(Protocol):
    """Looks into files."""

    async def scan(self, source: AsyncIterator[bytes]) -> Found:
        """What is in the bytes that a source gives; it need not be read to its end.

        Raises:
            ScannerUnavailable: it cannot say.
            Whatever the source raises.
        """

    async def version(self) -> str:
        """What it is, as it says itself; raises ScannerUnavailable."""

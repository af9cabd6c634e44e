"""Wavepost in a browser: the whole of it, as people see it."""

from tests.chromium import browser, open_as

__all__ = ["browser", "open_as"]

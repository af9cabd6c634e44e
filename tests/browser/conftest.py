"""Wavepost in a browser: the whole of it, as people see it."""

from tests.browser.web import at_web
from tests.chromium import browser, open_as

__all__ = ["at_web", "browser", "open_as"]

"""Wavepost in a browser: the whole of it, as people see it."""

import pytest

from bot.settings import Settings
from tests.browser.web import at_web
from tests.chromium import _function_scoped_runner, browser, open_as, running_browser
from tests.conftest import patient

__all__ = ["_function_scoped_runner", "at_web", "browser", "open_as", "running_browser"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With more patience for Slack: a browser that draws leaves a small machine little else."""
    return patient(settings)

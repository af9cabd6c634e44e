"""The examples in the docstrings of the rules are true."""

import doctest
import importlib
import pkgutil

import pytest

import rules

MODULES = [module.name for module in pkgutil.iter_modules(rules.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_come_out_as_written(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"rules.{name}"))
    assert results.failed == 0

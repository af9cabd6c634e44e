"""Which errors a Web API method can give, read from its code and from what that calls."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, get_type_hints

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call
from bot.sandbox.world import World

PACKAGE = "bot.sandbox"
_FIELDS = get_type_hints(World)
_Given = dict[str, str]


def errors_of(function: Callable[..., object]) -> frozenset[str]:
    """Every code that a SlackError made in this function, or in what it calls, can have.

    Codes put together from variables are not found.
    """
    return frozenset(_Reading(set()).of(function, {}))


class _Reading:
    """One walk through functions; each is read once for each set of codes handed to it."""

    def __init__(self, seen: set[tuple[object, tuple[tuple[str, str], ...]]]) -> None:
        self._seen = seen

    def of(self, function: object, given: _Given) -> Iterator[str]:
        """The codes made by a function that gets `given` as arguments."""
        visit = (function, tuple(sorted(given.items())))
        if not isinstance(function, FunctionType) or visit in self._seen:
            return
        if not function.__module__.startswith(PACKAGE):
            return
        self._seen.add(visit)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from self._of_call(node, tree, function, given)

    def _of_call(
        self, node: ast.Call, tree: ast.AST, function: FunctionType, given: _Given
    ) -> Iterator[str]:
        called = _resolved(node.func, function)
        if isinstance(called, type) and issubclass(called, SlackError):
            if called is SlackError:
                yield from _codes(node.args[0], tree, given)
            else:
                yield from self.of(called.__init__, {})
        elif called is not None:
            yield from self.of(called, _handed_over(node, called))
        elif _is_super(node):
            yield from _codes(node.args[0], tree, given)


def _codes(argument: ast.expr, tree: ast.AST, given: _Given) -> Iterator[str]:
    if isinstance(argument, ast.Constant | ast.IfExp):
        yield from _constants(argument)
    if not isinstance(argument, ast.Name):
        return
    if argument.id in given:
        yield given[argument.id]
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _names(node.targets[0], argument.id):
            yield from _constants(node.value)
        if isinstance(node, ast.For) and _names(node.target, argument.id):
            yield from _constants(node.iter)


def _constants(value: ast.AST) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value:
            yield node.value


def _names(target: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(target))


def _is_super(node: ast.Call) -> bool:
    is_init = isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"
    return is_init and bool(node.args)


def _handed_over(node: ast.Call, called: object) -> _Given:
    """The constants among the arguments of a call, by the names of their parameters."""
    if not isinstance(called, FunctionType):
        return {}
    parameters = [name for name in inspect.signature(called).parameters if name != "self"]
    pairs: list[tuple[str, ast.expr]] = list(zip(parameters, node.args, strict=False))
    pairs += [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
    return {
        name: value.value
        for name, value in pairs
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _resolved(node: ast.expr, function: FunctionType) -> Any:
    """What is called: by name, as `module.name`, or as a method of `self`, `call` or the world."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_holder(node.value, function), node.attr, None)
    return None


def _holder(node: ast.expr, function: FunctionType) -> object:
    """The class or module that an attribute is taken from, as far as its name tells."""
    if isinstance(node, ast.Attribute):
        return _FIELDS.get(node.attr)
    if not isinstance(node, ast.Name):
        return None
    if node.id == "call":
        return Call
    if node.id == "self":
        return function.__globals__.get(function.__qualname__.rpartition(".")[0])
    held = function.__globals__.get(node.id)
    return held if isinstance(held, ModuleType) else None

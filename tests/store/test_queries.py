"""What people give goes into a query as a value beside it ($1, :name), never into its words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

STORE = Path(__file__).parents[2] / "store"
WORDS = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|LOCK|COPY|GRANT|FROM|WHERE|AND|ORDER BY|LIMIT)\b"
)
COMPOSED = {
    "file_search.found": "the conditions that stand above it",
    "jobs.get": "FOR UPDATE, or nothing",
    "loading._update": "the tables and columns that a sheet's kind names",
    "migrate.migrate": "a number of our own locks",
    "rights.grant": "tables of ours, and the role from the settings, quoted as the database quotes names",
    "rights.restore_owner": "the same",
    "roles._of_holders": "one of the queries below it",
    "runs.runs_of": "a condition that is made at the start",
    "schedule._facts": "conditions that are made at the start",
    "schedule_lines._stands": "a condition that is made at the start",
    "sheets.has_any": "a kind of sheets, named as its table",
    "sheets.known": "the columns that it lists",
    "timeline._entries": "a condition and an order that are made at the start",
    "wave_day._looked_up": "the name of a part of the same query",
    "wave_day._page": "a query that is made at the start",
}
"""The functions that put a query together, and of what: only of words of this program."""


def _composing(tree: ast.AST, function: str = "") -> Iterator[str]:
    """The functions that fill SQL. What stands outside of them is made before anybody gives anything."""
    for part in ast.iter_child_nodes(tree):
        if isinstance(part, ast.JoinedStr) and function:
            kinds = {type(piece) for piece in part.values}
            said = " ".join(
                str(piece.value) for piece in part.values if isinstance(piece, ast.Constant)
            )
            if ast.FormattedValue in kinds and WORDS.search(said):
                yield function
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _composing(part, part.name)
        else:
            yield from _composing(part, function)


def test_queries_are_put_together_of_words_of_this_program_alone() -> None:
    filling = {
        f"{module.stem}.{function}"
        for module in STORE.glob("*.py")
        for function in _composing(ast.parse(module.read_text()))
    }
    assert filling == COMPOSED.keys()

"""What is proven of the stand-in: `python -m tests.sandbox.trust` writes bot/sandbox/trust.json.

A test says what it proves by `@pytest.mark.proves(NAME, *ERRORS)`, NAME being one of
`trust_claims.claims()`. Both may name the test's parameters, as in `proves("{method}", "{error}")`;
a set of parameters that then names nothing claimed proves nothing. Without errors, the test proves
that the thing does what it should.
"""

import contextlib
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.json_types import Json
from tests.sandbox.trust_claims import Claim, claims

TESTS = Path(__file__).parent
SANDBOX = TESTS.parents[1] / "bot" / "sandbox"
FILE = SANDBOX / "trust.json"
COMMAND = "python -m tests.sandbox.trust"


class TrustError(Exception):
    """A test says that it proves something which the stand-in does not claim."""


class Proofs:
    """A plugin that collects what the tests say they prove: errors by claim, "" for none."""

    def __init__(self) -> None:
        self.found: dict[str, Counter[str]] = defaultdict(Counter)
        self.problems: list[str] = []
        self._claimed = {claim.name for claim in claims()}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Look at every test, without running it."""
        for item in items:
            for mark in item.iter_markers("proves"):
                self._take(item, [str(argument) for argument in mark.args])

    def _take(self, item: pytest.Item, said: list[str]) -> None:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        name, *errors = [_filled(words, parameters) for words in said]
        if name in self._claimed:
            self.found[name].update(errors or [""])
        elif name == said[0]:
            self.problems.append(f"{item.nodeid} proves {name!r}, which is not claimed.")


def _filled(words: str, parameters: Json) -> str:
    try:
        return words.format(**parameters) if "{" in words else words
    except (KeyError, IndexError, TypeError):
        return ""


def collected() -> Proofs:
    """What the tests of the stand-in say they prove; none is run.

    Raises TrustError for one that names something unknown.
    """
    proofs = Proofs()
    # What pytest would rewrite is imported already, to know the claims; nothing is run here.
    quietly = ["-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard):
        # The stand-in's own tests need nothing of Wavepost's.
        cut = f"--confcutdir={TESTS}"
        ended = pytest.main(["--collect-only", "-qq", cut, *quietly, str(TESTS)], plugins=[proofs])
    if ended is not pytest.ExitCode.OK:
        raise TrustError(heard.getvalue())
    if proofs.problems:
        raise TrustError("\n".join(proofs.problems))
    return proofs


def table(proofs: Proofs) -> Json:
    """The file's content."""
    unsourced = [{"what": what, "where": where} for what, where in _unsourced()]
    return {
        "claims": [_described(claim, proofs.found[claim.name]) for claim in claims()],
        "unsourced": unsourced,
    }


def _described(claim: Claim, proven: Counter[str]) -> Json:
    return {
        "kind": claim.kind,
        "name": claim.name,
        "does": claim.does,
        "source": claim.source,
        "tests": proven[""],
        "errors": {error: proven[error] for error in sorted({*claim.errors, *proven} - {""})},
    }


def _unsourced() -> Iterator[tuple[str, str]]:
    """The rows of the table in SOURCES.md."""
    text = (SANDBOX / "SOURCES.md").read_text("utf-8")
    for what, where in re.findall(r"^\| (.+) \| (.+) \|$", text, re.MULTILINE):
        if what != "behaviour":
            yield what, where


def packed(content: Json) -> str:
    """The file, as it is written."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def gaps(content: Json) -> list[str]:
    """What is claimed and not proven."""
    found = [f"{c['name']}" for c in content["claims"] if not c["tests"]]
    for claim in content["claims"]:
        found += [
            f"{claim['name']}: {code}" for code, tests in claim["errors"].items() if not tests
        ]
    return found


def main() -> None:
    """Write the file, and say what is not proven."""
    try:
        content = table(collected())
    except TrustError as error:
        sys.exit(str(error))
    FILE.write_text(packed(content), "utf-8")
    for gap in gaps(content):
        sys.stdout.write(f"not proven: {gap}\n")


if __name__ == "__main__":
    main()

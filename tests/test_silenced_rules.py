"""A rule that is silenced somewhere says there why: what can be mended is not silenced."""

import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SILENCED = re.compile(r"# (noqa|type: ignore|pragma)")
WITH_REASON = re.compile(r"# (noqa: [A-Z0-9, ]+ - |type: ignore\[[a-z-]+\]  # )\w")


MODULES = [
    module
    for part in ("bot", "handlers", "rules", "store", "templates", "tests")
    for module in (ROOT / part).rglob("*.py")
]


def unreasoned(module: Path) -> list[str]:
    """The comments that silence a rule without a reason, as module:line."""
    with module.open("rb") as file:
        comments = [
            token for token in tokenize.tokenize(file.readline) if token.type == tokenize.COMMENT
        ]
    return [
        f"{module.relative_to(ROOT)}:{comment.start[0]}"
        for comment in comments
        if SILENCED.match(comment.string) and not WITH_REASON.match(comment.string)
    ]


def test_every_silenced_rule_has_its_reason() -> None:
    assert [place for module in MODULES for place in unreasoned(module)] == []


@pytest.mark.parametrize(
    "silenced", ["# noqa", "# noqa: S608", "# type: ignore[arg-type]", "# noqa: E501 -"]
)
def test_a_silenced_rule_without_a_reason_is_found(silenced: str) -> None:
    assert SILENCED.match(silenced)
    assert not WITH_REASON.match(silenced)

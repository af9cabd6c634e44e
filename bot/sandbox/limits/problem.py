"""One thing Slack would refuse."""

from dataclasses import dataclass, replace

CAPTURED = "captured"
UNSOURCED = "unsourced"


@dataclass(frozen=True)
class Problem:
    """Where it is (a JSON pointer), what is wrong in Slack's words, and who says so.

    `source` is the address of the documentation or of a public answer of Slack, "captured"
    (seen in such answers, without a limit to name) or "unsourced".
    """

    pointer: str
    message: str
    source: str = CAPTURED

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

    def under(self, prefix: str) -> "Problem":
        """The same problem in something larger."""
        return replace(self, pointer=prefix + self.pointer)

    def by(self, source: str) -> "Problem":
        """The same problem with its source, unless it already names one."""
        return self if self.source != CAPTURED else replace(self, source=source)

"""One thing Slack would refuse."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Where it is (a JSON pointer), what is wrong in Slack's words, and who says so.

    `source` is a documentation address, "captured" or "unsourced".
    """

    pointer: str
    message: str
    source: str = "captured"

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"

"""What differs between two texts, as it is read in Slack: what is gone struck out, what is new bold."""

import re
from collections.abc import Iterable, Iterator, Sequence

from handlers.blocks import MOST_IN_SECTION, Mrkdwn, as_written
from rules.word_difference import Kind, Run, in_short, word_difference

MARKS = {Kind.gone: "~", Kind.new: "*"}
LEFT_OUT = "…"
MOST_IN_PIECE = 400
"""Letters between two marks: escaped, one may take five."""
_PIECE = re.compile(rf"(\n)|(\S(?:[^\n]{{0,{MOST_IN_PIECE - 2}}}\S)?)|[^\S\n]+")


def difference(old: str, new: str) -> list[Mrkdwn]:
    """How one text becomes another, set apart as a quotation, in texts that fit into a section each.

    Words that are far from any change are left out, which "…" shows.
    """
    return quotations(in_short(word_difference(old, new)))


def quotations(runs: Sequence[Run]) -> list[Mrkdwn]:
    """Runs of words with their marks, in texts that fit into a section each."""
    texts, line = [""], ""
    for bit in [*_bits(runs), "\n"]:
        if bit != "\n" and len(line) + len(bit) < MOST_IN_SECTION:
            line += bit
            continue
        ended, line = f"> {line.strip()}", "" if bit == "\n" else bit
        if texts[-1] and len(texts[-1]) + len(ended) < MOST_IN_SECTION:
            texts[-1] += f"\n{ended}"
        else:
            texts.append(ended)
    return [Mrkdwn(text) for text in texts if text.strip("> \n")]


def _bits(runs: Iterable[Run]) -> Iterator[str]:
    """Words between marks, the spaces around them, and line breaks, each alone."""
    before = " "
    for run in runs:
        mark = MARKS.get(run.kind, "")
        for piece in _PIECE.finditer(LEFT_OUT if run.kind is Kind.left_out else run.words):
            if not piece[2]:
                before = "\n" if piece[1] else " "
                yield before
                continue
            # Slack tells one mark from another by the space between them.
            is_apart = {before, mark} <= {*MARKS.values()} or LEFT_OUT in {before, piece[2]}
            yield f"{' ' if is_apart and not before.isspace() else ''}{mark}{as_written(piece[2])}{mark}"
            before = LEFT_OUT if run.kind is Kind.left_out else mark or "-"

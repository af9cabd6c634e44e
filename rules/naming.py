"""Names as people type them: folded to plain lower-case words, so that accents and marks do not matter."""

import re
from functools import lru_cache
from unicodedata import normalize

import polars as pl

APOSTROPHES = r"['’‘`´ʼ]"
MARKS = r"\p{M}"
NOT_A_WORD = r"[^\p{L}\p{N}]+"
_PLAIN = re.compile(r"[^a-z0-9]+")
_UNSEEN = "\u115f\u1160"
"""The letters that nobody sees: Unicode has them to fill up Korean syllables."""


def folded(names: pl.Expr) -> pl.Expr:
    """Names as lower-case words with single spaces: "Joe’s  Café & Bar" becomes "joes cafe bar".

    A name without any letter or digit (an emoji, say) stays as it is, in lower case.
    """
    plain = (
        names.str.normalize("NFKD")
        .str.replace_all(MARKS, "")
        .str.to_lowercase()
        .str.replace_all(MARKS, "")  # a capital may become a letter and a mark (İ)
        .str.replace_all(APOSTROPHES, "")
        .str.replace_all(NOT_A_WORD, " ")
        .str.strip_chars(" ")
    )
    return pl.when(plain == "").then(names.str.to_lowercase().str.strip_chars()).otherwise(plain)


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """One name, folded as `folded` does. An answer asks for the same few names again and again."""
    if name.isascii() and (plain := _PLAIN.sub(" ", re.sub(APOSTROPHES, "", name.lower())).strip()):
        return plain
    return str(pl.select(folded(pl.lit(name))).item())


def is_said(words: str) -> bool:
    """Whether words say something: they have a letter or a digit that one can see."""
    return any(each.isalnum() and each not in _UNSEEN for each in normalize("NFKD", words))

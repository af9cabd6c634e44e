"""Closed lists whose members have words for people: what is kept of each, and what is said of it."""

from enum import StrEnum
from typing import Self


class Told(StrEnum):
    """Members are given as what is kept, and the words that stand after a file's name; empty for none."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        """A member: equal to what is kept of it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

"""Each grade of a receipt as people read it, in Slack, on pages and in sheets."""

from collections.abc import Mapping

from handlers.blocks import Words
from rules.receipts import Grade

GRADES: Mapping[Grade, str] = {
    grade: Words("file_grades", grade=grade.name).plain("did") for grade in reversed(Grade)
}
"""The most that can be proven first."""

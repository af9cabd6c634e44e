"""How a file is cut for its upload: in few enough parts for the store, small enough for a browser."""

from datetime import timedelta

MB = 1024 * 1024
SMALLEST_PART = 16 * MB
MOST_PARTS = 10_000
"""S3's limit."""
LARGEST_FILE = 5 * MB * MB
"""S3's limit, in bytes."""
LARGEST_SAID = "5 TB"
"""The same, as people say it, and as S3 does."""
UPLOAD_HOLDS = timedelta(days=2)
"""So long an upload may be taken up again after a break. The store's own rule clears away later."""


def part_size(size: int) -> int:
    """How many bytes each part of a file of so many bytes has, but the last: whole megabytes.

    >>> part_size(1), part_size(5 * 1024 * MB) // MB, part_size(LARGEST_FILE) // MB
    (16777216, 16, 525)
    """
    megabytes = -(-size // (MOST_PARTS * MB))
    return max(SMALLEST_PART, megabytes * MB)


def bytes_of_part(number: int, size: int, part: int) -> int:
    """How many bytes one part of a file has, counted from 1: as many as the others, or what is left.

    >>> [bytes_of_part(number, 33, 16) for number in (1, 2, 3)]
    [16, 16, 1]
    """
    return min(part, size - (number - 1) * part)


def part_count(size: int, part: int) -> int:
    """In how many parts of so many bytes a file goes.

    >>> part_count(33, 16), part_count(32, 16)
    (3, 2)
    """
    return -(-size // part)

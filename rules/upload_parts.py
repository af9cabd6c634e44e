"""How a file is cut for its upload: in few enough parts for the store, small enough for a browser."""

MB = 1024 * 1024
SMALLEST_PART = 16 * MB
MOST_PARTS = 10_000
"""S3's limit."""
LARGEST_FILE = 5 * MB * MB
"""S3's limit: 5 TB."""


def part_size(size: int) -> int:
    """How many bytes each part of a file of so many bytes has, but the last: whole megabytes.

    >>> part_size(1), part_size(5 * 1024 * MB) // MB, part_size(LARGEST_FILE) // MB
    (16777216, 16, 525)
    """
    megabytes = -(-size // (MOST_PARTS * MB))
    return max(SMALLEST_PART, megabytes * MB)


def part_count(size: int, part: int) -> int:
    """In how many parts of so many bytes a file goes.

    >>> part_count(33, 16), part_count(32, 16)
    (3, 2)
    """
    return -(-size // part)

"""How large a file is, as people say it."""

UNITS = ("kB", "MB", "GB", "TB")
THOUSAND = 1_000
TEN = 10


def said_size(size: int) -> str:
    """A number of bytes in the largest unit of which there is at least one, as disks are sold.

    >>> said_size(0), said_size(1), said_size(999), said_size(1_000), said_size(2_349_000)
    ('0 bytes', '1 byte', '999 bytes', '1.0 kB', '2.3 MB')
    >>> said_size(999_999), said_size(5 * 10**12), said_size(10**16)
    ('1.0 MB', '5.0 TB', '10,000 TB')
    """
    if size < THOUSAND:
        return "1 byte" if size == 1 else f"{size} bytes"
    units = iter(UNITS)
    number, unit = size / THOUSAND, next(units)
    # 999,999 bytes are 1.0 MB, not 1,000 kB.
    while round(number) >= THOUSAND and unit != UNITS[-1]:
        number, unit = number / THOUSAND, next(units)
    return f"{number:.1f} {unit}" if number < TEN else f"{number:,.0f} {unit}"

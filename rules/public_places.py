"""Places on the Internet: which addresses are anybody's to ask, and which lie within somebody's network."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""The last four bytes of these are an IPv4 address, which may be any."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the Internet: not this machine, nor a network of somebody's own.

    An IPv6 address that stands for an IPv4 address counts as not public, whatever that one is. What
    is no IP address is not public.
    """
    try:
        place = ip_address(address)
    except ValueError:
        return False
    if isinstance(place, IPv6Address) and _stands_for_another(place):
        return False
    return place.is_global and not place.is_multicast


def is_numeric(host: str) -> bool:
    """Whether a host is named by its IP address, so that nobody looks up where it is."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _stands_for_another(place: IPv6Address) -> bool:
    others: tuple[IPv4Address | tuple[IPv4Address, IPv4Address] | None, ...] = (
        place.ipv4_mapped,
        place.sixtofour,
        place.teredo,
    )
    return place in _TRANSLATED or any(others)

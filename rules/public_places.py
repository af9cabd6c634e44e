"""Places on the Internet: which addresses are anybody's to ask, and which lie within somebody's network."""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize

_STAND_FOR_ANOTHER = tuple(map(IPv6Network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48")))
"""In these an IPv4 address is hidden, which may be any."""

_DOTS = re.compile("[.\N{IDEOGRAPHIC FULL STOP}]")
"""What parts a host's name, once it is normalized."""


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
    if isinstance(place, IPv6Address) and place.is_site_local:
        return False
    return place.is_global and not place.is_multicast


def is_numeric(host: str) -> bool:
    """Whether a host is named by its IP address, so that nobody looks up where it is.

    So it is in any writing that connects: "127.1", "2130706433" and "127.0.0.1." are this machine.
    """
    digits = _DOTS.sub("", normalize("NFKC", host))
    return ":" in host or digits.isdigit()


def _stands_for_another(place: IPv6Address) -> bool:
    others: tuple[IPv4Address | tuple[IPv4Address, IPv4Address] | None, ...] = (
        place.ipv4_mapped,
        place.sixtofour,
        place.teredo,
    )
    return any(place in network for network in _STAND_FOR_ANOTHER) or any(others)

"""Which addresses may be asked for what somebody else configured."""

import pytest

from rules.public_places import is_numeric, is_public


@pytest.mark.parametrize("address", ["142.250.74.46", "2a00:1450:4001:82b::200e", "1.1.1.1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.7"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "fe80::1%eth0"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:7f00:1::"),
        *("::127.0.0.1", "64:ff9b:1::a00:1", "fec0::1"),
        *("", "localhost", "2130706433", "example.com"),
    ],
)
def test_this_machine_and_networks_of_somebodys_own_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "::1", "127.0.0.1.", "127.1", "2130706433", "\uff11\u3002\uff11"]
)
def test_a_host_that_is_an_address_needs_no_looking_up(host: str) -> None:
    assert is_numeric(host)


@pytest.mark.parametrize("host", ["sheets.example", "1.sheets.example", "3com.example", ""])
def test_a_host_with_a_name_is_looked_up(host: str) -> None:
    assert not is_numeric(host)

"""Where a browser may be sent on to: our own pages, and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.addresses import own_path

OWN = "https://wavepost.example.com"


@pytest.mark.parametrize(
    "address", ["/", "/customers/C-1", "/customers/C%2F1?page=2&order=oldest", "/search?q=a%20b"]
)
def test_our_own_pages_are_kept_as_they_are(address: str) -> None:
    assert own_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "customers",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/a b",
        "//[::1",
    ],
)
def test_every_other_address_leads_to_the_front_page(address: str) -> None:
    assert own_path(address) == "/"


@given(st.text(alphabet="/\\:.?#@\t\n\r evil", max_size=12))
def test_whatever_is_asked_for_the_browser_stays_with_us(address: str) -> None:
    went = urlsplit(urljoin(OWN, own_path(address)))
    assert (went.scheme, went.netloc) == ("https", "wavepost.example.com")

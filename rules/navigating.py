"""Whether somebody steers a browser to a page, or a machine looks at it: a preview, a scanner, a prefetch.

A machine can say whatever it likes, so this decides nothing but what is worth noting as "fetched",
which never counts as seen: only what a person did who proved who they are does.
"""

import re
from collections.abc import Mapping

_MACHINES = re.compile(
    r"bot|crawl|spider|slurp|preview|expand|unfurl|fetch|scan|check|monitor|headless|phantom"
    r"|facebookexternalhit|whatsapp|skypeuri|telegram|bitly|embed|proxy|safelinks|mimecast"
    r"|barracuda|proofpoint|urldefense|symantec|microsoft office|outlook|ms-office|teams"
    r"|python|curl|wget|java|go-http|okhttp|axios|node|ruby|perl|php|libwww|http-?client|apache",
    re.IGNORECASE,
)
"""What machines that say who they are call themselves."""


def is_navigation(headers: Mapping[str, str]) -> bool:
    """Whether a request has what browsers send when a person goes to a page, and nothing else.

    Since 2020 Chromium, since 2021 Firefox and since 2023 Safari say what a request is for; programs
    that fetch pages do not, and a browser that looks ahead says that too. `headers` are by their names
    in small letters. Source: https://www.w3.org/TR/fetch-metadata/

    >>> going = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-user": "?1"}
    >>> going["user-agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    >>> is_navigation(going), is_navigation({**going, "sec-purpose": "prefetch;prerender"})
    (True, False)
    >>> is_navigation({**going, "user-agent": "Slackbot-LinkExpanding 1.0"})
    False
    """
    agent = headers.get("user-agent", "")
    return (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and headers.get("sec-fetch-user") == "?1"
        and "sec-purpose" not in headers
        and "purpose" not in headers
        and bool(agent)
        and not _MACHINES.search(agent)
    )

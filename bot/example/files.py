"""The files of the example: whose spaces there are, who is in them, what was sent and what they did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.example import people
from bot.example.people import Colleague
from rules.clearance import Classification
from rules.receipts import Kind, Refusal

SENDER = people.CONSULTANT
JOES, COURIER, COLLECTIVE = "Joe's Pizza", "Courier Co", "Courier Collective"
MENUS, INTEGRATION, ORDERS = "Menus and prices", "Integration", "Order data"

MARIA = ("Maria Ferrante", "maria@joes.example")
DANA = ("Dana Brooks", "dana.brooks@courier.example")
LUIS = ("Luis Ortega", "luis.ortega@courier.example")
IVY = ("Ivy Chen", "ivy.chen@collective.example")

Outsider = tuple[str, str]
"""Somebody who is not in Slack: their name and address."""


@dataclass(frozen=True)
class SpaceGiven:
    """A space, whose it is, and who is in it."""

    organisation: str
    name: str
    members: tuple[Colleague | Outsider, ...]


SPACES = (
    SpaceGiven(JOES, MENUS, (people.GUEST, MARIA)),
    SpaceGiven(COURIER, INTEGRATION, (people.STRANGER, DANA, LUIS)),
    SpaceGiven(COURIER, ORDERS, (people.STRANGER, DANA)),
    # Another company with much the same name: nothing of one is ever the other's.
    SpaceGiven(COLLECTIVE, INTEGRATION, (IVY,)),
)

Deeds = tuple[tuple[Kind, int], ...]
"""What a recipient did, and so many hours after the file was sent."""
FETCHED: Deeds = ((Kind.notified, 0), (Kind.fetched, 2))
OPENED: Deeds = ((Kind.notified, 0), (Kind.opened, 3))
DOWNLOADED: Deeds = (*OPENED, (Kind.issued, 3))
ARRIVED: Deeds = (*DOWNLOADED, (Kind.completed, 3))
CONFIRMED: Deeds = (*ARRIVED, (Kind.confirmed, 4))
NOTIFIED: Deeds = ((Kind.notified, 0),)


@dataclass(frozen=True)
class FileGiven:
    """A file as it is sent so many days before today, and what its recipients did, by their names.

    `replaces` is the title of the edition before; `revoked` says why it was, an hour later.
    `refused` are those who asked in vain, and why.
    """

    title: str
    name: str
    days_ago: int
    space: tuple[str, str]
    content: str
    note: str = ""
    tags: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    classification: Classification = Classification.customer
    replaces: str = ""
    revoked: str = ""
    done: Mapping[str, Deeds] = field(default_factory=dict)
    refused: Mapping[str, Refusal] = field(default_factory=dict)


def _orders() -> str:
    lines = (f"{1_000 + n},2021-12-{1 + n % 31:02},{8 + n % 40}.{n % 100:02}" for n in range(4_000))
    return "\n".join(("order,day,total", *lines)) + "\n"


FIELDS = (
    "field,kind,meaning\norder,number,of the order\nday,date,of its delivery\ntotal,money,paid\n"
)
MENU = "item,price\nMargherita,11.50\nMarinara,9.80\nQuattro stagioni,13.90\n"

FILES = (
    FileGiven(
        "Orders of December",
        "orders-2021-12.csv",
        9,
        (COURIER, ORDERS),
        _orders(),
        note="All orders that you delivered for us in December, to compare with your own figures.",
        tags=("orders", "monthly"),
        facts={"period": "2021-12", "rows": "4,000"},
        done={people.STRANGER.name: CONFIRMED, DANA[0]: FETCHED},
    ),
    FileGiven(
        "Field list",
        "fields.csv",
        8,
        (COURIER, INTEGRATION),
        FIELDS,
        note="What the new system sends you with each order.",
        tags=("integration",),
        done={people.STRANGER.name: DOWNLOADED, DANA[0]: OPENED, LUIS[0]: NOTIFIED},
    ),
    FileGiven(
        "Menu as we imported it",
        "joes-menu.csv",
        5,
        (JOES, MENUS),
        MENU,
        note="Please look whether every price is right before you move in March.",
        tags=("menu",),
        done={people.GUEST.name: OPENED, MARIA[0]: ARRIVED},
    ),
    FileGiven(
        "Prices of 2022",
        "prices-2022.csv",
        4,
        (COLLECTIVE, INTEGRATION),
        "service,fee\ndelivery,3.90\n",
        revoked="It had the fees of last year. The right ones come on Monday.",
        done={IVY[0]: OPENED},
        refused={IVY[0]: Refusal.revoked},
    ),
    FileGiven(
        "Field list",
        "fields.csv",
        2,
        (COURIER, INTEGRATION),
        FIELDS + "tip,money,given to the driver\n",
        note="New: the tip.",
        tags=("integration",),
        replaces="Field list",
        done={people.STRANGER.name: NOTIFIED, LUIS[0]: FETCHED},
        refused={DANA[0]: Refusal.superseded},
    ),
    FileGiven(
        "Answers of guests, as they wrote them",
        "answers.csv",
        1,
        (JOES, MENUS),
        "guest,answer\nA. Moretti,The crust is perfect\nJ. Lindgren,Forty minutes is too long\n",
        tags=("study",),
        classification=Classification.personal,
    ),
)

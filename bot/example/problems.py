"""A file of new stores that somebody typed: five rows are fine, five are not."""

from dataclasses import dataclass

from bot.example.names import KNOWN_BRANDS
from bot.example.people import CSA
from bot.example.world import World


@dataclass(frozen=True)
class Problem:
    """A row that cannot be imported: its line in the file, the canonical column, what it holds."""

    line: int
    column: str
    value: str


PROBLEMS = (
    Problem(3, "customer_id", ""),
    Problem(5, "missed_orders_28d", "61"),
    Problem(6, "signed_up_on", "2022-02-30"),
    Problem(8, "timezone", "America/Colombus"),
    Problem(10, "orders_28d", "about 300"),
)

HEADER = (
    "Store ID;Store name;Account;Account name;CSA;Region;Time zone;Signed up;"
    "Orders last 28 days;Missed orders last 28 days"
)
ROWS = """\
N-001;Café Zoë - Boston, 12 Elm St;{zoe};us-east;America/New_York;2021-12-06;112;3
N-002;Café Zoë - Providence, 8 Canal St;;Café Zoë;{zoe_csa};us-east;America/New_York;2021-12-06;96;2
N-003;Señor Jalapeño - Tucson, 41 Mill Rd;{senor};us-mountain;America/Phoenix;2021-11-22;204;9
N-004;Señor Jalapeño - Mesa, 300 Main St;{senor};us-mountain;America/Phoenix;2021-11-22;48;61
N-005;Señor Jalapeño - El Paso, 77 Hill St;{senor};us-mountain;America/Denver;2022-02-30;151;4
N-006;Joe's Pizza - Buffalo, 5 Lake Ave;{joe};us-east;America/New_York;2021-12-13;88;1
N-007;Joe's Pizza - Columbus, 640 Broad St;{joe};us-east;America/Colombus;2021-12-13;73;2
N-008;Crêperie Été & Fils - Montréal, 19 Garden Rd;{creperie};ca;America/Toronto;2021-12-20;54;0
N-009;Joe's Pizza - Hartford, 210 Park St;{joe};us-east;America/New_York;2021-12-20;about 300;6
N-010;Café Zoë - Hartford, 16 River St;{zoe};us-east;America/New_York;2022-01-03;31;1
"""
BRANDS = {
    "joe": "Joe's Pizza",
    "zoe": "Café Zoë",
    "senor": "Señor Jalapeño",
    "creperie": "Crêperie Été & Fils",
}


def new_stores_with_problems(places: World) -> bytes:
    """The file, in Windows-1252 with semicolons, as Excel in Europe saves it."""
    accounts = {key: _account(places, name) for key, name in BRANDS.items()}
    rows = ROWS.format(**accounts, zoe_csa=_csa(places, BRANDS["zoe"]))
    return f"{HEADER}\n{rows}".replace("\n", "\r\n").encode("cp1252")


def _account(places: World, name: str) -> str:
    customer = _place(name)
    return f"{places.customers.ids[customer]};{name};{_csa(places, name)}"


def _csa(places: World, name: str) -> str:
    csa: CSA = places.team[places.customers.owner[_place(name)]]
    return csa.email


def _place(name: str) -> int:
    return [brand.name for brand in KNOWN_BRANDS].index(name)

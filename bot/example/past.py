"""What happened before the example's today: three waves, what stopped locations, and what was decided."""

from dataclasses import dataclass
from datetime import date

from bot.example.people import CSAS

PLANNED_ON = date(2021, 12, 4)
FIRST, SECOND, THIRD = date(2021, 12, 6), date(2021, 12, 13), date(2022, 1, 10)
CHECKED_ON = (
    date(2021, 12, 16),
    date(2021, 12, 23),
    date(2021, 12, 30),
    date(2022, 1, 6),
    date(2022, 1, 13),
)
DECIDED_ON = date(2022, 1, 7)
NEW_ROADMAP_ON = date(2022, 1, 8)
LEFT_TO_DECIDE = 12
"""So many locations of the second wave wait for a person today."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the move of a location failed, what was done about it, and whether that mended it."""

    cause: str
    remedy: str
    is_mended: bool = True


MENU = Trouble(
    "Menu did not sync: two items have the same name",
    "Rename the items that share a name, then sync again",
)
TABLET = Trouble("Tablet too old for the new app", "Send a new tablet by courier")
TERMINAL = Trouble(
    "Payment terminal did not pair", "Reset the terminal and pair it again", is_mended=False
)
PRINTER = Trouble(
    "Kitchen printer does not answer", "Give the printer a fixed address in the network"
)
NOBODY = Trouble("Nobody there knew about the move", "Call the manager the day before")

IN_TRAINING = {
    FIRST: tuple(csa.email for csa in CSAS if csa not in (CSAS[0], CSAS[1], CSAS[5])),
    SECOND: tuple(csa.email for csa in (CSAS[0], CSAS[1], CSAS[5])),
    THIRD: tuple(csa.email for csa in CSAS[6:]),
}
"""Who moves nobody in a wave: at first each CSA learns how, and the others move."""

IN_FIRST = (NOBODY,)
IN_SECOND = (MENU, TERMINAL, MENU, TABLET, MENU, MENU)
IN_THIRD = (PRINTER, MENU, TERMINAL)
"""What went wrong in each wave, in this order."""
KNOWN = {each.cause: each for each in (MENU, TABLET, TERMINAL, PRINTER, NOBODY)}

WRONG_PRICES = (
    "Guests see the prices of last summer since the move, and the restaurant has to honour them"
)
LEARNT = (
    "Names of items are now compared before a location moves; the menus of all that are left in this "
    "wave were looked at today"
)
ACCEPTED = "Too few orders to tell from the figures; the CSA called, and every order arrives"
STOPPED = "They are closed for renovation until February; the owner says the new system is fine"

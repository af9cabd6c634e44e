"""The pages of a customer and of a location: when it moves, what happened so far, and its locations."""

from handlers.dates import Dated, look_up, plain_risks
from handlers.errors import NotThere
from handlers.lists import PAGE, Page
from handlers.page_doors import page
from handlers.pages import Answer, GoTo, address_of, shown, turns
from handlers.timeline import happened
from handlers.visit import Visit
from handlers.why_date import reasons_for
from rules.finding import Named
from rules.health import HealthScore
from rules.roles import Role
from store.places import Place
from store.session import Reading, Store

OLDEST = "oldest"
GONE = "There is no {kind} {id}. It may be written otherwise: look for it by its name."
MOST_FOUND = 50


@page("/customers/{id:path}", role=Role.viewer)
async def customer(visit: Visit, store: Store) -> Answer:
    """One customer, with all its locations."""
    return await _one(visit, store, "customer")


@page("/locations/{id:path}", role=Role.viewer)
async def location(visit: Visit, store: Store) -> Answer:
    """One location."""
    return await _one(visit, store, "location")


@page("/search", role=Role.viewer)
async def search(visit: Visit, store: Store) -> Answer:
    """Customers and locations by name; where only one can be meant, its page."""
    typed = visit.query.get("q", "").strip()
    async with store.reading() as reading:
        matches = await reading.names.find(typed, most=MOST_FOUND)
    if matches.only and not matches.guessed:
        return GoTo(address_of(matches.only.kind, matches.only.id))
    return shown("search", visit, typed=typed, matches=matches)


async def _one(visit: Visit, store: Store, kind: str) -> Answer:
    identity = visit.named["id"]
    named = Named(kind, identity, identity, "")
    is_oldest_first = visit.query.get("order") == OLDEST
    async with store.reading(consistent=True) as reading:
        dated = await look_up(reading, named, visit.today)
        if dated is None:
            raise NotThere(GONE.format(kind=kind, id=identity))
        events = await happened(reading, named, visit.page(), oldest_first=is_oldest_first)
        places = await _places(reading, visit, dated)
        reasons = await reasons_for(reading, named, visit.today)
        health = await _health(reading, dated)
    return shown(
        "customer",
        visit,
        known=dated.known,
        line=dated.plain_line,
        facts=facts(dated),
        health=health,
        reasons=reasons,
        risks=plain_risks(dated),
        risks_heading=dated.words.plain("risks_heading"),
        events=events,
        event_turns=turns(visit, events),
        is_oldest_first=is_oldest_first,
        other_order=visit.at(order=None if is_oldest_first else OLDEST, page=None),
        places=places,
        place_turns=turns(visit, places, "locations") if places else (),
    )


def facts(dated: Dated) -> list[tuple[str, str]]:
    """Short facts, each with its name; those that there are."""
    words = dated.words_of_page
    told = [
        ("Wave", words.plain("wave")),
        ("Confidence", words.plain("confidence")),
        ("Location" if dated.known.location_id else "Locations", words.plain("locations")),
        ("CSA", words.plain("csa")),
    ]
    return [(name, said) for name, said in told if said]


async def _health(reading: Reading, dated: Dated) -> HealthScore | None:
    """The newest health score of a location; None for a customer, or where it was not scored."""
    scoring = await reading.scores.newest() if dated.known.location_id else None
    if not scoring or not dated.known.location_id:
        return None
    scored = await reading.scores.of_location(scoring.id, dated.known.location_id)
    return scored.score.health if scored else None


async def _places(reading: Reading, visit: Visit, dated: Dated) -> Page[Place] | None:
    """A page of a customer's locations; None for a location."""
    if dated.known.location_id:
        return None
    number = visit.page("locations")
    customer_id = dated.known.customer_id
    places, total = await reading.places.of_customer(customer_id, skip=number * PAGE, most=PAGE)
    if number and not places:
        number = 0
        places, total = await reading.places.of_customer(customer_id, skip=0, most=PAGE)
    return Page(places, number, total)

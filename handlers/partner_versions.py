"""All versions of what to tell about a wave: who wrote, approved and copied each, and what it changed."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, DividerBlock

from handlers.blocks import actions, context, lines, modal, quoted, section
from handlers.difference_shown import difference
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.partner_shown import TITLE, WINDOW, back_button, within
from handlers.partner_told import Place, partner_words, people_named
from handlers.reply import Reply
from handlers.windows import over
from rules.partner_message import Copy, Message, Step, Taken, Version
from rules.roles import Role
from store.people import Person
from store.session import Store

ON_A_PAGE = 5
MOST_NAMED = 8


@action("partner_versions", role=Role.viewer)
async def open_versions(ask: Interaction, store: Store) -> Reply:
    """A page of the versions that one may read, the newest first."""
    value, number = turned(ask.value)
    place = Place.read(value)
    async with store.reading(consistent=True) as reading:
        noun = reading.partner_messages
        message = await noun.of(place.week, place.audience)
        steps = await noun.steps(place.week, place.audience)
        copies = await noun.copies(place.week, place.audience)
    return await over(
        ask, versions(place, message, steps, copies, ask.person, number), instead_of=WINDOW
    )


def versions(
    place: Place,
    message: Message,
    steps: Mapping[int, Sequence[Taken]],
    copies: Sequence[Copy],
    reader: Person,
    number: int = 0,
) -> dict[str, object]:
    """A page of those that one may read, each with what it changed in the one that counted before it."""
    newest_first = message.read_by(reader.roles)[::-1]
    items = newest_first[number * ON_A_PAGE : (number + 1) * ON_A_PAGE]
    page = Page(items, number, len(newest_first), ON_A_PAGE)
    words = partner_words(place)
    blocks: list[Block] = [section(words["versions_head" if items else "no_versions"])]
    for version in items:
        approved = _approval(steps.get(version.number, ()))
        before = _counted_before(message, steps, version)
        copied = [copy.person for copy in copies if copy.number == version.number]
        blocks += [DividerBlock(), *_one(place, version, approved, before), *_copied(place, copied)]
    turns = page.turns("partner_versions", str(place))
    span = [context(page.span)] if page.last else []
    return modal(WINDOW, TITLE, [*blocks, *span, actions(back_button(place), *turns)])


def _one(
    place: Place, version: Version, approved: Taken | None, before: Version | None
) -> list[Block]:
    writers = people_named(sorted(version.writers))
    words = partner_words(place, version=version, approved=approved, writers=writers)
    last = version.standing.last
    why = lines(words["declined_why"].split("\n")) if last and last.step is Step.decline else []
    texts = difference(before.text, version.text) if before else []
    whole = texts or lines(quoted(version.text).split("\n"))
    return [section(words["version"]), *within(whole, words["cut"]), *map(section, why)]


def _copied(place: Place, people: Sequence[str]) -> list[Block]:
    if not people:
        return []
    more = len(people[MOST_NAMED:])
    named = people_named(people[:MOST_NAMED], more=more)
    return [context(partner_words(place, named=named)["copied_by"])]


def _approval(steps: Sequence[Taken]) -> Taken | None:
    return next((each for each in steps if each.step is Step.approve), None)


def _counted_before(
    message: Message, steps: Mapping[int, Sequence[Taken]], version: Version
) -> Version | None:
    """The newest version before this one that was ever approved."""
    earlier = [each for each in message.versions if each.number < version.number]
    counted = [each for each in earlier if _approval(steps.get(each.number, ()))]
    return counted[-1] if counted else None

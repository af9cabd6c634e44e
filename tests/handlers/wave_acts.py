"""What people do with a wave in Slack, by chance, as they saw it last."""

import random
from dataclasses import dataclass
from datetime import date

from bot.sandbox.delivery import Parcel
from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from rules.location_life import Step
from tests.bot.front_door import Press, altered

CSA = stable_id("U", "ana")
LEADS = (stable_id("U", "lea"), stable_id("U", "ada"))


@dataclass(frozen=True)
class Seen:
    """A wave as somebody saw it: its version, those of its locations, and what waits in a rollback."""

    week: date
    version: int
    locations: dict[str, int]
    tasks: tuple[tuple[int, int, str], ...]

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(sorted(self.locations))


def marked(person: str, step: Step, seen: Seen, place: str, words: str) -> Parcel:
    """The form of one location, or without a place of all that are left, as Slack delivers it."""
    version = seen.locations.get(place, 0)
    values: Json = {
        "whose": {"wave_whose": _chosen("radio_buttons", "all")},
        "words": {"wave_words": {"type": "plain_text_input", "value": words}},
        "cause": {"wave_cause": _chosen("external_select", f"new|{words}")},
        "meant": {"wave_meant": _chosen("radio_buttons", "new")},
    }
    return _sent(person, "wave_marked", f"{step}|{seen.week}|{version}|{place}", values)


def turned(person: str, callback: str, seen: Seen, words: str) -> Parcel:
    """The form that starts or pauses a wave, or lets it go on."""
    values: Json = {"words": {"wave_why": {"type": "plain_text_input", "value": words}}}
    return _sent(person, callback, f"{seen.week}|{seen.version}", values)


def rolled_back(person: str, seen: Seen, place: str, words: str) -> Parcel:
    """The form by which an approver rolls back one location."""
    option: Json = {"text": {"type": "plain_text", "text": place}, "value": place}
    several: Json = {"type": "multi_external_select", "selected_options": [option]}
    values: Json = {
        "what": {"what": _chosen("radio_buttons", "some")},
        "which": {"rollback_which": several},
        "how": {"how": _chosen("radio_buttons", "real")},
        "words": {"words": {"type": "plain_text_input", "value": words}},
    }
    return _sent(person, "rollback_begun", str(seen.week), values)


def _sent(person: str, callback: str, kept: str, values: Json) -> Parcel:
    sent = Press(person).submission(callback, [], values)
    return altered(sent, view=sent.payload["view"] | {"private_metadata": kept})


def _chosen(kind: str, value: str) -> Json:
    option: Json = {"text": {"type": "plain_text", "text": value}, "value": value}
    return {"type": kind, "selected_option": option}


@dataclass(frozen=True)
class Act:
    """What somebody does: with a location, with all that are left, or with the wave."""

    what: str
    person: str
    place: int

    def parcel(self, seen: Seen, words: str) -> Parcel:
        place = seen.places[self.place % len(seen.places)]
        match self.what:
            case "wave_pause" | "wave_gone_on":
                return turned(self.person, self.what, seen, words)
            case "roll back":
                return rolled_back(self.person, seen, place, words)
            case "confirm" if seen.tasks:
                number, at, where = seen.tasks[self.place % len(seen.tasks)]
                return Press(self.person).action("rollback_done_at", f"{number}|{at}|{where}")
            case "all migrated":
                return marked(self.person, Step.migrate, seen, "", words)
            case "confirm":
                return marked(self.person, Step.migrate, seen, place, words)
        return marked(self.person, Step(self.what), seen, place, words)


PEOPLE = (CSA, *LEADS)
OFTEN = {Step.migrate: 8, Step.fail: 6, Step.try_again: 5, Step.unmark: 3, "all migrated": 1}
OF_LEADS = {"wave_pause": 2, "wave_gone_on": 5, "roll back": 3, "confirm": 6}


def acts_of(chance: random.Random) -> list[Act]:
    """What one to four people do at once."""
    often = OFTEN | OF_LEADS
    whats = chance.choices(list(often), list(often.values()), k=chance.randint(1, 4))
    return [
        Act(str(what), chance.choice(LEADS if what in OF_LEADS else PEOPLE), chance.randrange(99))
        for what in whats
    ]

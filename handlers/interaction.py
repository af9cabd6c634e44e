"""One thing that a person did in Slack: who, where, when, and what it carried."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Protocol

from handlers.blocks import keepable
from handlers.offers import Offer
from store.interactions import InteractionKey
from store.people import Person


class Slack(Protocol):
    """What a handler may ask of Slack itself."""

    async def open_view(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open a modal for the person who asked, or lay it over the one that is open."""

    async def channel(self, channel_id: str) -> dict[str, Any]:
        """What Slack knows of a channel, as its conversation object."""

    async def has_file(self, file_id: str) -> bool:
        """Whether a file of ours is still there: an answer that shows one that is not, is not taken."""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that a person gave in Slack: Slack's id of it, its name and its bytes."""

    id: str
    name: str
    size: int


def given_files(files: Iterable[Mapping[str, Any]] | None) -> tuple[GivenFile, ...]:
    """The files that Slack tells of in a form or with a message; deleted ones are not among them."""
    return tuple(
        GivenFile(
            file["id"],
            keepable(str(file.get("name") or "")) or file["id"],
            int(file.get("size") or 0),
        )
        for file in files or ()
        if file.get("mode") != "tombstone"
    )


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a modal as they were filled in."""

    id: str
    callback_id: str
    values: dict[str, dict[str, dict[str, Any]]]
    private_metadata: str = ""

    def typed(self, block: str) -> str:
        """The text typed into a field; empty where it was left empty."""
        return keepable(str(self._element(block).get("value") or ""))

    def chosen(self, block: str) -> str | None:
        """The value of the option chosen in a field."""
        option = self._element(block).get("selected_option")
        return str(option["value"]) if option else None

    def label(self, block: str) -> str:
        """The words of the option chosen in a field; empty where none is."""
        option = self._element(block).get("selected_option")
        return str(option["text"]["text"]) if option else ""

    def choice(self, block: str) -> tuple[str, str] | None:
        """The value and the label of the option chosen in a field."""
        option = self._element(block).get("selected_option")
        return (str(option["value"]), str(option["text"]["text"])) if option else None

    def several(self, block: str) -> tuple[str, ...]:
        """The values of the options chosen in a field that takes several, in the order of choosing."""
        options = self._element(block).get("selected_options") or ()
        return tuple(str(option["value"]) for option in options)

    def labelled(self, block: str) -> tuple[tuple[str, str], ...]:
        """The values and labels of the options chosen in a field where one can choose several."""
        options = self._element(block).get("selected_options") or ()
        return tuple((str(one["value"]), str(one["text"]["text"])) for one in options)

    def person(self, block: str) -> str:
        """The id of the person chosen in a field; empty where nobody was."""
        return str(self._element(block).get("selected_user") or "")

    def people(self, block: str) -> tuple[str, ...]:
        """The ids of the people chosen in a field that takes several."""
        return tuple(map(str, self._element(block).get("selected_users") or ()))

    def day(self, block: str) -> date | None:
        """The day chosen in a field."""
        chosen = self._element(block).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def time(self, block: str) -> time | None:
        """The time of day chosen in a field."""
        chosen = self._element(block).get("selected_time")
        return time.fromisoformat(chosen) if chosen else None

    def files(self, block: str) -> tuple[GivenFile, ...]:
        """The files that were given in a field."""
        return given_files(self._element(block).get("files"))

    def _element(self, block: str) -> dict[str, Any]:
        elements = self.values.get(block, {})
        return next(iter(elements.values()), {})


@dataclass(frozen=True, slots=True)
class Interaction:
    """What a person did, as a handler sees it. `now` and `today` are business time.

    `offers` is all that can be typed here, by whoever may; `leads_channel` is where leads are told.
    `newest_import` is the number of the one that was newest when this arrived: names are as of it.
    """

    name: str
    person: Person
    key: InteractionKey
    now: datetime
    slack: Slack
    called: str = ""
    text: str = ""
    channel: str | None = None
    message: str = ""
    trigger_id: str = ""
    value: str = ""
    form: Form | None = None
    in_modal: bool = False
    payload: dict[str, Any] = field(default_factory=dict)
    team: str = ""
    bot: str = ""
    offers: tuple[Offer, ...] = ()
    leads_channel: str = ""
    newest_import: int = 0
    web: str = ""
    """The public address of the web door, without a slash at its end; empty where it has none."""

    @property
    def today(self) -> date:
        """The business date."""
        return self.now.date()

    @property
    def in_channel(self) -> bool:
        """Whether it happened where others read along."""
        return bool(self.channel) and not str(self.channel).startswith("D")

    @property
    def filled(self) -> Form:
        """The modal that was submitted or pressed in.

        Raises:
            LookupError: the interaction does not come from a modal.
        """
        if self.form is None:
            raise LookupError(f"{self.name} does not come from a modal")
        return self.form

    async def open(self, view: dict[str, Any]) -> None:
        """Open a modal for the person who asked: an answer, given now."""
        await self.slack.open_view(self.trigger_id, view)

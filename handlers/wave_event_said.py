"""What a channel reads of a wave as it happens: where it stands now, for those of whom the channel speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.announcement_said import buttons
from handlers.blocks import Words, context, lines, section
from handlers.date_languages import dates_in
from handlers.dates import short
from handlers.event_announcing import of_scope
from handlers.wave_causes import Met
from handlers.wave_said import see_button
from rules.announced import Customer, Scope
from rules.wave_life import Taken
from rules.went import Went

MOST_NAMED = 8
LONGEST_NAME = 45
MOST_CAUSES = 5
LONGEST_CAUSE = 60
LONGEST_WORDS = 1_000
"""Of what somebody wrote: escaped, a character may take five, and a message takes 13,000."""
AHEAD = frozenset({"eve", "due", "started", "resumed"})
"""When it is of use to read who moves."""
UNDER_WAY = frozenset({"paused", "resumed"})


@dataclass(frozen=True)
class WaveEvent:
    """What is said of a wave in channels of one scope; `about` is what the scope is called.

    `what` names the words. `customers` are those in scope, `went` how it has gone for them so far;
    `decider` is who decides about a pause, by name.
    """

    week: date
    what: str
    scope: Scope
    about: str
    customers: Sequence[Customer]
    went: Went
    taken: Taken | None = None
    causes: Sequence[Met] = ()
    decider: str = ""

    @property
    def total(self) -> int:
        """How many locations are in scope."""
        return sum(each.locations for each in self.customers)

    def fallback(self, language: str) -> str:
        """The whole in a line, for notifications."""
        return self._words(language).plain(self._block)

    def post(self, language: str, announcement_id: int) -> list[Block]:
        """The post that shows where it stands."""
        blocks = self._told(language)
        if self.customers and self.what in AHEAD:
            blocks.append(context(self._words(language)["named"]))
        is_cut = len(self.customers) > MOST_NAMED
        return [*blocks, buttons(announcement_id, see_button(self.week), is_cut=is_cut)]

    def below(self, language: str) -> list[Block]:
        """What is said below an earlier post: of a pause a line, for the post above tells the rest."""
        if self.what == "paused":
            return [section(self._words(language)["paused_in_short"])]
        return self._told(language)

    def _told(self, language: str) -> list[Block]:
        """What happened and why."""
        words = self._words(language)
        texts = [words[self._block], *words["why"].split("\n")]
        if self.what in UNDER_WAY:
            texts.append(words["so_far"])
        if self.causes:
            texts.append(words["causes"])
        if self.what == "paused":
            texts.append(words["decides"])
        return [*map(section, lines([each for each in texts if each]))]

    @property
    def _block(self) -> str:
        return self.what.replace(" ", "_")

    def _words(self, language: str) -> Words:
        named = [(short(each.name, LONGEST_NAME), each.locations) for each in self.customers]
        taken = self.taken and replace(self.taken, words=short(self.taken.words, LONGEST_WORDS))
        causes = [replace(each, words=short(each.words, LONGEST_CAUSE)) for each in self.causes]
        return of_scope(
            self.scope,
            self.about,
            week=self.week,
            what=self.what,
            on=dates_in(language),
            customers=len(self.customers),
            total=self.total,
            went=self.went,
            taken=taken,
            decider=self.decider,
            causes=causes[:MOST_CAUSES],
            more_causes=len(causes[MOST_CAUSES:]),
            named=named[:MOST_NAMED],
            more=len(named[MOST_NAMED:]),
        )

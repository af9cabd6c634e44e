"""The nouns of the store over one connection."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from store.announcement_lines import AnnouncementLines
from store.announcement_schedules import AnnouncementSchedules
from store.announcements import Announcements
from store.api_tokens import ApiTokens
from store.calendar_feeds import CalendarFeeds
from store.called import Called
from store.catalogue import Catalogue
from store.causes import Causes
from store.channels import Channels
from store.checks import Checks
from store.clock import BusinessClock
from store.escalated_stores import EscalatedStores
from store.escalation_lines import EscalationLines
from store.escalations import Escalations
from store.failures import Failures
from store.file_nouns import FileNouns
from store.form_drafts import FormDrafts
from store.history import History
from store.imports import Imports
from store.interactions import Interactions
from store.jobs import Jobs
from store.marks import Marks
from store.migration import Migration
from store.outbox import Outbox, Trouble
from store.own_words import OwnWords
from store.parameters import ParameterVersions
from store.partner_messages import PartnerMessages
from store.people import People
from store.pictures import Pictures
from store.places import Places
from store.plan_archive import PlanArchive
from store.plan_shelf import PlanShelf
from store.plan_versions import PlanVersions
from store.portfolios import Portfolios
from store.posts import Posts
from store.reach import Reached
from store.requests import Requests
from store.roadmap import Roadmap
from store.roles import Roles
from store.rollbacks import Rollbacks
from store.schedule import Schedules
from store.scoped import Scoped
from store.score_history import ScoreHistory
from store.scores import Scorings
from store.search import Names, NameShelf
from store.sheet_polls import SheetPolls
from store.stakeholders import Stakeholders
from store.subscriptions import Subscriptions
from store.tallies import Tallies
from store.tidings import Tidings
from store.timeline import Timeline
from store.told_facts import ToldFacts
from store.triage import TriageSettings
from store.tries import Tries
from store.wave_day import WaveDay
from store.wave_locations import WaveLocations
from store.wave_owners import WaveOwners
from store.waves import Waves
from store.web_links import WebLinks
from store.web_sessions import WebSessions


class Nouns(FileNouns):
    """Every noun of the store, made when it is first asked for."""

    def __init__(self, connection: AsyncConnection, shelf: NameShelf, plans: PlanShelf) -> None:
        super().__init__(connection)
        self._shelf = shelf
        self._plans = plans

    @cached_property
    def people(self) -> People:
        """Who is in the workspace, and their roles."""
        return People(self.connection)

    @cached_property
    def roles(self) -> Roles:
        """Who was given which role."""
        return Roles(self.connection)

    @cached_property
    def parameters(self) -> ParameterVersions:
        """The numbers that decide scores and plans."""
        return ParameterVersions(self.connection)

    @cached_property
    def announcement_schedules(self) -> AnnouncementSchedules:
        """What is announced every week, where, and when."""
        return AnnouncementSchedules(self.connection)

    @cached_property
    def announcement_lines(self) -> AnnouncementLines:
        """Announcements as lists show them."""
        return AnnouncementLines(self.connection)

    @cached_property
    def announcements(self) -> Announcements:
        """What was announced, and what was skipped."""
        return Announcements(self.connection)

    @cached_property
    def reach(self) -> Reached:
        """Whom announcements concern, and what they were told."""
        return Reached(self.connection)

    @cached_property
    def told_facts(self) -> ToldFacts:
        """What was told to whom by DM."""
        return ToldFacts(self.connection)

    @cached_property
    def partner_messages(self) -> PartnerMessages:
        """What partners are told of each wave."""
        return PartnerMessages(self.connection)

    @cached_property
    def api_tokens(self) -> ApiTokens:
        """Which programs may ask the API."""
        return ApiTokens(self.connection)

    @cached_property
    def calendar_feeds(self) -> CalendarFeeds:
        """The addresses that people gave to their calendars."""
        return CalendarFeeds(self.connection)

    @cached_property
    def channels(self) -> Channels:
        """Channels, their members, and user groups."""
        return Channels(self.connection)

    @cached_property
    def clock(self) -> BusinessClock:
        """Business time."""
        return BusinessClock(self.connection)

    @cached_property
    def escalation_lines(self) -> EscalationLines:
        """Escalations as lists show them."""
        return EscalationLines(self.connection)

    @cached_property
    def escalations(self) -> Escalations:
        """What was asked for, and what became of it."""
        return Escalations(self.connection)

    @cached_property
    def escalated_stores(self) -> EscalatedStores:
        """What lists of escalated stores said."""
        return EscalatedStores(self.connection)

    @cached_property
    def sheet_polls(self) -> SheetPolls:
        """Looks at published sheets."""
        return SheetPolls(self.connection)

    @cached_property
    def requests(self) -> Requests:
        """Whether what somebody wishes for is possible."""
        return Requests(self.connection)

    @cached_property
    def form_drafts(self) -> FormDrafts:
        """What was typed into forms and not sent."""
        return FormDrafts(self.connection)

    @cached_property
    def names(self) -> Names:
        """Customers and locations by what people call them."""
        return Names(self.connection, self._shelf)

    @cached_property
    def imports(self) -> Imports:
        """What was brought in, and by whom."""
        return Imports(self.connection)

    @cached_property
    def interactions(self) -> Interactions:
        """The keys of what was done."""
        return Interactions(self.connection)

    @cached_property
    def jobs(self) -> Jobs:
        """Long work."""
        return Jobs(self.connection)

    @cached_property
    def schedules(self) -> Schedules:
        """Who moves when."""
        return Schedules(self.connection)

    @cached_property
    def places(self) -> Places:
        """The locations of customers."""
        return Places(self.connection)

    @cached_property
    def timeline(self) -> Timeline:
        """What happened to customers and locations."""
        return Timeline(self.connection)

    @cached_property
    def portfolios(self) -> Portfolios:
        """A CSA's customers in numbers."""
        return Portfolios(self.connection)

    @cached_property
    def stakeholders(self) -> Stakeholders:
        """Who is concerned by what."""
        return Stakeholders(self.connection)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """What people follow."""
        return Subscriptions(self.connection)

    @cached_property
    def tidings(self) -> Tidings:
        """What people are to hear of what they follow."""
        return Tidings(self.connection)

    @cached_property
    def web_sessions(self) -> WebSessions:
        """Who is signed in on the web."""
        return WebSessions(self.connection)

    @cached_property
    def web_links(self) -> WebLinks:
        """One-time links from Slack to the web."""
        return WebLinks(self.connection)

    @cached_property
    def marks(self) -> Marks:
        """Marks of locations, as sheets have them."""
        return Marks(self.connection)

    @cached_property
    def migration(self) -> Migration:
        """How far the migration is."""
        return Migration(self.connection, self.tallies)

    @cached_property
    def called(self) -> Called:
        """What customers and CSAs are called."""
        return Called(self.connection)

    @cached_property
    def plans(self) -> PlanVersions:
        """The versions of the plan, drafts among them."""
        return PlanVersions(self.connection)

    @cached_property
    def plan_archive(self) -> PlanArchive:
        """What each plan was asked and answered."""
        return PlanArchive(self.connection, self._plans)

    @cached_property
    def scores(self) -> Scorings:
        """Every scoring, and each location in it."""
        return Scorings(self.connection)

    @cached_property
    def score_history(self) -> ScoreHistory:
        """What one customer or location scored in each plan."""
        return ScoreHistory(self.connection)

    @cached_property
    def roadmap(self) -> Roadmap:
        """Features, and who waits for them."""
        return Roadmap(self.connection, self.tallies)

    @cached_property
    def own_words(self) -> OwnWords:
        """Words for announcements that the installation wrote itself."""
        return OwnWords(self.connection)

    @cached_property
    def scoped(self) -> Scoped:
        """What can be counted of those that an announcement speaks of."""
        return Scoped(self.connection)

    @cached_property
    def tallies(self) -> Tallies:
        """Counts over all locations."""
        return Tallies(self.connection)

    @cached_property
    def triage(self) -> TriageSettings:
        """Where and by whom escalations are decided, and in which time."""
        return TriageSettings(self.connection)

    @cached_property
    def pictures(self) -> Pictures:
        """Pictures that were drawn and are in Slack."""
        return Pictures(self.connection)

    @cached_property
    def posts(self) -> Posts:
        """Messages that show something as it stands."""
        return Posts(self.connection)

    @cached_property
    def rollbacks(self) -> Rollbacks:
        """Rollbacks, and their tasks."""
        return Rollbacks(self.connection)

    @cached_property
    def tries(self) -> Tries:
        """What was told of tries of locations."""
        return Tries(self.connection)

    @cached_property
    def wave_owners(self) -> WaveOwners:
        """Whose the locations of a wave are."""
        return WaveOwners(self.connection)

    @cached_property
    def waves(self) -> Waves:
        """Waves, and what became of them."""
        return Waves(self.connection)

    @cached_property
    def wave_day(self) -> WaveDay:
        """A wave as those who run it see it."""
        return WaveDay(self.connection)

    @cached_property
    def wave_locations(self) -> WaveLocations:
        """Locations in the run of a wave."""
        return WaveLocations(self.connection)

    @cached_property
    def checks(self) -> Checks:
        """Who is to be looked at, and what was found."""
        return Checks(self.connection)

    @cached_property
    def history(self) -> History:
        """What locations did, week by week."""
        return History(self.connection)

    @cached_property
    def causes(self) -> Causes:
        """The catalogue of why locations fail."""
        return Causes(self.connection)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Causes with what was done about each, as people look at them and keep them tidy."""
        return Catalogue(self.connection)

    @cached_property
    def failures(self) -> Failures:
        """Tries of locations that failed, and what was done about them."""
        return Failures(self.connection)

    async def undelivered(self, *, days: int, most: int) -> tuple[list[Trouble], int]:
        """The newest messages that did not arrive since so many days; and how many there are."""
        return await Outbox(self.connection).troubles(days=days, most=most)

    async def waiting_messages(self) -> int:
        """How many messages have not ended."""
        return await Outbox(self.connection).waiting()

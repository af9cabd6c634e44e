"""The table of contents: every conversation that Wavepost holds, and every page that it shows."""

from handlers import (
    announce,
    announce_changing,
    announce_history,
    announce_note,
    announce_now,
    announce_preview,
    announce_removing,
    announce_schedule,
    announce_typeahead,
    announcement_picture,
    announcement_read,
    announcement_why,
    approving,
    calendar_feed,
    cause_card,
    cause_form,
    cause_picture,
    causes,
    check_deciding,
    check_list,
    check_shown,
    checking,
    communication_page,
    counting,
    customer_page,
    deciding,
    decisions,
    digests,
    directory,
    displacing,
    drafting,
    escalate,
    escalation_joining,
    escalation_replies,
    escalation_sending,
    escalation_sheet,
    escalation_shown,
    escalation_typeahead,
    feature,
    feature_announcing,
    feature_date,
    following,
    following_list,
    forecast,
    forecast_picture,
    front_page,
    glossary,
    going_on,
    got_it,
    governance_page,
    health_page,
    home,
    import_conversation,
    import_jobs,
    job_list,
    load_picture,
    lookup,
    mark,
    mark_jobs,
    mark_typeahead,
    marks_api,
    marks_conversation,
    migration,
    missed,
    my_escalations,
    parameter_form,
    parameter_list,
    parameter_preview,
    partner_copying,
    partner_deciding,
    partner_versions,
    partner_writing,
    passing_on,
    pictures,
    plans,
    publishing,
    reached,
    remedy_form,
    roadmap,
    role_list,
    roles,
    rollback_form,
    rollback_handing,
    rollback_jobs,
    rollback_list,
    rollback_view,
    room_again,
    rota,
    rota_form,
    schedule,
    scores,
    signing_out,
    stakeholders_page,
    telling,
    triage,
    triage_form,
    triage_moving,
    wave,
    wave_announcing,
    wave_page,
    wave_turns,
    wavepost,
    waves,
    web_links,
    weighing,
    why_date,
    why_pair,
)
from handlers.api_doors import ApiRoute
from handlers.doors import Listeners
from handlers.files import contents as files
from handlers.jobs import JobKinds
from handlers.page_doors import Routes
from handlers.portal_doors import PortalRoutes


def register() -> Listeners:
    """All listeners, by module."""
    return Listeners.of(
        *(
            schedule,
            migration,
            plans,
            forecast,
            roadmap,
            scores,
            escalate,
            wavepost,
            glossary,
            home,
            role_list,
            roles,
            waves,
            passing_on,
            lookup,
        ),
        *(feature, feature_date, following, following_list, digests, directory),
        *(import_conversation, marks_conversation, job_list, web_links, calendar_feed),
        *(parameter_list, parameter_form, parameter_preview),
        *(why_date, why_pair),
        *(triage, triage_form, rota, rota_form, decisions),
        *(escalation_typeahead, escalation_sending, escalation_joining),
        *(escalation_shown, escalation_replies, my_escalations, escalation_sheet),
        *(approving, deciding, room_again),
        *(causes, cause_card, cause_form, remedy_form),
        *(check_list, check_shown, check_deciding),
        *(going_on, rollback_form, rollback_view, rollback_handing, rollback_list),
        *(wave, wave_turns, mark, mark_typeahead),
        *(announcement_read, announcement_why),
        *(announce, announce_schedule, announce_changing, announce_typeahead),
        *(announce_note, announce_removing, announce_history, announce_now, announce_preview),
        *(telling, partner_writing, partner_deciding, partner_copying, partner_versions),
        *(got_it, reached, missed),
        *files.LISTENERS,
    )


def register_jobs() -> JobKinds:
    """All kinds of long work, by module."""
    return JobKinds.of(
        *(import_jobs, marks_conversation, parameter_preview, pictures, forecast_picture),
        *(load_picture, drafting, publishing, cause_picture, counting),
        *(weighing, displacing, escalation_sheet, triage_moving, checking),
        *(mark_jobs, rollback_jobs, announcement_picture),
        *(wave_announcing, feature_announcing),
        *files.JOBS,
    )


def pages() -> Routes:
    """All pages and forms of the web, by module."""
    living = (governance_page, communication_page, stakeholders_page)
    return Routes(
        front_page, customer_page, health_page, wave_page, *living, *files.PAGES, signing_out
    )


def portal() -> PortalRoutes:
    """All pages and forms of recipients, by module."""
    return PortalRoutes(*files.PORTAL)


def api() -> list[ApiRoute]:
    """All that programs may ask."""
    return [marks_api.mark_locations]

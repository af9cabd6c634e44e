"""The table of contents of handing files to customers; `handlers.register` and its neighbours take it up."""

from types import ModuleType

from handlers.files import (
    access_answering,
    change_form,
    deliver_this,
    encryption_form,
    file_card,
    file_checks,
    file_finding,
    file_page,
    files_page,
    handing_in,
    holding,
    left_off,
    links_to_copy,
    my_deliveries,
    new_edition_form,
    opening,
    portal_check,
    portal_download,
    portal_files,
    portal_link,
    portal_passing_on,
    portal_signing_in,
    renewing,
    review_list,
    reviewing,
    revoking,
    rounds,
    sending_twins,
    share,
    share_sending,
    share_sent,
    share_typeahead,
    space_changing,
    space_joining,
    space_list,
    space_making,
    space_shown,
    space_welcoming,
    taking_back,
    upload_confirming,
    upload_page,
    uploading,
)

Modules = tuple[ModuleType, ...]

LISTENERS: Modules = (
    *(share, share_typeahead, share_sending, handing_in, share_sent, deliver_this),
    *(file_card, file_finding, new_edition_form, change_form),
    *(my_deliveries, opening, review_list, reviewing, sending_twins, left_off),
    *(taking_back, revoking, renewing, holding, links_to_copy, encryption_form),
    access_answering,
    *(space_list, space_shown, space_making, space_joining, space_changing),
)
"""What answers in Slack."""
JOBS: Modules = (file_checks, rounds, space_welcoming)
"""What does long work."""
PAGES: Modules = (upload_page, upload_confirming, uploading, files_page, file_page)
"""The pages of those who send files; that of uploads before that of a file, which could be called so."""
PORTAL: Modules = (
    *(portal_signing_in, portal_link, portal_files),
    *(portal_download, portal_check, portal_passing_on),
)
"""The pages of recipients."""

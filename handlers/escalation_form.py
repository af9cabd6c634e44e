"""The form of /escalate: what is known of what was chosen, and the fields below it."""

from collections.abc import Callable, Sequence

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    ExternalDataMultiSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
    UrlInputElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from handlers.blocks import Words, button, context, lines, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.escalation_buttons import join_button, see_button
from handlers.escalation_known import Known
from handlers.escalation_typed import (
    MOST_BECAUSE,
    MOST_CHOSEN,
    MOST_EXPLAINED,
    NAME,
    NORMAL,
    URGENT,
    Kept,
    Typed,
)
from handlers.escalation_words import about
from handlers.triage import amount
from rules.escalation import Category
from rules.working_time import Clocks
from store.escalation_lines import Line

MOST_REPEATED = 3


def form(
    typed: Typed, kept: Kept, known: Known, *, person: str, is_draft: bool = False
) -> dict[str, object]:
    """The form with what was typed, and above it what is known of that."""
    shown = kept.showing(known)
    blocks = [
        *(_draft_note() if is_draft else []),
        *_said_first(known, person),
        *_fields(typed, shown.block, known.clocks),
        context(Words("escalation_form")["foot"]),
    ]
    return modal(
        NAME,
        "Escalate",
        blocks,
        submit="Send it anyway" if known.repeated else "Send",
        close="Cancel",
        kept=shown.to_json(),
    )


def _draft_note() -> list[Block]:
    words = Words("escalation_form")["draft"]
    return [section(words, accessory=button("Start over", "escalation_anew"))]


def _said_first(known: Known, person: str) -> list[Block]:
    """What is known of the customer, what is in the way, and who asked for the same."""
    blocks: list[Block] = [section(known.line)] if known.line else []
    in_the_way = [each.words for each in known.hindrances] or [known.in_time]
    blocks += map(section, lines([f"• {words}" for words in in_the_way if words]))
    if known.left_out:
        blocks.append(context(known.left_out))
    if known.repeated:
        blocks.append(section(Words("escalation_form", known=known)["repeated"]))
        blocks += [_repeated(line, person) for line in known.repeated[:MOST_REPEATED]]
        more = len(known.repeated) - MOST_REPEATED
        if more > 0:
            blocks.append(context(Words("escalation_form", more=more)["more_repeated"]))
    return blocks


def _repeated(line: Line, person: str) -> Block:
    number = line.row.number
    is_own = line.row.sent_by == person
    way_on = see_button(number) if is_own else join_button(number, style="primary")
    return section(about(line)["row"], accessory=way_on)


def _fields(typed: Typed, block: Callable[[str], str], clocks: Clocks) -> list[InputBlock]:
    categories = [option(each.value.capitalize(), each.value) for each in Category]
    paces = [
        option(f"Within {amount(clocks.normal_days, 'working day')}", NORMAL),
        option(f"Drop everything: within {amount(clocks.urgent_hours, 'hour')}", URGENT),
    ]
    typing = DispatchActionConfig(trigger_actions_on=["on_character_entered"])
    return [
        ask_for(
            "Customer or locations",
            ExternalDataMultiSelectElement(
                placeholder=plain("Type a few letters"),
                action_id="escalation_what",
                min_query_length=0,
                initial_options=[option(label, value) for value, label in typed.what] or None,
                max_selected_items=MOST_CHOSEN,
            ),
            block_id=block("what"),
            hint="One customer as a whole, or some of its locations.",
            told_at_once=True,
        ),
        ask_for(
            "What is it about?",
            StaticSelectElement(
                placeholder=plain("Choose what comes nearest"),
                action_id="escalation_category",
                options=categories,
                initial_option=_chosen(categories, typed.category),
            ),
            block_id=block("category"),
        ),
        ask_for(
            "Why should they move sooner?",
            PlainTextInputElement(
                action_id="escalation_explanation",
                multiline=True,
                max_length=MOST_EXPLAINED,
                initial_value=typed.explanation or None,
                dispatch_action_config=typing,
            ),
            block_id=block("explanation"),
            told_at_once=True,
        ),
        ask_for(
            "Moved by",
            DatePickerElement(
                action_id="escalation_wished",
                initial_date=typed.wished_on.isoformat() if typed.wished_on else None,
            ),
            block_id=block("wished"),
            hint="The week of this day is what you ask for.",
            told_at_once=True,
        ),
        ask_for(
            "How soon does it have to be decided?",
            RadioButtonsElement(
                action_id="escalation_urgency",
                options=paces,
                initial_option=paces[typed.is_urgent],
            ),
            block_id=block("urgency"),
            hint="“Drop everything” calls who is on duty, at any hour.",
        ),
        ask_for(
            "Why it cannot wait",
            PlainTextInputElement(
                action_id="escalation_because",
                max_length=MOST_BECAUSE,
                initial_value=typed.urgent_because or None,
            ),
            block_id=block("because"),
            hint="Only for “Drop everything”. Everybody who sees the escalation reads it.",
            optional=True,
        ),
        ask_for(
            "Link",
            UrlInputElement(
                action_id="escalation_link",
                placeholder=plain("https://"),
                initial_value=typed.link or None,
            ),
            block_id=block("link"),
            hint="A ticket, a mail, a contract: whatever shows it.",
            optional=True,
        ),
    ]


def _chosen(options: Sequence[Option], value: str) -> Option | None:
    return next((each for each in options if each.value == value), None)

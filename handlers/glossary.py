"""/wavepost glossary: what the words of the migration mean."""

import re

from handlers.blocks import Mrkdwn, Words, actions, built, button, context, lines, section
from handlers.choices import MOST_ECHOED, look_up_another
from handlers.dates import short
from handlers.doors import topic
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.asking import phrase
from rules.roles import Role
from rules.spelling import nearest
from store.session import Store

ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
ROW = "*{}* – {}"


@topic("glossary", role=Role.viewer, says="what the words mean", example="wave")
async def answer_glossary(ask: Interaction, _store: Store) -> Reply:
    """What one word means, or all of them."""
    typed = ask.text.strip()
    row = actions(look_up_another("Look up a date"), button("Help", "wavepost_help"))
    if not typed:
        return note(built(*map(section, _all_words()), row), Words("wavepost")["glossary"])
    word = meant(typed)
    said = Words("wavepost", typed=short(typed, MOST_ECHOED), word=word)
    if not word:
        unknown = said["glossary_unknown"]
        return note(built(section(unknown), section(", ".join(known())), row), unknown)
    meaning = explained(word)
    is_guess = word.lower() not in typed.lower()
    guess = context(said["glossary_guess"]) if is_guess else None
    return note(built(section(meaning), guess, row), meaning)


def known() -> list[str]:
    """The words that are explained, in the order of the alphabet."""
    blocks = Words("glossary").names
    return sorted((name.replace("_", " ") for name in blocks), key=str.lower)


def explained(word: str) -> Mrkdwn:
    """A word and what it means."""
    return Mrkdwn(ROW.format(word, Words("glossary")[word.replace(" ", "_")]))


def meant(typed: str) -> str | None:
    """The word that was asked for, also within a question, with slips, or as several of it."""
    for text in phrase(typed).texts:
        bare = ARTICLE.sub("", text)
        if word := nearest(bare, known()):
            return word
    return None


def means_exactly(typed: str) -> bool:
    """Whether a question names a word that is explained, and nothing else."""
    words = {word.lower() for word in known()}
    asked = {ARTICLE.sub("", text).lower() for text in phrase(typed).texts}
    return bool(asked & (words | {f"{word}s" for word in words}))


def _all_words() -> list[str]:
    return lines([Words("wavepost")["glossary"], *map(explained, known())])

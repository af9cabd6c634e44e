"""Why a step with a message to partners was not taken, in words."""

from handlers.blocks import mention
from handlers.errors import Refused
from handlers.partner_told import Place, partner_words
from rules.life import NotTheirs, StepRefused
from rules.partner_message import AlreadyDrafted, NotToBeWritten, Step, Who
from store.session import Reading


async def refusal(reading: Reading, place: Place, problem: Exception) -> Refused:
    """The words for what the rules refuse; in the plain ones people are called by their names."""
    match problem:
        case AlreadyDrafted(draft=draft):
            by = min(draft.writers)
            return await _by_somebody(reading, place, "drafted_meanwhile", by, number=draft.number)
        case NotToBeWritten():
            return Refused(str(problem))
        case NotTheirs():
            return _worded(place, "own")
        case StepRefused() if problem.standing.last:
            last = problem.standing.last
            if last.step is Step.supersede or last.by == Who.wavepost:
                return _worded(place, "superseded")
            return await _by_somebody(reading, place, "meanwhile", last.by, step=last.step)
    return _worded(place, "gone")


async def _by_somebody(
    reading: Reading, place: Place, block: str, person: str, **values: object
) -> Refused:
    names = await reading.called.people([person])
    words = partner_words(place, by=mention(person), **values)
    plain = partner_words(place, by=names[person], **values)
    return Refused(words[block], plain=plain.plain(block))


def _worded(place: Place, block: str) -> Refused:
    words = partner_words(place)
    return Refused(words[block], plain=words.plain(block))

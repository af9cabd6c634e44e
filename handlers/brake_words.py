"""What the brake of a wave says, in words and with its numbers."""

from pydantic import TypeAdapter

from handlers.blocks import Words
from rules.brakes import Reading
from rules.parameters import Parameters
from store.jobs import Json

_READING = TypeAdapter(Reading)


def to_json(reading: Reading) -> Json:
    """What the brake said, as it is kept with its wave."""
    kept: Json = _READING.dump_python(reading, mode="json")
    return kept


def from_json(kept: Json) -> Reading:
    """What the brake said, as it was kept."""
    return _READING.validate_python(kept)


def brake_words(reading: Reading, parameters: Parameters) -> Words:
    """`stands` says how far a wave is from being stopped, `pause` why it was, `numbers` is small print.

    Of a wave that was stopped they are the numbers that stopped it.
    """
    usual = f"{100 * parameters.brake.usual_failures:g}"
    return Words("brake", reading=reading, told=reading.at_pause or reading, usual=usual)

"""What the brake of a wave says, in words and with its numbers."""

from pydantic import TypeAdapter

from handlers.blocks import Mrkdwn, Words
from rules.brakes import Reading
from rules.parameters import Parameters
from store.jobs import Json
from store.wave_rows import WaveRow

_READING = TypeAdapter(Reading)


def to_json(reading: Reading) -> Json:
    """What the brake said, as it is kept with its wave."""
    kept: Json = _READING.dump_python(reading, mode="json")
    return kept


def from_json(kept: Json) -> Reading:
    """What the brake said, as it was kept."""
    return _READING.validate_python(kept)


def brake_words(reading: Reading, parameters: Parameters, *, is_pause_told: bool = False) -> Words:
    """`stands` says how far a wave is from being stopped, `pause` why it was, `numbers` is small print.

    Of a wave that was stopped they are the numbers that stopped it; `stands` leaves them out where
    `is_pause_told` above it.
    """
    usual = f"{100 * parameters.brake.usual_failures:g}"
    told = reading.at_pause or reading
    return Words(
        "brake",
        reading=reading,
        told=told,
        usual=usual,
        is_pause_told=is_pause_told,
        more_since=(reading.failed, reading.tried) != (told.failed, told.tried),
    )


def worked_out(wave: WaveRow, parameters: Parameters) -> Mrkdwn | None:
    """The small print of a pause: the numbers of the test that stopped the wave; None where none did."""
    reading = from_json(wave.brake) if wave.brake else None
    if reading is None or not reading.why:
        return None
    return brake_words(reading, parameters)["numbers"]

"""What follows in a wave: a line for each noun, in the order in which they act."""

from handlers import (
    braking,
    counting,
    failure_telling,
    giving_back,
    looks,
    wave_announcing,
    wave_settling,
    wave_telling,
)
from handlers.wave_turn import BatchFollowUp, WaveFollowUp

WAVE_FOLLOW_UPS: tuple[WaveFollowUp, ...] = (
    counting.follow_wave,
    braking.follow_wave,
    wave_announcing.follow_wave,
    wave_telling.follow,
    wave_settling.follow_wave,
)
"""What follows from a step of a wave."""

BATCH_FOLLOW_UPS: tuple[BatchFollowUp, ...] = (
    giving_back.follow_batch,
    failure_telling.follow_batch,
    braking.follow_batch,
    looks.follow_batch,
    wave_settling.follow_batch,
)
"""What follows from steps of its locations."""

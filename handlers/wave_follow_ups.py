"""What follows in a wave: a line for each noun, in the order in which they act."""

from handlers import wave_settling
from handlers.wave_turn import BatchFollowUp, WaveFollowUp

WAVE_FOLLOW_UPS: tuple[WaveFollowUp, ...] = (wave_settling.follow_wave,)
"""What follows from a step of a wave."""

BATCH_FOLLOW_UPS: tuple[BatchFollowUp, ...] = (wave_settling.follow_batch,)
"""What follows from steps of its locations."""

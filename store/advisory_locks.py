"""The advisory locks: who holds one does something that nobody else may do at the same time."""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What is done by one at a time. A number of its own for each, or they would wait for each other."""

    migrating = 7_283_401
    sealing = 7_283_402
    importing = 7_283_403
    saving_parameters = 7_283_404
    announcing = 7_283_405  # with the channel in which something is announced
    telling = 7_283_406  # with the message to partners that changes
    keeping_recipients = 7_283_407
    releasing_editions = 7_283_408  # with the first edition of a file
    proving_address = 7_283_409  # with the address whose codes are asked for and tried

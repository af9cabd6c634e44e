"""The life of one version of a file that customers get, from its upload to its end."""

from enum import StrEnum

from rules import life
from rules.life import Life, way


class State(StrEnum):
    """Where a file stands. Only a released one can be fetched by recipients."""

    draft = "draft"
    scanning = "scanning"
    in_review = "in review"
    released = "released"
    superseded = "superseded"
    revoked = "revoked"
    expired = "expired"
    refused = "refused"  # its bytes never came whole, or the scanner found something in them
    dropped = "dropped"  # it never went further than a draft

    @property
    def is_final(self) -> bool:
        """Whether nothing can happen to the file any more, but that its bytes are removed."""
        return self in FINAL


FINAL = frozenset({State.superseded, State.revoked, State.refused, State.dropped})


class Who(StrEnum):
    """In which part somebody takes a step."""

    sender = "sender"
    second = "second person"  # who may release, and neither uploaded nor wrote it
    lead = "lead"
    wavepost = "clock"  # Wavepost itself: the scanner's word, or a day that has come


class Step(StrEnum):
    """What can be done with a file."""

    submit = "submit"
    clear = "clear"
    refuse = "refuse"
    release = "release"
    decline = "decline"
    mend = "mend"
    explain = "explain"
    take_back = "take back"
    supersede = "supersede"
    revoke = "revoke"
    expire = "expire"
    renew = "renew"
    drop = "drop"


Taken = life.Taken[Step, Who]
Standing = life.Standing[State, Step, Who]
OUT = (State.released, State.expired)

LIFE = Life(
    {
        Step.submit: way(Who.sender, of=(State.draft,), to=State.scanning),
        Step.clear: way(Who.wavepost, of=(State.scanning,), to=State.in_review),
        Step.refuse: way(Who.wavepost, of=(State.scanning,), to=State.refused, needs_words=True),
        Step.release: way(Who.second, Who.wavepost, of=(State.in_review,), to=State.released),
        Step.decline: way(Who.second, of=(State.in_review,), to=State.draft, needs_words=True),
        Step.mend: way(Who.sender, Who.lead, of=(State.in_review,)),
        Step.explain: way(Who.sender, Who.lead, of=(State.in_review,)),
        Step.take_back: way(
            Who.sender, Who.wavepost, of=(State.scanning, State.in_review), to=State.draft
        ),
        Step.supersede: way(Who.wavepost, of=OUT, to=State.superseded),
        Step.revoke: way(Who.sender, Who.lead, of=OUT, to=State.revoked, needs_words=True),
        Step.expire: way(Who.wavepost, of=(State.released,), to=State.expired),
        Step.renew: way(Who.sender, Who.lead, of=OUT, to=State.released),
        Step.drop: way(Who.sender, Who.wavepost, of=(State.draft,), to=State.dropped),
    }
)
"""Wavepost releases what needs no second person; see `rules.clearance`. A draft that nobody submits,
or whose upload never ended, is dropped by Wavepost. What was missing in review, a day that is not over
or how it is encrypted, is mended or explained there: who decides sees it anew. What is there already, it
takes back once and asks."""

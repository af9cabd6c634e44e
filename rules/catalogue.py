"""The catalogue of failures: causes, what was done about them, and whether it worked."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from rules.naming import fold

ALIKE = 85.0
"""Of 100: words as like as this may name the same cause, and somebody is asked."""
SHOWN = 3
ASSUMED_WORKED, ASSUMED_TRIED = 1.0, 2.0
"""A remedy that was never tried counts as one that works every other time (Laplace)."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why locations fail, in the words of whoever met it first."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A location that failed: in which wave, by which cause, what was done, and did it work.

    `worked` is None while that is not known yet; without a remedy nothing was done.
    """

    location: str
    wave: str
    cause: str
    remedy: str = ""
    worked: bool | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What was done about a cause, how often, and how often it worked, of those that are known."""

    words: str
    tried: int
    worked: int
    unknown: int = 0

    @property
    def promise(self) -> float:
        """How likely it works again: the shrunk share, so that 1 of 1 is less than 9 of 10."""
        return (self.worked + ASSUMED_WORKED) / (self.tried + ASSUMED_TRIED)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A cause with how often it was met, in each wave and in all."""

    cause: Cause
    count: int
    by_wave: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What words may mean: the cause they name, or those that are like it, the likest first.

    With neither they are a new cause.
    """

    cause: Cause | None
    alike: tuple[Cause, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nothing in the catalogue is meant, or like it."""
        return self.cause is None and not self.alike


def meant(words: str, causes: Collection[Cause]) -> Meant:
    """Which cause is named by words: the same but for case, accents and marks, or any that is like it.

    Likeness is that of the words whatever their order, with letters that slipped: "no menu sync" is
    like "Menu sync: no". Raises ValueError where there are no words.
    """
    plain = fold(words)
    if not plain:
        raise ValueError("Say in a few words why it failed.")
    known = {cause.id: fold(cause.words) for cause in causes}
    by_id = {cause.id: cause for cause in causes}
    same = [by_id[id_] for id_, text in known.items() if text == plain]
    if same:
        return Meant(same[0])
    near = process.extract(
        plain, known, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=SHOWN
    )
    return Meant(None, tuple(by_id[id_] for _, _, id_ in near))


def remedies(cause: str, failures: Iterable[Failure]) -> tuple[Remedy, ...]:
    """What was done about a cause, the most promising first, then what was tried most often.

    The same but for case, accents and marks is the same, in the words that were used first.
    """
    return gathered(
        Remedy(
            each.remedy,
            tried=each.worked is not None,
            worked=each.worked is True,
            unknown=each.worked is None,
        )
        for each in failures
        if each.cause == cause
    )


def gathered(done: Iterable[Remedy]) -> tuple[Remedy, ...]:
    """The same remedies together, in the words that were used first; in the order of `remedies`."""
    together: dict[str, Remedy] = {}
    for each in done:
        if plain := fold(each.words):
            so_far = together.get(plain) or Remedy(each.words.strip(), 0, 0)
            together[plain] = Remedy(
                so_far.words,
                so_far.tried + each.tried,
                so_far.worked + each.worked,
                so_far.unknown + each.unknown,
            )
    return tuple(
        sorted(together.values(), key=lambda each: (-each.promise, -each.tried, each.words))
    )


def best_of(known: Iterable[Remedy]) -> Remedy | None:
    """What to try next: the most promising, if it has worked at all."""
    return next((each for each in known if each.worked), None)


def suggestion(cause: str, failures: Iterable[Failure]) -> Remedy | None:
    """What to try when the same cause is met again: the most promising that has worked.

    Where nothing has, what somebody wrote and nobody knows yet whether it works.
    """
    known = remedies(cause, failures)
    return best_of(known) or next((each for each in known if not each.tried), None)


def ranking(causes: Iterable[Cause], failures: Collection[Failure]) -> tuple[Ranked, ...]:
    """The causes that were met, the most frequent first; waves in the order of the failures."""
    counts = Counter(each.cause for each in failures)
    waves = dict.fromkeys(each.wave for each in failures)
    in_waves = Counter((each.cause, each.wave) for each in failures)
    ranked = [
        Ranked(
            cause,
            counts[cause.id],
            tuple((wave, met) for wave in waves if (met := in_waves[cause.id, wave])),
        )
        for cause in causes
        if counts[cause.id]
    ]
    return tuple(sorted(ranked, key=lambda each: (-each.count, each.cause.words, each.cause.id)))


def without_remedy(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """Those for which nothing was done yet: what there is to settle before a wave goes on."""
    return tuple(each for each in failures if not each.remedy.strip())

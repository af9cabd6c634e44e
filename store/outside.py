"""By which ways Wavepost reaches people who are not in Slack."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outside:
    """What there is to reach them by.

    `web` is the public address of our pages, without a slash at its end, and empty where it is not set.
    """

    web: str = ""
    is_mailed: bool = False

    @property
    def mails(self) -> bool:
        """Whether somebody outside can be told of something that they find on our pages."""
        return self.is_mailed and bool(self.web)


NOBODY = Outside()
"""Neither pages nor mails."""

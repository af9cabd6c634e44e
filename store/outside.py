"""What there is outside of Slack: ways to people who are not in it, and a scanner of files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outside:
    """What is set up.

    `web` is the public address of our pages, without a slash at its end, and empty where it is not set.
    `is_scanned` says that a scanner looks into files.
    """

    web: str = ""
    is_mailed: bool = False
    is_scanned: bool = False

    @property
    def mails(self) -> bool:
        """Whether somebody outside can be told of something that they find on our pages."""
        return self.is_mailed and bool(self.web)


NOBODY = Outside()
"""Neither pages nor mails, nor a scanner."""

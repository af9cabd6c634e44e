"""How the Web API refuses."""

from bot.sandbox.json_types import Json


class SlackError(Exception):
    """A refusal in Slack's words: `code` is the answer's `error`, `more` goes beside it."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def as_slack(self) -> Json:
        """The body of the answer."""
        return {"ok": False, "error": self.code, **self.more}


def invalid_arguments(*messages: str) -> SlackError:
    """`invalid_arguments`, with the reasons where Slack puts them."""
    said = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": said})

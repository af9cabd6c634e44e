"""How the client API refuses."""


class ClientError(Exception):
    """A refusal: a status, a code and words for the person."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

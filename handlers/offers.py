"""What can be typed: every command and topic, what it is for, and an example of it."""

from dataclasses import dataclass

from rules.roles import Role

CUSTOMER = "{customer}"
"""In an example: the name of a customer, whichever is there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be typed by who holds `role`, or the other one that is answered `also`."""

    called: str
    says: str
    example: str
    role: Role
    also: Role | None = None

    def example_with(self, customer: str) -> str:
        """What one types to try it, about this customer."""
        return f"{self.called} {self.example.replace(CUSTOMER, customer)}".strip()

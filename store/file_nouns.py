"""The nouns of the store that are about handing files to customers."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from store.access_requests import AccessRequests
from store.deliveries import Deliveries
from store.due_files import DueFiles
from store.evidence import DeliveryEvidence
from store.fetches import Fetches
from store.mails import Mails
from store.portal import Portal
from store.shared_files import SharedFiles
from store.spaces import Spaces
from store.uploads import Uploads


class FileNouns:
    """What is kept of files for customers, each noun made when it is first asked for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @cached_property
    def access_requests(self) -> AccessRequests:
        """What senders of files are asked for."""
        return AccessRequests(self.connection)

    @cached_property
    def deliveries(self) -> Deliveries:
        """Which file went to which recipient."""
        return Deliveries(self.connection)

    @cached_property
    def due_files(self) -> DueFiles:
        """Files whose day has come."""
        return DueFiles(self.connection)

    @cached_property
    def evidence(self) -> DeliveryEvidence:
        """What is proven of deliveries."""
        return DeliveryEvidence(self.connection)

    @cached_property
    def fetches(self) -> Fetches:
        """Who takes which file's bytes."""
        return Fetches(self.connection)

    @cached_property
    def mails(self) -> Mails:
        """Mails that must arrive."""
        return Mails(self.connection)

    @cached_property
    def portal(self) -> Portal:
        """How recipients come into the portal."""
        return Portal(self.connection)

    @cached_property
    def shared_files(self) -> SharedFiles:
        """Files for customers."""
        return SharedFiles(self.connection)

    @cached_property
    def spaces(self) -> Spaces:
        """Organisations, their spaces, and recipients."""
        return Spaces(self.connection)

    @cached_property
    def uploads(self) -> Uploads:
        """Uploads from browsers straight to S3."""
        return Uploads(self.connection)

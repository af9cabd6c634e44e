"""The shape of decoded JSON, as Slack's payloads are passed around."""

from typing import Any

Json = dict[str, Any]

"""What people type, as it reaches the app.

Source: https://docs.slack.dev/messaging/formatting-message-text#escaping and, for commands,
https://docs.slack.dev/interactivity/implementing-slash-commands, "Escape channels, users, and
links".
"""

import re

from bot.sandbox.workspace import Directory

# What Slack's own composer makes of mentions and links stays as it is.
_TOKEN = re.compile(r"(<(?:[@#][A-Z0-9]+|![a-z^A-Z0-9]+|[a-z][a-z0-9+.-]*:[^<>\s]+)(?:\|[^<>]*)?>)")
_NAME = re.compile(r"([@#])([\w.-]*\w)")


def escaped(text: str) -> str:
    """The text with `&`, `<` and `>` escaped, except in mentions and links."""
    parts = _TOKEN.split(text)
    return "".join(part if at % 2 else _escape(part) for at, part in enumerate(parts))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def linked(directory: Directory, text: str) -> str:
    """The text with @names and #channels as `<@U…|name>` and `<#C…|name>`."""

    def link(match: re.Match[str]) -> str:
        sign, name = match.groups()
        found = directory.user(name) if sign == "@" else directory.channel(name)
        return f"<{sign}{found.id}|{found.name}>" if found else match[0]

    return _NAME.sub(link, text)

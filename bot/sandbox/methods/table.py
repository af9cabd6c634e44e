"""Every Web API method the stand-in answers."""

from bot.sandbox.methods import apps, auth, blocks, chat, conversations, files, openid, users, views
from bot.sandbox.methods.call import Method

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        *apps.METHODS,
        *auth.METHODS,
        *blocks.METHODS,
        *chat.METHODS,
        *conversations.METHODS,
        *files.METHODS,
        *openid.METHODS,
        *users.METHODS,
        *views.METHODS,
    )
}

"""The people of the small workspace that Wavepost's tests play in."""

from bot.sandbox.seed import ChannelSeed, Kind, TeamSeed, UsergroupSeed, UserSeed, Workspace


def user(key: str, name: str, kind: Kind = Kind.member) -> UserSeed:
    return UserSeed(key, key, name, f"{key}@northwind.example", kind=kind)


WORKSPACE = Workspace(
    team=TeamSeed("Northwind", "northwind"),
    users=[
        user("ana", "Ana Reyes"),
        user("omar", "Omar Haddad"),
        user("lea", "Lea Lindqvist"),
        user("ada", "Ada Admin"),
        user("ben", "Ben Approver"),
        user("sue", "Sue Sender"),
        user("vic", "Vic Viewer"),
        user("gus", "Gus Guest", Kind.guest),
        user("sam", "Sam Stranger", Kind.stranger),
        user("dan", "Dan Gone", Kind.deactivated),
    ],
    channels=[
        ChannelSeed(
            "general",
            "general",
            members=["ana", "omar", "lea", "ada", "ben", "sue", "vic"],
            app_is_member=True,
        ),
        ChannelSeed("random", "random", members=["ana", "omar", "vic"]),
        ChannelSeed(
            "triage", "migration-triage", private=True, members=["lea", "ada"], app_is_member=True
        ),
        ChannelSeed("old", "old-pilot", members=["ana"], archived=True, app_is_member=True),
    ],
    usergroups=[UsergroupSeed("leads", "Migration leads", members=["lea"])],
)

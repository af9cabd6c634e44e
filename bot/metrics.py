"""What is counted and timed, in a registry of its own, so that two assemblies do not share figures."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The figures of one running Wavepost."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.interactions = Histogram(
            "wavepost_interaction_seconds",
            "Time to answer an interaction, by door, name and outcome.",
            ["door", "name", "outcome"],
            registry=self.registry,
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
        )
        self.messages = Counter(
            "wavepost_messages",
            "Messages that ended, by how.",
            ["state"],
            registry=self.registry,
        )
        self.mails = Counter(
            "wavepost_mails", "Mails that ended, by how.", ["state"], registry=self.registry
        )
        self.waiting = Gauge(
            "wavepost_messages_waiting", "Messages that have not ended.", registry=self.registry
        )
        self.jobs = Gauge(
            "wavepost_jobs", "Jobs that are not over, by state.", ["state"], registry=self.registry
        )
        self.job_seconds = Histogram(
            "wavepost_job_seconds",
            "Time that one try of a job took, by kind and how it ended.",
            ["kind", "outcome"],
            registry=self.registry,
            buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900),
        )
        self.slack_trouble = Counter(
            "wavepost_slack_trouble",
            "Times that Slack took no message at all, by its reason.",
            ["reason"],
            registry=self.registry,
        )

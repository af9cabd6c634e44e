"""Plans in versions: drafts, what they were asked, and every scoring that they used."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FIGURES = (
    "orders_28d",
    "missed_orders_28d",
    "cancelled_orders_28d",
    "orders_prev_28d",
    "open_hours_28d",
    "online_hours_28d",
    "silent_days",
    "days_since_sign_up",
    "cadence_orders",
    "cadence_days",
    "closed_days",
)
HEALTH = (
    "health",
    *(
        f"{component}{what}"
        for component in ("reliability", "cancellations", "activity", "trend", "availability")
        for what in ("", "_lost")
    ),
)
PRIORITY = (
    "priority",
    "priority_benefit",
    "priority_health",
    "priority_volume",
    "bump",
    "factor",
    "floor",
    "benefit_rank",
)


def upgrade() -> None:
    """Plans in versions: drafts, what they were asked, and every scoring that they used."""
    _scorings()
    _plans()
    op.create_table(
        "plan_questions",
        sa.Column("plan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("arrays", sa.LargeBinary(), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("going", sa.LargeBinary(), nullable=False),
        sa.Column("left_out", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=("plan_questions_plan_id_fkey")),
        sa.PrimaryKeyConstraint("plan_id", name=("plan_questions_pkey")),
    )
    op.add_column("imports", sa.Column("taken_on", sa.Date(), nullable=True))


def _scorings() -> None:
    op.create_table(
        "scorings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "parameters", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("missed_hits", sa.Float(), nullable=False),
        sa.Column("missed_trials", sa.Float(), nullable=False),
        sa.Column("missed_fitted", sa.Boolean(), nullable=False),
        sa.Column("cancelled_hits", sa.Float(), nullable=False),
        sa.Column("cancelled_trials", sa.Float(), nullable=False),
        sa.Column("cancelled_fitted", sa.Boolean(), nullable=False),
        sa.Column("locations", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("scorings_pkey")),
        sa.UniqueConstraint("digest", name=("scorings_digest_key")),
    )
    amounts: list[sa.Column[float]] = [
        sa.Column(name, sa.REAL(), nullable=True) for name in (*FIGURES, *HEALTH, *PRIORITY)
    ]
    op.create_table(
        "scores",
        sa.Column("scoring_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("punts", sa.Integer(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.SmallInteger(), nullable=False),
        sa.Column("days_of_silence", sa.REAL(), nullable=True),
        sa.Column("log10_chance", sa.REAL(), nullable=True),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        *amounts,
        sa.ForeignKeyConstraint(["scoring_id"], ["scorings.id"], name=("scores_scoring_id_fkey")),
        sa.PrimaryKeyConstraint("scoring_id", "location_id", name=("scores_pkey")),
    )
    op.create_index(
        "scores_scoring_id_customer_id_index", "scores", ["scoring_id", "customer_id"], unique=False
    )


def _plans() -> None:
    """What was there before was published as it was made."""
    op.add_column("plans", sa.Column("state", sa.Text(), nullable=True))
    op.add_column("plans", sa.Column("why", sa.String(), nullable=True))
    op.add_column("plans", sa.Column("based_on", sa.Integer(), nullable=True))
    op.add_column("plans", sa.Column("scoring_id", sa.Integer(), nullable=True))
    op.add_column("plans", sa.Column("decided_by", sa.String(), nullable=True))
    op.add_column("plans", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE plans SET state = 'published', decided_by = made_by, decided_at = made_at")
    op.alter_column("plans", "state", nullable=False)
    op.create_foreign_key("plans_based_on_fkey", "plans", "plans", ["based_on"], ["id"])
    op.create_foreign_key("plans_scoring_id_fkey", "plans", "scorings", ["scoring_id"], ["id"])
    op.create_index(
        "plans_one_draft_index",
        "plans",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )

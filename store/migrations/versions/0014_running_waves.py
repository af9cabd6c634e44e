"""Running a wave: its steps, its locations and theirs, failures with causes, checks, and rollbacks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Running a wave: its steps, its locations and theirs, failures with causes, checks, and rollbacks."""
    _waves()
    op.create_table(
        "causes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("first_by", sa.String(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="causes_pkey"),
        sa.UniqueConstraint("plain", name="causes_plain_key"),
    )
    _locations()
    _location_steps()
    _failures()
    _checks()
    _rollbacks()


def _waves() -> None:
    op.add_column("waves", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("waves", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("waves", sa.Column("likeness", sa.Float(), nullable=True))
    op.add_column("waves", sa.Column("likeness_tries", sa.Integer(), nullable=True))
    op.add_column("waves", sa.Column("counted_from", sa.BigInteger(), nullable=True))
    op.add_column("waves", sa.Column("brake", postgresql.JSONB(none_as_null=True), nullable=True))
    op.create_table(
        "wave_steps",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["week"], ["waves.week"], name="wave_steps_week_fkey"),
        sa.PrimaryKeyConstraint("week", "version", name="wave_steps_pkey"),
    )


def _locations() -> None:
    op.create_table(
        "wave_locations",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("csa_email", sa.String(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("migrated_on", sa.Date(), nullable=True),
        sa.Column("failed_on", sa.Date(), nullable=True),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.Column("lost_orders", sa.Boolean(), nullable=False),
        sa.Column("looks", sa.SmallInteger(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("verdict", sa.SmallInteger(), nullable=True),
        sa.Column("why", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["cause_id"], ["causes.id"], name="wave_locations_cause_id_fkey"),
        sa.ForeignKeyConstraint(["week"], ["waves.week"], name="wave_locations_week_fkey"),
        sa.PrimaryKeyConstraint("week", "location_id", name="wave_locations_pkey"),
    )
    op.create_index(
        "wave_locations_csa_email_week_index", "wave_locations", ["csa_email", "week"], unique=False
    )
    op.create_index(
        "wave_locations_customer_id_index", "wave_locations", ["customer_id"], unique=False
    )
    op.create_index(
        "wave_locations_in_a_run_index",
        "wave_locations",
        ["location_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'back in the plan'"),
    )
    op.create_index(
        "wave_locations_look_on_index",
        "wave_locations",
        ["look_on"],
        unique=False,
        postgresql_where=sa.text("look_on IS NOT NULL"),
    )
    op.create_index(
        "wave_locations_week_state_index", "wave_locations", ["week", "state"], unique=False
    )


def _location_steps() -> None:
    op.create_table(
        "location_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("wave_state", sa.Text(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["week", "location_id"],
            ["wave_locations.week", "wave_locations.location_id"],
            name="location_steps_week_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="location_steps_pkey"),
        sa.UniqueConstraint(
            "week", "location_id", "version", name="location_steps_week_location_id_version_key"
        ),
    )
    op.create_index(
        "location_steps_location_id_index", "location_steps", ["location_id"], unique=False
    )


def _failures() -> None:
    op.create_table(
        "failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("lost_orders", sa.Boolean(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=True),
        sa.Column("remedied_by", sa.String(), nullable=True),
        sa.Column("remedied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worked", sa.Boolean(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cause_id"], ["causes.id"], name="failures_cause_id_fkey"),
        sa.ForeignKeyConstraint(
            ["week", "location_id"],
            ["wave_locations.week", "wave_locations.location_id"],
            name="failures_week_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="failures_pkey"),
        sa.UniqueConstraint(
            "week", "location_id", "attempt", name="failures_week_location_id_attempt_key"
        ),
    )
    op.create_index("failures_cause_id_index", "failures", ["cause_id"], unique=False)
    op.create_index("failures_location_id_index", "failures", ["location_id"], unique=False)


def _checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("look", sa.SmallInteger(), nullable=False),
        sa.Column("data_name", sa.String(), nullable=False),
        sa.Column("verdict", sa.SmallInteger(), nullable=False),
        sa.Column("why", sa.SmallInteger(), nullable=False),
        sa.Column("is_for_a_person", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("volume", sa.Float(), nullable=True),
        sa.Column("data", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revises", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["revises"], ["checks.id"], name="checks_revises_fkey"),
        sa.ForeignKeyConstraint(
            ["week", "location_id"],
            ["wave_locations.week", "wave_locations.location_id"],
            name="checks_week_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="checks_pkey"),
        sa.UniqueConstraint(
            "week",
            "location_id",
            "attempt",
            "look",
            "data_name",
            name="checks_week_location_id_attempt_look_data_name_key",
        ),
    )
    op.create_index("checks_location_id_index", "checks", ["location_id"], unique=False)


def _rollbacks() -> None:
    op.create_table(
        "rollbacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("is_whole_wave", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["week"], ["waves.week"], name="rollbacks_week_fkey"),
        sa.PrimaryKeyConstraint("id", name="rollbacks_pkey"),
    )
    op.create_index("rollbacks_week_index", "rollbacks", ["week"], unique=False)
    op.create_table(
        "rollback_items",
        sa.Column("rollback_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["rollback_id"], ["rollbacks.id"], name="rollback_items_rollback_id_fkey"
        ),
        sa.PrimaryKeyConstraint("rollback_id", "location_id", "task", name="rollback_items_pkey"),
    )
    op.create_index(
        "rollback_items_location_id_index", "rollback_items", ["location_id"], unique=False
    )
    op.create_index(
        "rollback_items_waiting_index",
        "rollback_items",
        ["owner"],
        unique=False,
        postgresql_where=sa.text("by IS NULL"),
    )

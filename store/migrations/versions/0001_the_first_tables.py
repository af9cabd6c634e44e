"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first tables."""
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("audit_pkey")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "sealed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("number", name=("audit_seals_pkey")),
    )
    op.create_table(
        "blackouts",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("region", "from_date", "to_date", name=("blackouts_pkey")),
    )
    op.create_table(
        "business_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ahead", sa.Interval(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("business_clock_pkey")),
    )
    op.create_table(
        "channel_members",
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "person_id", name=("channel_members_pkey")),
    )
    op.create_index(
        ("channel_members_person_id_index"), "channel_members", ["person_id"], unique=False
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column(
            "heard_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=("channels_pkey")),
    )
    op.create_index(("channels_name_index"), "channels", ["name"], unique=False)
    op.create_table(
        "csas",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("weekly_capacity", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("email", name=("csas_pkey")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("csa_email", sa.String(), nullable=False),
        sa.Column("first_week", sa.Date(), nullable=True),
        sa.Column("last_week", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("customers_pkey")),
    )
    op.create_index(
        "customers_by_date_index",
        "customers",
        ["csa_email", "first_week", sa.literal_column("lower(name)"), "id"],
        unique=False,
    )
    op.create_table(
        "features",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("target_release_on", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=("features_pkey")),
    )
    op.create_table(
        "history",
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("missed_orders", sa.Integer(), nullable=True),
        sa.Column("cancelled_orders", sa.Integer(), nullable=True),
        sa.Column("online_hours", sa.Float(), nullable=True),
        sa.Column("open_hours", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("location_id", "week_start", name=("history_pkey")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=("imports_pkey")),
    )
    op.create_table(
        "interactions",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column(
            "reply", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("kind", "id", name=("interactions_pkey")),
    )
    op.create_table(
        "lanes",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("done_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "free_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=("lanes_pkey")),
    )
    op.create_index(
        "lanes_free_index",
        "lanes",
        ["free_at"],
        unique=False,
        postgresql_where=sa.text("last_number > done_number"),
    )
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("from_week", sa.Date(), nullable=False),
        sa.Column("to_week", sa.Date(), nullable=True),
        sa.Column("locations", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=("moves_pkey")),
    )
    op.create_index(("moves_customer_id_index"), "moves", ["customer_id"], unique=False)
    op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=("pace_pkey")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("direct_channel", sa.String(), nullable=True),
        sa.Column(
            "heard_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=("people_pkey")),
    )
    op.create_index(("people_email_index"), "people", ["email"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("first_monday", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column(
            "parameters", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.Column("bound", sa.Float(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Integer(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=("plans_pkey")),
    )
    op.create_table(
        "promises",
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("location_id", name=("promises_pkey")),
    )
    op.create_index(("promises_customer_id_index"), "promises", ["customer_id"], unique=False)
    op.create_index(("promises_week_index"), "promises", ["week"], unique=False)
    op.create_table(
        "roles",
        sa.Column("holder_id", sa.String(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column(
            "given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("holder_id", "role", name=("roles_pkey")),
    )
    op.create_table(
        "timeline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column(
            "facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=("timeline_pkey")),
    )
    op.create_index(("timeline_customer_id_index"), "timeline", ["customer_id"], unique=False)
    op.create_table(
        "user_groups",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("user_groups_pkey")),
    )
    op.create_table(
        "waves",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("week", name=("waves_pkey")),
    )
    op.create_table(
        "audit_sealed",
        sa.Column("audit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=("audit_sealed_audit_id_fkey")),
        sa.ForeignKeyConstraint(["seal"], ["audit_seals.number"], name=("audit_sealed_seal_fkey")),
        sa.PrimaryKeyConstraint("audit_id", name=("audit_sealed_pkey")),
    )
    op.create_index(("audit_sealed_seal_index"), "audit_sealed", ["seal"], unique=False)
    op.create_table(
        "csa_leave",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["email"], ["csas.email"], name=("csa_leave_email_fkey")),
        sa.PrimaryKeyConstraint("email", "week", name=("csa_leave_pkey")),
    )
    op.create_table(
        "feature_slips",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feature_key", sa.String(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column(
            "heard_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["feature_key"], ["features.key"], name=("feature_slips_feature_key_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=("feature_slips_pkey")),
    )
    op.create_index(
        ("feature_slips_feature_key_index"), "feature_slips", ["feature_key"], unique=False
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("status", sa.String(), server_default="active", nullable=False),
        sa.Column("requires", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("signed_up_on", sa.Date(), nullable=True),
        sa.Column("last_order_on", sa.Date(), nullable=True),
        sa.Column("orders_28d", sa.Integer(), nullable=True),
        sa.Column("missed_orders_28d", sa.Integer(), nullable=True),
        sa.Column("cancelled_orders_28d", sa.Integer(), nullable=True),
        sa.Column("orders_prev_28d", sa.Integer(), nullable=True),
        sa.Column("open_hours_28d", sa.Float(), nullable=True),
        sa.Column("online_hours_28d", sa.Float(), nullable=True),
        sa.Column("gmv_28d", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("locations_pkey")),
    )
    op.create_index(("locations_customer_id_index"), "locations", ["customer_id"], unique=False)
    op.create_index(
        "locations_inactive_index",
        "locations",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status <> 'active'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fallback", sa.String(), nullable=False),
        sa.Column(
            "blocks", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column(
            "said_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lane"], ["lanes.channel"], name=("outbox_lane_fkey")),
        sa.PrimaryKeyConstraint("id", name=("outbox_pkey")),
        sa.UniqueConstraint("lane", "number", name=("outbox_lane_number_key")),
    )
    op.create_index(
        "outbox_trouble_index",
        "outbox",
        ["ended_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('failed', 'uncertain')"),
    )
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("locations", sa.Integer(), nullable=False),
        sa.Column("binding", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=("placements_plan_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=("placements_pkey")),
    )
    op.create_index(("placements_customer_id_index"), "placements", ["customer_id"], unique=False)
    op.create_index(("placements_plan_id_index"), "placements", ["plan_id"], unique=False)
    op.create_index(
        "placements_without_week_index",
        "placements",
        ["binding", "plan_id", "locations"],
        unique=False,
        postgresql_where=sa.text("week IS NULL"),
    )
    op.execute("INSERT INTO business_clock (id, ahead) VALUES (1, interval '0')")
    op.execute("INSERT INTO pace (id, next_at) VALUES (1, now())")

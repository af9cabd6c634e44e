"""Files to customers: spaces and recipients, files and their steps, deliveries with evidence, the portal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Files to customers: spaces, files and their steps, deliveries with evidence, the portal."""
    _spaces()
    _files()
    _of_files()
    _mails()
    _deliveries()
    _portal()
    _requests()


def _spaces() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name="organisations_pkey"),
        sa.UniqueConstraint("folded", name="organisations_folded_key"),
    )
    op.create_table(
        "spaces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("is_proxied", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="spaces_organisation_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="spaces_pkey"),
        sa.UniqueConstraint("organisation_id", "folded", name="spaces_organisation_id_folded_key"),
    )
    op.create_table(
        "recipients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR email IS NOT NULL", name="recipients_reachable_check"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="recipients_organisation_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="recipients_pkey"),
        sa.UniqueConstraint("person_id", name="recipients_person_id_key"),
    )
    op.create_index(
        "recipients_email_key", "recipients", [sa.literal_column("lower(email)")], unique=True
    )
    op.create_index(
        "recipients_organisation_id_index", "recipients", ["organisation_id"], unique=False
    )
    op.create_table(
        "space_members",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column(
            "added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("removed_by", sa.String(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name="space_members_recipient_id_fkey"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="space_members_space_id_fkey"),
        sa.PrimaryKeyConstraint("space_id", "recipient_id", name="space_members_pkey"),
    )
    op.create_index(
        "space_members_recipient_id_index", "space_members", ["recipient_id"], unique=False
    )


def _files() -> None:
    op.create_table(
        "parcels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="parcels_pkey"),
    )
    op.create_table(
        "shared_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("parcel_id", sa.Uuid(), nullable=False),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("authors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("was_personal", sa.Boolean(), nullable=False),
        sa.Column("was_reviewed", sa.Boolean(), nullable=False),
        sa.Column("is_encrypted", sa.Boolean(), nullable=False),
        sa.Column("encryption_method", sa.String(), nullable=False),
        sa.Column("key_holder", sa.String(), nullable=False),
        sa.Column("key_reach", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retained_until", sa.Date(), nullable=True),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("most_fetches", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_size", sa.BigInteger(), nullable=True),
        sa.Column("promised_sha256", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("object_version", sa.String(), nullable=True),
        sa.Column("scan", sa.Text(), nullable=False),
        sa.Column("scan_found", sa.String(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.Column("runs", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slack_file", sa.String(), nullable=True),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("tag_words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name="shared_files_parcel_id_fkey"),
        sa.ForeignKeyConstraint(
            ["supersedes"], ["shared_files.id"], name="shared_files_supersedes_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="shared_files_pkey"),
        sa.UniqueConstraint("key", name="shared_files_key_key"),
        sa.UniqueConstraint("number", name="shared_files_number_key"),
    )
    op.create_index(
        "shared_files_author_index",
        "shared_files",
        [sa.literal_column("lower(author)")],
        unique=False,
    )
    op.create_index(
        "shared_files_expires_at_index",
        "shared_files",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'released'"),
    )
    op.create_index("shared_files_parcel_id_index", "shared_files", ["parcel_id"], unique=False)
    op.create_index(
        "shared_files_sha256_index",
        "shared_files",
        ["sha256"],
        unique=False,
        postgresql_where=sa.text("sha256 IS NOT NULL"),
    )
    op.create_index(
        "shared_files_state_since_index",
        "shared_files",
        ["state", "state_since"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index("shared_files_supersedes_index", "shared_files", ["supersedes"], unique=False)
    op.create_index(
        "shared_files_tag_words_index",
        "shared_files",
        ["tag_words"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "shared_files_unwiped_index",
        "shared_files",
        ["removed_at"],
        unique=False,
        postgresql_where=sa.text("wiped_at IS NULL AND removed_at IS NOT NULL"),
    )
    op.create_index(
        "shared_files_uploaded_by_number_index",
        "shared_files",
        ["uploaded_by", "number"],
        unique=False,
    )
    op.create_index(
        "shared_files_words_index",
        "shared_files",
        [sa.literal_column("array_to_tsvector(words)")],
        unique=False,
        postgresql_using="gin",
    )


def _of_files() -> None:
    op.create_table(
        "file_spaces",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["shared_files.id"], name="file_spaces_file_id_fkey"),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="file_spaces_space_id_fkey"),
        sa.PrimaryKeyConstraint("file_id", "space_id", name="file_spaces_pkey"),
    )
    op.create_index("file_spaces_space_id_index", "file_spaces", ["space_id"], unique=False)
    op.create_table(
        "file_steps",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["shared_files.id"], name="file_steps_file_id_fkey"),
        sa.PrimaryKeyConstraint("file_id", "version", name="file_steps_pkey"),
    )
    op.create_table(
        "file_reminders",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["shared_files.id"], name="file_reminders_file_id_fkey"
        ),
        sa.PrimaryKeyConstraint("file_id", "due_at", name="file_reminders_pkey"),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("part_size", sa.BigInteger(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["shared_files.id"], name="uploads_file_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="uploads_pkey"),
        sa.UniqueConstraint("file_id", name="uploads_file_id_key"),
    )
    op.create_index(
        "uploads_made_at_index",
        "uploads",
        ["made_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name="upload_parts_upload_id_fkey"),
        sa.PrimaryKeyConstraint("upload_id", "number", name="upload_parts_pkey"),
    )


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "next_try_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_why", sa.String(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="mails_pkey"),
    )
    op.create_index(
        "mails_waiting_index",
        "mails",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND failed_why IS NULL"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("fetches", sa.Integer(), server_default="0", nullable=False),
        sa.Column("given_back", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["shared_files.id"], name="deliveries_file_id_fkey"),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name="deliveries_recipient_id_fkey"
        ),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name="deliveries_space_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="deliveries_pkey"),
        sa.UniqueConstraint("file_id", "recipient_id", name="deliveries_file_id_recipient_id_key"),
    )
    op.create_index("deliveries_mail_id_index", "deliveries", ["mail_id"], unique=False)
    op.create_index("deliveries_message_id_index", "deliveries", ["message_id"], unique=False)
    op.create_index("deliveries_recipient_id_index", "deliveries", ["recipient_id"], unique=False)
    op.create_table(
        "delivery_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="delivery_links_delivery_id_fkey"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="delivery_links_pkey"),
    )
    op.create_index(
        "delivery_links_delivery_id_index", "delivery_links", ["delivery_id"], unique=False
    )
    op.create_table(
        "delivery_evidence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["recipients.id"], name="delivery_evidence_by_fkey"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="delivery_evidence_delivery_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="delivery_evidence_pkey"),
        sa.UniqueConstraint(
            *("delivery_id", "kind", "by", "why", "day"),
            name="delivery_evidence_delivery_id_kind_by_why_day_key",
            postgresql_nulls_not_distinct=True,
        ),
    )


def _portal() -> None:
    op.create_table(
        "portal_entries",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name="portal_entries_recipient_id_fkey"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="portal_entries_pkey"),
    )
    op.create_index(
        "portal_entries_recipient_id_index", "portal_entries", ["recipient_id"], unique=False
    )
    op.create_table(
        "portal_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name="portal_sessions_recipient_id_fkey"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="portal_sessions_pkey"),
    )
    op.create_index(
        "portal_sessions_recipient_id_index", "portal_sessions", ["recipient_id"], unique=False
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("is_long", sa.Boolean(), nullable=False),
        sa.Column(
            "sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="one_time_codes_pkey"),
    )
    op.create_index(
        "one_time_codes_address_sent_at_index",
        "one_time_codes",
        ["address", "sent_at"],
        unique=False,
    )
    op.create_table(
        "wrong_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name="wrong_codes_pkey"),
    )
    op.create_index("wrong_codes_address_at_index", "wrong_codes", ["address", "at"], unique=False)
    op.create_index("wrong_codes_at_index", "wrong_codes", ["at"], unique=False)


def _requests() -> None:
    op.create_table(
        "access_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "recipient_id IS NOT NULL OR email IS NOT NULL", name="access_requests_asker_check"
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name="access_requests_delivery_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["shared_files.id"], name="access_requests_file_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name="access_requests_recipient_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="access_requests_pkey"),
    )
    op.create_index(
        "access_requests_open_key",
        "access_requests",
        ["file_id", "kind", sa.literal_column("coalesce(recipient_id::text, lower(email))")],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )

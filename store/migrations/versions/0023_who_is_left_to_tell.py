"""Looks at whom no channel tells, in place of a row for each wave that was told; facts by their names."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Looks at whom no channel tells, in place of a row for each wave that was told."""
    op.create_table(
        "digest_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="digest_looks_pkey"),
    )
    op.create_index("told_facts_fact_index", "told_facts", ["fact"], unique=False)
    _keep_what_waves_were_told()
    op.drop_table("told_waves")


def _keep_what_waves_were_told() -> None:
    """Nobody hears of the same wave again because this version remembers it otherwise."""
    op.execute("""
        INSERT INTO told_facts (person_id, fact, at, message_id, cause)
        SELECT DISTINCT ON (1, 2) person_id, 'wave|' || (told.news #>> '{facts,week}')
            || '|customer|' || (told.news #>> '{facts,customer}'), happened_at, message_id, 'digest'
        FROM tidings CROSS JOIN jsonb_array_elements(news) AS told (news)
        WHERE message_id IS NOT NULL AND told.news ->> 'event' = 'wave'
        ORDER BY 1, 2, happened_at DESC
        ON CONFLICT DO NOTHING
    """)
    op.execute("""
        UPDATE tidings SET cause = 'announced: ' || cause
        WHERE message_id IS NULL AND cause LIKE 'wave % comes'
    """)

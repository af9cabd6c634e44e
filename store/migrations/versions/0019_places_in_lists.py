"""Locations of a wave keep their place in a list by name, so that a page of it need not look all names up."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = """
    UPDATE wave_locations SET position = numbered.position FROM (
        SELECT week, location_id, row_number() OVER (
            PARTITION BY week ORDER BY lower(customers.name), lower(locations.name), location_id
        ) AS position
        FROM wave_locations JOIN locations ON locations.id = location_id
        JOIN customers ON customers.id = wave_locations.customer_id
    ) AS numbered
    WHERE numbered.week = wave_locations.week AND numbered.location_id = wave_locations.location_id
"""


def upgrade() -> None:
    """Locations of a wave keep their place in a list by name, as names were at its start."""
    position = sa.Column("position", sa.Integer(), server_default="0", nullable=False)
    op.add_column("wave_locations", position)
    op.execute(NUMBER)

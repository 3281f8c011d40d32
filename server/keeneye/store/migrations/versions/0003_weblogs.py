"""How far each web log was read"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weblogs",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("log", sa.LargeBinary(length=16), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(length=16), nullable=False),
        sa.Column("tail", sa.LargeBinary(length=16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_weblogs_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("tenant_id", "log", name="pk_weblogs"),
    )
    op.create_index("ix_weblogs_until", "weblogs", ["tenant_id", "until"])


def downgrade() -> None:
    op.drop_table("weblogs")

"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    tenants = op.create_table(
        "tenants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
        sa.UniqueConstraint("name", name="uq_tenants_name"),
    )
    op.bulk_insert(tenants, [{"id": 1, "name": "default"}])
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_tokens_tenant_id_tenants"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_tokens_tenant_id"),
    )
    op.create_table(
        "pairing_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_pairing_codes"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_pairing_codes_tenant_id_tenants"),
        sa.UniqueConstraint("hash", name="uq_pairing_codes_hash"),
    )
    op.create_table(
        "verdicts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer()),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("sender", sa.LargeBinary(32)),
        sa.Column("graded_at", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("grade", sa.String(1), nullable=False),
        sa.Column("stars", sa.SmallInteger()),
        sa.Column("risk", sa.Float(), nullable=False),
        sa.Column("banner", sa.String(8), nullable=False),
        sa.Column("policy", sa.String(80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_verdicts_tenant_id_tenants"),
    )
    op.create_index("ix_verdicts_graded_at", "verdicts", ["graded_at"])
    op.create_table(
        "senders",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(32), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("danger", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "address", name="pk_senders"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_senders_tenant_id_tenants"),
    )
    op.create_index("ix_senders_last_seen", "senders", ["last_seen"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.String(32), nullable=False),
        sa.Column("token_id", sa.Integer()),
        sa.Column("sender", sa.LargeBinary(32)),
        sa.Column("label", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_feedback_tenant_id_tenants"),
    )
    op.create_index("ix_feedback_verdict_id", "feedback", ["verdict_id"])
    op.create_index("ix_feedback_sender", "feedback", ["sender"])


def downgrade() -> None:
    for table in ("feedback", "senders", "verdicts", "pairing_codes", "tokens", "tenants"):
        op.drop_table(table)

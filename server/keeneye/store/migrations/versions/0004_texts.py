"""Texts are told apart more exactly, in each mailbox that they reached; one person's verdicts are found at once"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _texts_anew(colleague=sa.Column("colleague", sa.LargeBinary(length=16), nullable=False), unique=("colleague",))
    op.create_index("ix_verdicts_sender", "verdicts", ["tenant_id", "sender"])
    op.create_index("ix_verdicts_message", "verdicts", ["tenant_id", "message"])
    op.drop_column("tenants", "since")


def downgrade() -> None:
    op.add_column("tenants", sa.Column("since", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_index("ix_verdicts_message", "verdicts")
    op.drop_index("ix_verdicts_sender", "verdicts")
    _texts_anew(colleague=sa.Column("colleague", sa.LargeBinary(length=16)), unique=())


def _texts_anew(colleague: sa.Column[bytes], unique: tuple[str, ...]) -> None:
    """Sketches of one form cannot be made of the other's, as no text is kept: which texts came begins anew."""
    op.drop_table("bands")
    op.drop_table("fingerprints")
    op.create_table(
        "fingerprints",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.LargeBinary(length=16), nullable=False),
        colleague,
        sa.Column("sender", sa.LargeBinary(length=32)),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_fingerprints_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_fingerprints"),
        sa.UniqueConstraint("tenant_id", "message", *unique, name="uq_fingerprints_tenant_id"),
    )
    op.create_index("ix_fingerprints_seen_at", "fingerprints", ["seen_at"])
    op.create_index("ix_fingerprints_sender", "fingerprints", ["tenant_id", "sender"])
    op.create_table(
        "bands",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "band", "fingerprint_id", name="pk_bands"),
        sqlite_with_rowid=False,
    )

"""What the firm remembers: threads, levels, near-duplicates, visits, customers, products, partners"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bands",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "band", "fingerprint_id", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contents",
        sa.Column("verdict_id", sa.String(length=32), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.LargeBinary(length=32)),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_contents_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_contents"),
    )
    op.create_index("ix_contents_sender", "contents", ["tenant_id", "sender"])
    op.create_index("ix_contents_until", "contents", ["until"])
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2)),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger()),
        sa.Column("sampled", sa.SmallInteger(), nullable=False),
        sa.Column("visited", sa.SmallInteger(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("bank_country", sa.String(length=2)),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_customers_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_customers_tenant_id"),
    )
    op.create_table(
        "domains",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.LargeBinary(length=16), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("danger", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_domains_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("tenant_id", "domain", name="pk_domains"),
    )
    op.create_index("ix_domains_last_seen", "domains", ["last_seen"])
    op.create_table(
        "fingerprints",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.LargeBinary(length=16), nullable=False),
        sa.Column("colleague", sa.LargeBinary(length=16)),
        sa.Column("sender", sa.LargeBinary(length=32)),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_fingerprints_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_fingerprints"),
        sa.UniqueConstraint("tenant_id", "message", name="uq_fingerprints_tenant_id"),
    )
    op.create_index("ix_fingerprints_seen_at", "fingerprints", ["seen_at"])
    op.create_index("ix_fingerprints_sender", "fingerprints", ["tenant_id", "sender"])
    op.create_table(
        "level_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.LargeBinary(length=32), nullable=False),
        sa.Column("before", sa.SmallInteger()),
        sa.Column("after", sa.SmallInteger()),
        sa.Column("by_hand", sa.SmallInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Integer()),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_level_changes_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_level_changes"),
    )
    op.create_index("ix_level_changes_changed_at", "level_changes", ["changed_at"])
    op.create_index("ix_level_changes_sender", "level_changes", ["tenant_id", "sender"])
    op.create_table(
        "messages",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.LargeBinary(length=16), nullable=False),
        sa.Column("thread", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party", sa.LargeBinary(length=32)),
        sa.Column("domain", sa.LargeBinary(length=16)),
        sa.Column("ours", sa.SmallInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_messages_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("tenant_id", "message", name="pk_messages"),
    )
    op.create_index("ix_messages_thread", "messages", ["tenant_id", "thread"])
    op.create_index("ix_messages_party", "messages", ["tenant_id", "party"])
    op.create_index("ix_messages_seen_at", "messages", ["seen_at"])
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("bank_country", sa.String(length=2)),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_partners_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_partners_tenant_id"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("models", sa.Text(), nullable=False),
        sa.Column("hs", sa.String(length=12)),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_products_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_products_tenant_id"),
    )
    op.create_table(
        "threads",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("thread", sa.LargeBinary(length=16), nullable=False),
        sa.Column("theirs", sa.Integer(), nullable=False),
        sa.Column("ours", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_threads_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("tenant_id", "thread", name="pk_threads"),
    )
    op.create_index("ix_threads_last_seen", "threads", ["last_seen"])
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(length=16), nullable=False),
        sa.Column("network", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("came_by", sa.String(length=16), nullable=False),
        sa.Column("came_from", sa.String(length=253)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_visits_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_address", "visits", ["tenant_id", "address"])
    op.create_index("ix_visits_last_seen", "visits", ["last_seen"])
    op.create_index("ix_visits_network", "visits", ["tenant_id", "network"])
    op.create_table(
        "customer_addresses",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=320), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_addresses_customer_id_customers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_customer_addresses_tenant_id_tenants"),
        sa.PrimaryKeyConstraint("tenant_id", "value", name="pk_customer_addresses"),
    )
    op.create_index("ix_customer_addresses_customer_id", "customer_addresses", ["customer_id"])
    op.add_column("senders", sa.Column("ours", sa.Integer(), server_default="0", nullable=False))
    op.add_column("senders", sa.Column("genuine", sa.Integer(), server_default="0", nullable=False))
    op.add_column("senders", sa.Column("fake", sa.Integer(), server_default="0", nullable=False))
    op.add_column("senders", sa.Column("told", sa.Text(), server_default="", nullable=False))
    op.add_column("senders", sa.Column("confirmed", sa.Text(), server_default="", nullable=False))
    op.add_column("senders", sa.Column("level", sa.SmallInteger()))
    op.add_column("senders", sa.Column("level_by_hand", sa.SmallInteger()))
    op.add_column("senders", sa.Column("profile", sa.Text()))
    op.add_column("tenants", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tenants", sa.Column("since", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("tenants", sa.Column("ours_since", sa.BigInteger()))
    op.add_column("verdicts", sa.Column("message", sa.LargeBinary(length=16)))
    op.add_column("feedback", sa.Column("message", sa.LargeBinary(length=16)))
    op.add_column("feedback", sa.Column("against", sa.Text(), server_default="", nullable=False))
    # Mail is seen from here on, whenever the database was made: older rows say nothing of threads.
    op.execute(sa.text("UPDATE tenants SET since = :now").bindparams(now=int(time.time())))


def downgrade() -> None:
    op.drop_column("feedback", "against")
    op.drop_column("feedback", "message")
    op.drop_column("verdicts", "message")
    op.drop_column("tenants", "ours_since")
    op.drop_column("tenants", "since")
    op.drop_column("tenants", "revision")
    op.drop_column("senders", "profile")
    op.drop_column("senders", "level_by_hand")
    op.drop_column("senders", "level")
    op.drop_column("senders", "confirmed")
    op.drop_column("senders", "told")
    op.drop_column("senders", "fake")
    op.drop_column("senders", "genuine")
    op.drop_column("senders", "ours")
    op.drop_table("customer_addresses")
    op.drop_table("visits")
    op.drop_table("threads")
    op.drop_table("products")
    op.drop_table("partners")
    op.drop_table("messages")
    op.drop_table("level_changes")
    op.drop_table("fingerprints")
    op.drop_table("domains")
    op.drop_table("customers")
    op.drop_table("contents")
    op.drop_table("bands")

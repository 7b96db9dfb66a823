"""Who left three may join them again: a part of their own for each time."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("partners") as batch_op:
        batch_op.drop_constraint("uq_partners_member", type_="unique")
        batch_op.create_unique_constraint("uq_partners_member", ["partnership_id", "member_id", "joined_at"])


def downgrade() -> None:
    with op.batch_alter_table("partners") as batch_op:
        batch_op.drop_constraint("uq_partners_member", type_="unique")
        batch_op.create_unique_constraint("uq_partners_member", ["partnership_id", "member_id"])

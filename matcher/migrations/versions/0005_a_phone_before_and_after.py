"""The second factor that is begun beside the one that is on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("new_code_seed", sa.LargeBinary(), nullable=True))
    # A seed that was begun counted for nothing, and is made again with a button; here it would count.
    op.execute("UPDATE accounts SET code_seed = NULL WHERE code_confirmed_at IS NULL")


def downgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("new_code_seed")

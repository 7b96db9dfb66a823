"""What pages ask for: a group maker, a wish to be forgotten, a card, quiet hours, invitations by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("makes_groups", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("claimed_address", sa.String(length=320), nullable=True))
        batch_op.create_index(batch_op.f("ix_accounts_claimed_address"), ["claimed_address"], unique=False)
        batch_op.add_column(sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(length=40), nullable=True))
        batch_op.alter_column("group_id", existing_type=sa.INTEGER(), nullable=True)
    op.execute("UPDATE invitations SET public_id = substr(token_hash, 1, 40)")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_index(batch_op.f("ix_invitations_group_id"), ["group_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_invitations_public_id"), ["public_id"])

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("quiet_from", sa.Time(), server_default="21:00:00", nullable=False))
        batch_op.add_column(sa.Column("quiet_until", sa.Time(), server_default="08:00:00", nullable=False))
        batch_op.add_column(sa.Column("mails_off", sa.JSON(), server_default="[]", nullable=False))

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        batch_op.alter_column("account_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_messages_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_messages_invitation_id_invitations"), "invitations", ["invitation_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_messages_has_one_reader"), "(account_id IS NULL) <> (invitation_id IS NULL)"
        )


def downgrade() -> None:
    op.execute("DELETE FROM messages WHERE account_id IS NULL")
    op.execute("DELETE FROM invitations WHERE group_id IS NULL")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_has_one_reader"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_messages_invitation_id_invitations"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_messages_invitation_id"))
        batch_op.alter_column("account_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("invitation_id")

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_column("mails_off")
        batch_op.drop_column("quiet_until")
        batch_op.drop_column("quiet_from")
        batch_op.drop_column("card")

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_invitations_public_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_invitations_group_id"))
        batch_op.alter_column("group_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("public_id")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_claimed_address"))
        batch_op.drop_column("claimed_address")
        batch_op.drop_column("erase_at")
        batch_op.drop_column("makes_groups")

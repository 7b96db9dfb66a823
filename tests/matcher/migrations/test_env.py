import pytest
from alembic import command

from matcher import schema
from matcher.database import engine_for


@pytest.fixture
def written(tmp_path) -> str:
    """The migration that alembic would write for an empty database."""
    engine = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    with engine.begin() as connection:
        config = schema._alembic(connection)
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", str(tmp_path))
        script = command.revision(config, "a trial", autogenerate=True, rev_id="0001")
    engine.dispose()
    return (tmp_path / script.path).read_text("utf-8")


def test_a_migration_names_plain_types_so_that_it_stays_true_when_ours_change(written):
    assert "matcher" not in written
    assert 'sa.Column("made_at", sa.DateTime(timezone=True)' in written.replace("'", '"')
    assert 'sa.Column("windows", sa.LargeBinary()' in written.replace("'", '"')
    assert 'sa.Column("consent", sa.String(length=60)' in written.replace("'", '"')


def test_a_migration_says_what_it_is_for_and_what_it_follows(written):
    assert written.startswith('"""a trial."""\n')
    assert "down_revision = None" in written


def test_a_migration_alters_by_copying_where_it_must(written):
    assert "op.batch_alter_table(" in written

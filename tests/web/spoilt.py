"""Sealed values that are changed where they lie."""


def spoil(rows, table, *columns):
    """Change every value of some sealed columns, as a broken disk or a wrong hand would."""
    with rows.begin() as session:
        connection = session.connection()
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        for column in columns:
            for id_, sealed in connection.exec_driver_sql(f"SELECT id, {column} FROM {table}").all():
                if sealed is not None:
                    changed = bytes(sealed)[:-1] + bytes([bytes(sealed)[-1] ^ 1])
                    statement = f"UPDATE {table} SET {column} = {mark} WHERE id = {mark}"
                    connection.exec_driver_sql(statement, (changed, id_))

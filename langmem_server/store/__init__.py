"""What the service remembers, on one SQLite file.

`Database` owns the connections; the modules `users`, `functions`, `threads`, `memories`, `runs`,
`exports` and `imports` are plain functions `f(connection, tenant, ...)` that run inside
`Database.read` or `Database.write`. The tenant comes first in every key and every call: what
belongs to another tenant does not exist.

Example:
    >>> from langmem_server.store import threads
    >>> from langmem_server.store.database import Database
    >>> db = Database(":memory:")  # doctest: +SKIP
    >>> db.write(lambda conn: threads.upsert(conn, "default", thread_id, None))  # doctest: +SKIP
"""

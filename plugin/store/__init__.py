"""What must survive a crash, in SQLAlchemy Core: one schema on SQLite and on PostgreSQL.

A function here takes a transaction (`tx`, from `Store.writing()` or `Store.reading()`) and never opens or ends one:
the caller decides what belongs together.
"""

from plugin.store.engine import Store, open_store
from plugin.store.errors import StoreError, StoreUnavailable

__all__ = ["Store", "StoreError", "StoreUnavailable", "open_store"]

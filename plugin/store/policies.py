"""The mapping files of every revision that a decision was made under, kept so that it can be made again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from plugin.store.tables import policies
from plugin.store.upsert import insert_or


def record(tx: Connection, revision: str, files: Mapping[str, bytes], now: datetime) -> None:
    """Keep the files of a revision, by their names; once is enough. They are UTF-8."""
    # Asked first: the files are not sent to the database with every decision.
    if tx.scalar(select(policies.c.revision).where(policies.c.revision == revision)) is None:
        content = {name: content.decode("utf-8") for name, content in files.items()}
        kept = insert_or(tx.dialect.name, policies).values(revision=revision, first_seen=now, content=content)
        tx.execute(kept.on_conflict_do_nothing())


def files_of(tx: Connection, revision: str) -> Mapping[str, bytes] | None:
    """The files of a revision, byte for byte; None where it was never kept."""
    content = tx.scalar(select(policies.c.content).where(policies.c.revision == revision))
    return None if content is None else {name: text.encode("utf-8") for name, text in content.items()}

"""What the admin's pages are kept in: people and sessions, changes, edits of mapping files."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text

from plugin.store.tables.base import UtcDateTime, metadata

# Who may use the admin's pages by a password of their own.
admin_people = Table(
    "admin_people",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
)

# A link with which somebody sets a password: their first (of a name of their own choice where `name` is NULL), or a new
# one. Kept as its digest: whoever reads the database cannot use it.
admin_invitations = Table(
    "admin_invitations",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text),
    Column("role", Text, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
)

# Who is signed in. `digest` is of what the browser holds; `address` and `agent`: from where it came, and what it called
# itself. Of whoever came by OpenID Connect also what the provider calls them and its session, which of their claims
# lets them in, and the ID token, which it wants to see again when they sign out.
admin_sessions = Table(
    "admin_sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("subject", Text),
    Column("claim", Text),
    Column("sid", Text),
    Column("id_token", Text),
    Column("address", Text),
    Column("agent", Text),
    Index(None, "name"),
)

# Who has come by OpenID Connect, as of the last time: for whoever looks who may use the pages. It lets nobody in.
admin_openid_people = Table(
    "admin_openid_people",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("claim", Text, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# How often a password was wrong, since the first of these tries: by name, by address, and by both.
admin_tries = Table(
    "admin_tries",
    metadata,
    Column("what", Text, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
)

# Every change that a person made from the admin's pages: appended only.
admin_changes = Table(
    "admin_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text),
    Column("before", JSON),
    Column("after", JSON),
    Index(None, "subject"),
)

# What is signed with secrets of our own, shared by all processes: a row for each purpose (`keys.py`).
admin_key = Table(
    "admin_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret", Text, nullable=False),
)

# Every save of mapping files from the admin's pages: appended only. Files that were edited together are one edit.
mapping_edits = Table(
    "mapping_edits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# What each file said before an edit, and after it.
mapping_edit_files = Table(
    "mapping_edit_files",
    metadata,
    Column("edit", Integer, ForeignKey("mapping_edits.id"), primary_key=True),
    Column("file", Text, primary_key=True),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Index(None, "file"),
)

# Who has which file open to edit it, and since when they were last seen there.
mapping_editors = Table(
    "mapping_editors",
    metadata,
    Column("file", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

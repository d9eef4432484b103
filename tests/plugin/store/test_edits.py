"""Edits of the mapping files, on both databases."""

from datetime import UTC, datetime, timedelta

from plugin.store import Store, edits

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_file_is_taken_away_by_its_last_edit_alone(store: Store) -> None:
    with store.writing() as tx:
        edits.record(tx, "Nora", "new", {"agreements/a.yaml": ("", "a"), "agreements/b.yaml": ("", "b")}, NOON)
        edits.record(tx, "Nora", "gone", {"agreements/a.yaml": ("a", ""), "agreements/b.yaml": ("b", "")}, NOON)
        edits.record(tx, "Ida", "back", {"agreements/a.yaml": ("", "a")}, NOON + timedelta(hours=1))
        assert [(each.file, each.reason, each.before) for each in edits.taken_away(tx)] == [
            ("agreements/b.yaml", "gone", "b")
        ]

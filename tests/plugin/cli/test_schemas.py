"""schemas: what it writes, and what it says of it."""

import shutil
from pathlib import Path

from tests.plugin.cli.conftest import SHIPPED, Run


def test_after_an_upgrade_it_writes_what_has_changed_and_nothing_else(run: Run, tmp_path: Path) -> None:
    mappings = tmp_path / "mappings"
    shutil.copytree(SHIPPED, mappings)
    before = {path: path.read_bytes() for path in mappings.rglob("*") if path.is_file()}
    (mappings / "schema" / "tiers.schema.json").write_text("{}")
    (mappings / "schema" / "credits.schema.json").unlink()
    result = run("schemas", MAPPINGS_DIR=str(mappings))

    assert (result.exit_code, result.stderr) == (0, "")
    assert set(result.stdout.splitlines()) == {
        f"{mappings}/schema/tiers.schema.json: changed",
        f"{mappings}/schema/credits.schema.json: new",
    }
    assert {path: path.read_bytes() for path in mappings.rglob("*") if path.is_file()} == before


def test_where_there_is_nothing_to_do_it_says_so(run: Run) -> None:
    assert run("schemas").stdout == f"{SHIPPED}/schema: nothing to do, the schemas are those of this version.\n"


def test_a_folder_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "schema").write_text("")
    result = run("schemas", MAPPINGS_DIR=str(tmp_path / "mappings"))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: The schemas cannot be written: {tmp_path}/mappings/schema")

"""An edit of mapping files: written only over what it was made from, wholly or not at all."""

import os
from pathlib import Path

import pytest

from plugin.mappings.edit import ChangedMeanwhile, NotWritten, on_disk, typed, why_not_writable, write
from plugin.mappings.files import revision_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "replies").mkdir()
    (tmp_path / "tiers.yaml").write_bytes(b"tiers: []\n")
    (tmp_path / "replies" / "frame.en.md").write_bytes(b"Hello\n")
    return tmp_path


def test_files_are_replaced_and_keep_their_mode(folder: Path) -> None:
    (folder / "tiers.yaml").chmod(0o640)
    write(folder, {"tiers.yaml": b"a\n", "replies/frame.en.md": b"b\n"}, revision_of(on_disk(folder)))
    assert on_disk(folder) == {"tiers.yaml": b"a\n", "replies/frame.en.md": b"b\n"}
    assert (folder / "tiers.yaml").stat().st_mode & 0o7777 == 0o640
    assert sorted(each.name for each in folder.iterdir()) == ["replies", "tiers.yaml"]


def test_nothing_is_written_over_what_somebody_else_wrote(folder: Path) -> None:
    made_from = revision_of(on_disk(folder))
    (folder / "replies" / "frame.en.md").write_bytes(b"Hi\n")
    with pytest.raises(ChangedMeanwhile):
        write(folder, {"tiers.yaml": b"a\n"}, made_from)
    assert (folder / "tiers.yaml").read_bytes() == b"tiers: []\n"


@pytest.mark.parametrize("name", ["../tiers.yaml", "new.yaml", ".tiers.yaml"])
def test_only_mapping_files_are_written(folder: Path, name: str) -> None:
    with pytest.raises(NotWritten):
        write(folder, {name: b"a\n"}, revision_of(on_disk(folder)))
    assert not (folder / name).resolve().exists() or name == "../tiers.yaml"


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "prices.yaml"
    elsewhere.write_bytes(b"theirs\n")
    (folder / "prices.yaml").symlink_to(elsewhere)
    with pytest.raises(NotWritten, match="leads out of"):
        write(folder, {"prices.yaml": b"ours\n"}, revision_of(on_disk(folder)))
    assert elsewhere.read_bytes() == b"theirs\n"


def test_a_folder_that_is_read_only_is_said_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests may run as root, whom no mode keeps from writing.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != folder)
    assert why_not_writable(folder, "tiers.yaml") == f"the folder {folder} is read-only for this service"
    assert why_not_writable(folder, "replies/frame.en.md") is None
    with pytest.raises(NotWritten, match="is read-only"):
        write(folder, {"tiers.yaml": b"a\n"}, revision_of(on_disk(folder)))


@pytest.mark.parametrize(
    ("text", "instead_of", "bytes_"),
    [
        ("a\r\nb", b"x\n", b"a\nb\n"),
        ("a\nb\n", b"x\r\ny\r\n", b"a\r\nb\r\n"),
        ("a\n", b"\xef\xbb\xbfx\n", b"\xef\xbb\xbfa\n"),
        ("", b"x\n", b""),
    ],
)
def test_a_text_from_a_browser_gets_the_line_ends_of_the_file(text: str, instead_of: bytes, bytes_: bytes) -> None:
    assert typed(text, instead_of) == bytes_

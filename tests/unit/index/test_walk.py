from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.walk import FoundFile, FoundProblem, walk


def paths(root: Path, *exclude: str) -> list[str]:
    return [found.path for found in walk(root, exclude=exclude) if isinstance(found, FoundFile)]


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("text")


def test_articles_are_found_in_a_fixed_order_at_any_depth(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.md", "2025/03/c.TXT", "image.png", "script.py")
    assert paths(tmp_path) == ["2025/03/c.TXT", "a.md", "b.txt"]


def test_hidden_files_and_the_index_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.txt", ".git/a.txt", ".qa/b.txt", "sub/.cache/c.txt", "kept.txt")
    assert paths(tmp_path) == ["kept.txt"]


def test_globs_leave_out_names_and_relative_paths(tmp_path: Path) -> None:
    make(tmp_path, "draft-1.txt", "news/draft-2.txt", "old/a.txt", "news/b.txt")
    assert paths(tmp_path, "draft*") == ["news/b.txt", "old/a.txt"]
    assert paths(tmp_path, "old") == ["draft-1.txt", "news/b.txt", "news/draft-2.txt"]
    assert paths(tmp_path, "news/*") == ["draft-1.txt", "old/a.txt"]


def test_links_are_not_followed_out_of_the_folder_nor_in_circles(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    make(outside, "secret.txt")
    make(root, "a.txt", "sub/b.txt")
    (root / "file-link.txt").symlink_to(outside / "secret.txt")
    (root / "folder-link").symlink_to(outside)
    (root / "sub" / "circle").symlink_to(root)
    (root / "inner-link.txt").symlink_to(root / "a.txt")
    assert paths(root) == ["a.txt", "inner-link.txt", "sub/b.txt"]


def test_a_dangling_link_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert paths(tmp_path) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_folder_is_a_problem_and_the_rest_is_found(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "locked/b.txt")
    (tmp_path / "locked").chmod(0)
    try:
        found = list(walk(tmp_path))
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert paths(tmp_path)[:1] == ["a.txt"]
    problems = [item for item in found if isinstance(item, FoundProblem)]
    assert [(p.path, p.is_folder) for p in problems] == [("locked", True)]
    assert "permissions" in problems[0].reason


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
def test_a_name_that_is_not_utf8_is_kept(tmp_path: Path) -> None:
    name = b"caf\xe9.txt"
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123  # pathlib takes no bytes
        file.write(b"text")
    assert [os.fsencode(path) for path in paths(tmp_path)] == [name]


def test_every_format_is_found_and_what_belongs_to_another_file_is_not(tmp_path: Path) -> None:
    names = ["a.HTML", "b.htm", "c.pdf", "d.docx", "e.eml", "f.jsonl", "g.csv", "h.zip", "i.tsv", "j.ndjson", "k.xhtml"]
    make(tmp_path, *names, "b_files/frame.html", "my_files/l.txt", "~$d.docx", "m.json", "n.doc")
    assert paths(tmp_path) == sorted([*names, "my_files/l.txt"])

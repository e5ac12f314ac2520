"""Where documents went: read back from a file that several processes write to and that may be damaged."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from api.moves import FILE_NAME, FileMoves


def test_each_former_id_leads_to_the_last_one(tmp_path: Path) -> None:
    moves = FileMoves(tmp_path)
    assert moves.now("a.txt") is None
    moves.note([("a.txt", "b.txt"), ("año.md", "actas/año.md")])
    moves.note([("b.txt", "c.txt")])
    assert [moves.now(one) for one in ("a.txt", "b.txt", "c.txt")] == ["c.txt", "c.txt", None]
    # two that change places
    moves.note([("c.txt", "x"), ("actas/año.md", "c.txt"), ("x", "actas/año.md")])
    assert moves.now("a.txt") == "actas/año.md"
    assert moves.now("año.md") == "c.txt"
    assert moves.now("c.txt") is None
    # back to where it began
    moves.note([("actas/año.md", "a.txt")])
    assert moves.now("a.txt") is None
    assert moves.now("b.txt") == "a.txt"


def test_what_another_process_notes_is_known_at_once(tmp_path: Path) -> None:
    one, other = FileMoves(tmp_path), FileMoves(tmp_path)
    one.note([("a.txt", "b.txt")])
    assert other.now("a.txt") == "b.txt"
    other.note([("b.txt", "c.txt")])
    assert one.now("a.txt") == "c.txt"


def test_a_damaged_line_costs_itself(tmp_path: Path) -> None:
    lines = [
        '{"from": "a.txt", "to": "b.txt"}',
        "[" * 100_000,
        '{"from": "c.txt"}',
        '["from", "to"]',
        '{"from": 3, "to": "d.txt"}',
        '{"from": "x.txt", "to": "y.t',
    ]
    (tmp_path / FILE_NAME).write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    moves = FileMoves(tmp_path)
    moves.note([("e.txt", "f.txt")])
    assert (moves.now("a.txt"), moves.now("e.txt")) == ("b.txt", "f.txt")
    assert moves.now("x.txt") is None


def test_the_oldest_are_forgotten_and_the_files_stay_small(tmp_path: Path) -> None:
    moves = FileMoves(tmp_path)
    name = "ñ" * 400
    moves.note((f"{name}{n}", f"{name}{n + 1}") for n in range(1_500))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2 * 2**20
    assert moves.now(f"{name}1000") == f"{name}1500"


def test_a_disk_that_refuses_is_logged_and_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE_NAME).mkdir()
    moves = FileMoves(tmp_path)
    with caplog.at_level(logging.WARNING):
        moves.note([("a.txt", "b.txt")])
    assert moves.now("a.txt") is None
    [line] = [record.getMessage() for record in caplog.records]
    assert "moved" in line
    assert json.dumps(line).count("\\n") == 0

"""The manifest: what is written is read, anything else is refused in one line."""

import json
from dataclasses import replace

import pytest

from corpus.document import DamagedIndexError, IncompatibleIndexError, Skipped, Source
from corpus.split import Splitting
from index.compatibility import FORMAT
from index.encoder import EncoderCard
from index.local.manifest import BuildLayout, Manifest, SegmentFacts

MANIFEST = Manifest(
    format=FORMAT,
    build_id="20261122T120000Z-abc123",
    created_at="2026-11-22T12:00:00+00:00",
    encoder=EncoderCard("fuente-es-en", "0123", 384, 384, "mean", "query: ", ""),
    splitting=Splitting(max_tokens=120),
    n_documents=2,
    n_passages=7,
    languages={"en": 3, "es": 4},
    sources=(Source("cuentos/El año del ñandú.md", "a" * 64, 12, 1_700_000_000_123_456_789),),
    skipped=(Skipped("roto.pdf", "está roto; ¿quizá otro?"),),
    segments=(
        SegmentFacts(
            "20261121T120000Z-def456", 9, ("cuentos/La niña.md",), {"dense.faiss": ("b" * 64, 99)}
        ),
    ),
    probe=((0.5, -0.25), (0.0, 1.0)),
)


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / MANIFEST.build_id
    folder.mkdir()
    MANIFEST.write(folder / "manifest.json")
    return folder / "manifest.json"


def test_what_is_written_is_read(path):
    assert Manifest.read(path) == MANIFEST


def test_names_are_written_as_they_are(path):
    assert "El año del ñandú.md" in path.read_text("utf-8")


@pytest.mark.parametrize("other", [0, FORMAT + 1, "1", None])
def test_another_format_is_refused_with_both_numbers(path, other):
    facts = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**facts, "format": other}), "utf-8")
    with pytest.raises(IncompatibleIndexError) as caught:
        Manifest.read(path)
    message = str(caught.value)
    assert f"has format {other}, this version reads format {FORMAT}" in message
    assert "fuente build" in message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]",
        b"7",
        b"null",
        b'"x"',
        b"{}",
        b"\xff\xfe\x00",
        b'{"format": 6}',
        b"\x00" * 50,
    ],
    ids=repr,
)
def test_a_broken_manifest_is_damage_told_in_one_line(path, content):
    path.write_bytes(content)
    with pytest.raises(DamagedIndexError) as caught:
        Manifest.read(path)
    message = str(caught.value)
    assert "manifest.json" in message
    assert "fuente build" in message
    assert "\n" not in message


def test_a_missing_manifest_is_damage(path):
    path.unlink()
    with pytest.raises(DamagedIndexError, match="FileNotFoundError"):
        Manifest.read(path)


@pytest.mark.parametrize(("field", "meant"), [("packs", ("es", "en")), ("reading", "")])
def test_a_manifest_from_before_a_field_was_kept_means_what_held_then(path, field, meant):
    facts = json.loads(path.read_text("utf-8"))
    del facts[field]
    path.write_text(json.dumps(facts), "utf-8")
    assert getattr(Manifest.read(path), field) == meant


@pytest.mark.parametrize("field", sorted(set(MANIFEST.__dataclass_fields__) - {"packs", "reading"}))
def test_a_manifest_without_one_field_is_damage(path, field):
    facts = json.loads(path.read_text("utf-8"))
    del facts[field]
    path.write_text(json.dumps(facts), "utf-8")
    with pytest.raises(DamagedIndexError, match=field):
        Manifest.read(path)


@pytest.mark.parametrize("field", sorted(set(MANIFEST.__dataclass_fields__) - {"format"}))
def test_a_field_of_another_kind_is_never_a_stack_trace(path, field):
    facts = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**facts, field: [None]}), "utf-8")
    if field in ("build_id", "created_at", "reading"):
        assert Manifest.read(path) == replace(MANIFEST, **{field: "[None]"})
        return
    with pytest.raises(DamagedIndexError, match="lacks or misstates a field"):
        Manifest.read(path)


def test_the_layout_names_every_file_of_a_segment_once_and_the_manifest_beside_it(tmp_path):
    layout = BuildLayout(tmp_path)
    segment = layout.segment("20261121T120000Z-def456")
    names = [p.name for p in segment.files()]
    assert len(names) == len(set(names))
    assert {"documents.sqlite", "dense.faiss", "lexical-rows.npy", "terms-keys.npy"} < set(names)
    assert {p.parent for p in segment.files()} == {tmp_path / "20261121T120000Z-def456"}
    assert layout.manifest.parent == tmp_path

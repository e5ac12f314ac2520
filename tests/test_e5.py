"""The image that training starts from: what is read, how text is cut, which pieces stay. The tests write a tiny image."""

import numpy as np
import pytest
from conftest import needs_models
from tiny_image import HIDDEN, LAYERS, WIDE, image_bytes, weights

from corpus.document import EncoderError
from index.training.e5 import (
    IMAGE_FILE,
    SPECIAL_PIECES,
    choose_pieces,
    cut,
    find_image,
    letters_without_piece,
    make_model,
    make_tokenizer,
    pieces_of,
    read_image,
)

WORDS = ["▁la", "▁niña", "▁the", "▁girl", "▁query", "▁passage", "▁дом", "家", "▁cru", "zó", "ções"]
SIGNS = [*"▁abdeghilnñoóqrstuzTE:¿?.;3π½я😀", "▁a", "▁¿", "▁z"]
PIECES = [*SPECIAL_PIECES, *WORDS, *SIGNS]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("image") / IMAGE_FILE
    path.write_bytes(image_bytes(PIECES))
    return path


@pytest.fixture(scope="module")
def image(path):
    return read_image(path)


def tokens(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).tokens


def test_an_image_gives_its_pieces_and_shape(image):
    assert image.pieces == PIECES
    np.testing.assert_allclose(image.scores, np.linspace(-1, -9, len(PIECES)), rtol=1e-6)
    assert (image.shape["hidden_size"], image.shape["num_hidden_layers"]) == (HIDDEN, LAYERS)
    assert (image.shape["intermediate_size"], image.shape["pad_token_id"]) == (WIDE, 1)


def test_a_block_of_16_bytes_is_32_values(image):
    whole, scales, shape = weights(len(PIECES))["l1.fo.w"]
    expected = (whole * scales.astype(np.float32)).reshape(shape)
    found = image.tensors["encoder.layer.1.output.dense.weight"]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    bias = image.tensors["encoder.layer.0.attention.self.key.bias"]
    np.testing.assert_array_equal(bias, weights(len(PIECES))["l0.k.b"])


@needs_models
def test_the_weights_run_in_torch(image):
    import torch

    pieces, _, tensors = cut(image, range(len(PIECES)))
    model = make_model(image.shape, tensors)
    assert model.config.vocab_size == len(pieces)
    with torch.no_grad():
        hidden = model(input_ids=torch.tensor([[0, 4, 5, 2]])).last_hidden_state
    assert hidden.shape == (1, 4, HIDDEN)
    assert torch.isfinite(hidden).all()
    with pytest.raises(EncoderError, match="expected the weights of one"):
        make_model(image.shape, {**tensors, "more": tensors["embeddings.LayerNorm.bias"]})


@pytest.mark.parametrize("damage", ["another", "short", "empty", "cut in the table"])
def test_what_is_no_image_is_told_in_one_line(tmp_path, damage):
    raw = image_bytes(PIECES)
    wrong = {"another": b"PK" + raw[2:], "short": raw[:-9], "empty": b"", "cut in the table": raw[:400]}  # fmt: skip
    (tmp_path / IMAGE_FILE).write_bytes(wrong[damage])
    with pytest.raises(EncoderError, match=r"expected the image e5-small-q4\.bin") as caught:
        read_image(tmp_path / IMAGE_FILE)
    assert "\n" not in str(caught.value)


def test_an_image_is_a_file_or_an_installed_package(path, monkeypatch):
    assert find_image(str(path)) == path
    package = path.parent / "con_imagen"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / IMAGE_FILE).write_bytes(b"")
    monkeypatch.syspath_prepend(path.parent)
    assert find_image("con_imagen") == package / IMAGE_FILE
    for name in ("no_such_package", "json", "no/such/file"):
        with pytest.raises(EncoderError, match=rf"'{name}'.*pip install 'fuente\[train\]'"):
            find_image(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la niña", ["▁la", "▁niña"]),
        ("  la \n\t niña ", ["▁la", "▁niña"]),
        ("la\u200bniña\x07", ["▁la", "▁niña"]),
        ("nin\u0303a", ["▁niña"]),
        ("¿la", ["▁¿", "l", "a"]),
        ("cruzó", ["▁cru", "zó"]),
        ("3º", ["▁", "3", "o"]),
        ("", []),
    ],
)
def test_text_is_cut_into_pieces_that_reach_across_no_space(image, text, expected):
    assert tokens(make_tokenizer(image.pieces, image.scores), text) == expected


def test_special_tokens_stand_around_a_text(image):
    tokenizer = make_tokenizer(image.pieces, image.scores)
    assert tokenizer.encode("la niña").ids == [0, 4, 5, 2]
    assert tokenizer.encode("").ids == [0, 2]
    assert pieces_of(tokenizer) == (PIECES, pytest.approx(image.scores.tolist()))


def test_the_vocabulary_is_what_the_texts_use_and_every_sign(image):
    kept = choose_pieces(image, ["La niña, la niña", "the girl", "la niña дом 家"], least=2)
    assert kept == sorted(set(kept))
    assert kept[:4] == [0, 1, 2, 3]
    pieces = {image.pieces[i] for i in kept}
    # seen twice; the prefixes; single letters and signs, seen or not
    assert {"▁niña", "▁query", "▁passage", "▁", "ñ", "ó", "π", "¿", "3"} <= pieces
    # seen once or never; other scripts
    assert not {"▁girl", "▁cru", "ções", "▁дом", "家", "я", "▁z"} & pieces


def test_a_letter_without_a_piece_is_read_as_the_letter_without_its_marks(image):
    found = letters_without_piece(PIECES)
    assert found["ṭ"] == "t"
    assert found["Ṭ"] == "T"
    assert found["đ"] == "d"
    assert "ó" not in found  # it has a piece
    assert "ŋ" not in found  # no letter with marks
    assert "ł" in found
    pieces, scores, tensors = cut(image, range(len(PIECES)))
    assert len(pieces) == len(scores) == len(PIECES) + len(found)
    rows = tensors["embeddings.word_embeddings.weight"]
    assert len(rows) == len(pieces)
    np.testing.assert_array_equal(rows[pieces.index("ṭ")], rows[pieces.index("t")])
    tokenizer = make_tokenizer(pieces, scores)
    assert tokens(tokenizer, "ṭađ") == ["▁", "ṭ", "a", "đ"]
    assert SPECIAL_PIECES.index("<unk>") not in tokenizer.encode("Ṭađ").ids


def test_the_rows_that_stay_are_those_of_their_pieces(image):
    kept = [0, 1, 2, 3, PIECES.index("▁niña"), PIECES.index("t"), PIECES.index("π")]
    pieces, scores, tensors = cut(image, kept)
    assert pieces[:7] == [*SPECIAL_PIECES, "▁niña", "t", "π"]
    whole = image.tensors["embeddings.word_embeddings.weight"]
    np.testing.assert_array_equal(tensors["embeddings.word_embeddings.weight"][:7], whole[kept])
    assert scores[4] == pytest.approx(float(image.scores[PIECES.index("▁niña")]))
    assert min(scores) == scores[-1]

"""A cross-encoder reads a question with each passage, and what is none is refused."""

import json

import numpy as np
import pytest
from conftest import ROOT, needs_models

from corpus.document import EncoderError
from index.models.pairs import CrossEncoderReranker
from qa.rerank import load_reranker

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "niña",
    "río",
    "girl",
    "river",
    "dog",
    "a",
    "b",
]


def write_cross_encoder(folder, labels=1, architecture="BertForSequenceClassification"):
    """A random BERT of 2 layers and 32 dimensions that reads a pair and gives ``labels`` scores."""
    import torch
    import transformers

    torch.manual_seed(7)
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=1.0,
    )
    getattr(transformers, architecture)(config).save_pretrained(folder)
    tokenizer = transformers.BertTokenizer(str(folder / "vocab.txt"), strip_accents=False)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory):
    return write_cross_encoder(tmp_path_factory.mktemp("cross") / "tiny")


@needs_models
def test_a_cross_encoder_gives_a_score_for_each_pair_in_order(cross_encoder):
    reranker = load_reranker(str(cross_encoder))
    assert reranker.name == str(cross_encoder)
    passages = ["niña río", "river dog", "girl a b", "río niña " * 200]
    for question in ("¿niña?", "girl river?"):
        scores = reranker.scores(question, passages)
        assert scores.shape == (4,)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert len(set(scores.tolist())) == 4
        one_by_one = [reranker.scores(question, [p])[0] for p in passages]
        assert one_by_one == pytest.approx(scores.tolist(), abs=1e-5)
    assert reranker.scores("¿niña?", []).shape == (0,)
    assert reranker.scores("¿niña?", passages)[0] != reranker.scores("¿río?", passages)[0]


def test_without_a_name_there_is_no_reranker():
    assert load_reranker("") is None


@needs_models
@pytest.mark.parametrize("name", ["no-such-model-anywhere", "/dev/null", "~nadie/x", "x" * 5000])
def test_a_reranker_that_is_not_there_is_told_in_one_line(name):
    with pytest.raises(EncoderError, match="expected the folder of a") as caught:
        CrossEncoderReranker(name)
    assert "\n" not in str(caught.value)


@needs_models
def test_a_model_that_gives_several_scores_a_pair_is_refused(tmp_path):
    folder = write_cross_encoder(tmp_path / "three", labels=3)
    with pytest.raises(EncoderError, match="gives 3 scores a pair; expected 1"):
        CrossEncoderReranker(str(folder))


@needs_models
def test_a_model_without_a_trained_head_is_refused(tmp_path):
    """Its scores would be those of a head made up at random."""
    folder = write_cross_encoder(tmp_path / "bare", architecture="BertModel")
    assert json.loads((folder / "config.json").read_text("utf-8"))["architectures"] == ["BertModel"]
    for name in (folder, ROOT / "index" / "encoders" / "fuente-es-en"):
        with pytest.raises(EncoderError, match="not trained to score pairs"):
            CrossEncoderReranker(str(name))

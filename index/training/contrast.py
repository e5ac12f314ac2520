"""The second stage of training: questions against passages that are nearly right.

Distillation makes the student a bilingual copy of its teacher. What lifts it above the teacher is here: each question
should find its passage among the paragraphs around it in the same document, in four directions, by two scores at once
– the cosine of the sentence vectors, and late interaction of the token vectors (MaxSim; Khattab & Zaharia 2020,
arXiv:2004.12832). Late interaction is the better judge, so the sentence vector also learns its distribution. The
sentence vector is a mean with one learnt weight per piece: function words say little about what a passage is about.

The questions are made by rule and know less of the world than the teacher did. So the stage is short, and its result is
merged with what it began from: a point on the line between the two is better than either (Wortsman et al. 2022,
arXiv:2109.01903).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.training.text import (
    Corpora,
    asked_of_neighbours,
    asked_with_passages,
    question_about,
    sample_pairs,
    sentences_of,
    typed_plainly,
)

# Special pieces stand first in the vocabulary and take no part in either score.
N_SPECIAL = 5

# Pieces with a lower idf are function words and marks: the index keeps no token vector of them.
_LEAST_IDF = 0.35

# How often each kind of batch is drawn.
_KINDS = ("neighbours",) * 7 + ("questions",) * 2 + ("translations",) * 2


@dataclass(frozen=True, slots=True)
class ContrastOptions:
    """What the stage is made of; every default is what made the released encoder."""

    minutes: float = 240.0
    max_steps: int = 240
    batch: int = 32
    batch_sentences: int = 64
    learning_rate: float = 3e-5
    learning_rate_rows: float = 3e-4
    learning_rate_projection: float = 1e-3
    learning_rate_weights: float = 5e-3
    temperature: float = 0.05
    temperature_late: float = 0.03
    weight_late: float = 0.5
    merge: float = 0.7
    max_tokens_question: int = 48
    max_tokens_passage: int = 176


@dataclass(frozen=True, slots=True)
class Contrasted:
    """``pooling_weights`` float32[n_pieces], 0 for the special ones; ``projection`` float32[hidden, late_dim];
    ``figures``: steps, minutes, and the history of the accuracies on held-out text."""

    pooling_weights: npt.NDArray[np.float32]
    projection: npt.NDArray[np.float32]
    figures: dict[str, Any]


class _Model:
    """The student with its pooling weights and its projection, as they are trained together."""

    def __init__(
        self, student: Any, projection: npt.NDArray[np.floating], idf: npt.NDArray[np.floating]
    ):
        import torch

        self.bert, self.tokenizer = student.model, student.tokenizer
        self.device = next(self.bert.parameters()).device

        def on_device(values: npt.NDArray[np.floating]) -> Any:
            return torch.tensor(np.asarray(values, dtype=np.float32), device=self.device)

        self.idf = on_device(idf)
        self.projection = torch.nn.Parameter(on_device(projection))
        # the square root of the idf is the best fixed weight, so the learnt ones start there
        self.log_weights = torch.nn.Parameter(
            on_device(0.5 * np.log(np.maximum(np.asarray(idf, dtype=np.float32), 0.02)))
        )

    def encode(self, texts: Sequence[str], max_tokens: int) -> tuple[Any, Any, Any, Any]:
        """Unit vectors [n, hidden], unit token vectors [n, length, late_dim], ids [n, length], and 1 where a piece
        counts [n, length]."""
        import torch
        from torch.nn import functional

        self.tokenizer.enable_truncation(max_tokens)
        self.tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
        encodings = self.tokenizer.encode_batch(list(texts))
        ids = torch.tensor([e.ids for e in encodings], device=self.device)
        mask = torch.tensor([e.attention_mask for e in encodings], device=self.device)
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        counts = (mask * (ids >= N_SPECIAL)).float()
        weights = torch.exp(self.log_weights)[ids] * counts
        vectors = functional.normalize((hidden * weights.unsqueeze(-1)).sum(1), dim=-1)
        return vectors, functional.normalize(hidden @ self.projection, dim=-1), ids, counts

    def late(
        self, questions: tuple[Any, Any, Any, Any], passages: tuple[Any, Any, Any, Any]
    ) -> Any:
        """Late interaction of every question with every passage, [n_questions, n_passages], in -1..1."""
        _, asked, asked_ids, asked_counts = questions
        _, told, told_ids, told_counts = passages
        kept = (told_counts * (self.idf[told_ids] >= _LEAST_IDF)).bool()
        n, length, dim = asked.shape
        m, width, _ = told.shape
        cosines = (asked.reshape(n * length, dim) @ told.reshape(m * width, dim).T).reshape(
            n, length, m, width
        )
        best = cosines.masked_fill(~kept[None, None], -1.0).max(-1).values
        weights = self.idf[asked_ids] * asked_counts
        return (best * weights[:, :, None]).sum(1) / weights.sum(1, keepdim=True).clamp_min(1e-6)

    def state(self) -> dict[str, Any]:
        return {
            "model": self.bert.state_dict(),
            "projection": self.projection.data,
            "log_weights": self.log_weights.data,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.bert.load_state_dict(state["model"])
        self.projection.data = state["projection"]
        self.log_weights.data = state["log_weights"]

    def merge(self, before: dict[str, Any], share: float) -> None:
        """Go only ``share`` of the way from the state ``before`` to this one."""
        import torch

        with torch.no_grad():
            for name, now in _flat(self.state()).items():
                if now.is_floating_point():
                    now.copy_(torch.lerp(before[name].to(now), now, share))

    def pooling_weights(self) -> npt.NDArray[np.float32]:
        weights: npt.NDArray[np.float32] = np.exp(self.log_weights.detach().cpu().numpy())
        weights[:N_SPECIAL] = 0.0
        return weights


def _flat(state: dict[str, Any]) -> dict[str, Any]:
    return {
        **state["model"],
        "projection": state["projection"],
        "log_weights": state["log_weights"],
    }


def cross_entropy(scores: Any, back: float) -> Any:
    """Row i belongs to column i; ``back`` weighs the other way round."""
    import torch
    from torch.nn import functional

    own = torch.arange(len(scores), device=scores.device)
    loss = functional.cross_entropy(scores, own)
    return loss + back * functional.cross_entropy(scores.T, own)


def _translation_loss(
    model: _Model, corpora: Corpora, options: ContrastOptions, rng: random.Random
) -> Any:
    """A text's translation is the nearest of the batch, so that both languages stay in one space."""
    if rng.random() < 0.6:
        pairs = sample_pairs(corpora.sentences, options.batch_sentences, rng)
        pairs += rng.sample(corpora.terms, min(len(corpora.terms), options.batch_sentences // 8))
        limit = 64
    else:
        pairs = sample_pairs(corpora.paragraphs, options.batch, rng)
        limit = options.max_tokens_passage
    spanish = [typed_plainly(s, rng) if rng.random() < 0.12 else s for _, s in pairs]
    told, asked = model.encode([e for e, _ in pairs], limit), model.encode(spanish, limit)
    loss = cross_entropy(asked[0] @ told[0].T / options.temperature, 1.0)
    for one, other in ((asked, told), (told, asked)):
        late = model.late(one, other) / options.temperature_late
        loss = loss + options.weight_late * cross_entropy(late, 0.0)
    return 0.5 * loss


def _question_loss(
    model: _Model, asked: list[str], told: list[str], options: ContrastOptions
) -> Any:
    from torch.nn import functional

    questions = model.encode(asked, options.max_tokens_question)
    passages = model.encode(told, options.max_tokens_passage)
    dense = questions[0] @ passages[0].T / options.temperature
    late = model.late(questions, passages) / options.temperature_late
    learnt = functional.kl_div(
        functional.log_softmax(dense, -1),
        functional.softmax(late.detach(), -1),
        reduction="batchmean",
    )
    return cross_entropy(dense, 0.3) + options.weight_late * cross_entropy(late, 0.3) + 0.5 * learnt


def _held_out_accuracy(
    model: _Model, pairs: Sequence[tuple[str, str]], options: ContrastOptions
) -> dict[str, float]:
    """Share of questions made from held-out paragraphs whose own paragraph is first, per direction (``es-en``: Spanish
    asks), by the sentence vectors (``dense``) and by the token vectors (``late``)."""
    import torch

    found = {}
    model.bert.eval()
    with torch.no_grad():
        passages = []
        for side in (0, 1):
            texts = [p[side] for p in pairs]
            passages.append(
                [
                    model.encode(texts[i : i + 16], options.max_tokens_passage)
                    for i in range(0, len(texts), 16)
                ]
            )
        for ask, name in enumerate(("en", "es")):
            rng = random.Random(ask)
            asked = [
                question_about(rng.choice(sentences_of(p[ask]) or [p[ask]]), name, rng)
                for p in pairs
            ]
            right = {(kind, tell): 0 for kind in ("dense", "late") for tell in (0, 1)}
            for i in range(0, len(asked), 32):
                questions = model.encode(asked[i : i + 32], options.max_tokens_question)
                own = torch.arange(i, i + len(questions[0]))
                for tell in (0, 1):
                    dense = torch.cat([questions[0] @ p[0].T for p in passages[tell]], 1)
                    late = torch.cat([model.late(questions, p) for p in passages[tell]], 1)
                    right["dense", tell] += int((dense.argmax(1).cpu() == own).sum())
                    right["late", tell] += int((late.argmax(1).cpu() == own).sum())
            for (kind, tell), n in right.items():
                found[f"{kind} {name}-{('en', 'es')[tell]}"] = round(n / max(1, len(asked)), 4)
    model.bert.train()
    return found


def contrast(
    student: Any,
    corpora: Corpora,
    late: dict[str, npt.NDArray[Any]],
    options: ContrastOptions,
    *,
    work: Path,
    seed: int,
    log: Callable[[str], None] = print,
) -> Contrasted:
    """Train ``student`` (its ``model`` and ``tokenizer``) in place, for ``max_steps`` or ``minutes``, and merge.

    ``late`` holds the projection and the idf to start from. A checkpoint is written to ``work`` every ten minutes, and a
    run started again continues from it.
    """
    import torch

    rng = random.Random(seed)
    model = _Model(student, late["projection"], late["idf"])
    rows = model.bert.get_input_embeddings().weight
    layers = [p for p in model.bert.parameters() if p is not rows]
    optimiser = torch.optim.AdamW(
        [
            {"params": [rows], "lr": options.learning_rate_rows},
            {"params": layers, "lr": options.learning_rate},
            {"params": [model.projection], "lr": options.learning_rate_projection},
            {"params": [model.log_weights], "lr": options.learning_rate_weights},
        ],
        weight_decay=0.0,
        betas=(0.9, 0.98),
    )
    before = {k: v.clone() for k, v in _flat(model.state()).items()}
    peaks = [group["lr"] for group in optimiser.param_groups]
    checkpoint = work / "contrast.pt"
    step, spent_s, history = 0, 0.0, []
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=model.device, weights_only=False)
        model.restore(saved)
        optimiser.load_state_dict(saved["optimiser"])
        step, spent_s, history = saved["step"], saved["spent_s"], saved["history"]
        rng.seed(seed + step)
        log(f"contrast: resumed at step {step}, {spent_s / 60:.1f} minutes in")
    held_out = random.Random(seed).sample(corpora.held_out, min(300, len(corpora.held_out)))
    budget_s, running = options.minutes * 60, 0.0
    began = last_save = time.monotonic()
    base_s = spent_s
    while spent_s < budget_s and step < options.max_steps:
        progress = max(spent_s / budget_s, step / options.max_steps)
        warm = min(1.0, (step + 1) / 40)
        for group, peak in zip(optimiser.param_groups, peaks, strict=True):
            group["lr"] = peak * warm * max(0.02, 1.0 - progress)
        kind = rng.choice(_KINDS)
        if kind == "translations":
            loss = _translation_loss(model, corpora, options, rng)
        elif kind == "questions":
            loss = _question_loss(model, *asked_with_passages(corpora, options.batch, rng), options)
        else:
            loss = _question_loss(model, *asked_of_neighbours(corpora, options.batch, rng), options)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layers, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        running = 0.97 * running + 0.03 * float(loss.detach())
        spent_s = base_s + time.monotonic() - began
        if step % 20 == 0:
            left_min = (budget_s - spent_s) / 60
            log(f"contrast: step {step}  loss {running:.3f}  {left_min:.1f} min left")
        if time.monotonic() - last_save > 600 or spent_s >= budget_s or step == options.max_steps:
            figures = _held_out_accuracy(model, held_out, options)
            history.append({"step": step, "minutes": round(spent_s / 60, 1), **figures})
            log(f"contrast: held out: {history[-1]}")
            partial = checkpoint.with_suffix(".partial")
            torch.save(
                {
                    **model.state(),
                    "optimiser": optimiser.state_dict(),
                    "step": step,
                    "spent_s": spent_s,
                    "history": history,
                },
                partial,
            )
            partial.replace(checkpoint)
            last_save = time.monotonic()
    model.merge(before, options.merge)
    log(f"contrast: merged, held out: {_held_out_accuracy(model, held_out, options)}")
    return Contrasted(
        model.pooling_weights(),
        model.projection.detach().cpu().numpy(),
        {"steps": step, "minutes": round(spent_s / 60, 1), "history": history},
    )

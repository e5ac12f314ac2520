"""The stage that teaches: a question should find its passage, in four directions, by the sentence vectors and by late
interaction at once.

Every question comes with a passage that is nearly right: one of those that the start model ranks highest for it. What the
start model ranks above the right one is more often an unmarked answer than a wrong one, so it takes no part. The start model
has read a thousand million pairs and the questions here are some ten thousand, so its similarities within a batch are a second
target, and the result is merged with it: a point on the line between the two is better than either (Wortsman et al. 2022,
arXiv:2109.01903). Translations of sentences should find each other, so that both languages stay in one space. Then the layers
rest, and the heads of the token vectors and of the sentence vectors are fitted to what came of the merge; where questions come
with what a search found in vain (``qa/evaluation/taught.py``), those passages stand beside them.
"""

from __future__ import annotations

import contextlib
import copy
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.training.e5 import PAD, PASSAGE_PREFIX, QUERY_PREFIX
from index.training.late import TokenHead
from index.training.sentence import SentenceHead
from index.training.text import Asked, Corpora, sample_pairs, typed_plainly

# A batch of texts to encode without gradients.
_ENCODED_AT_ONCE = 64

# How many texts show where sentence vectors are, and how much of their mean is taken from every one. XQuAD is ranked as without
# it, while all of the mean costs .001 to .005; and the cosine of a question with its passage is .5 where it was .8, with another
# passage .2 where it was .6.
_CENTRE_TEXTS = 2000
_CENTRE_SHARE = 0.6

_SAVE_EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class ContrastOptions:
    """What the stage is made of; the defaults are those of the encoder that ships, but for the batch, which was 256."""

    minutes: float = 240.0
    head_minutes: float = 20.0
    max_steps: int = 20_000
    batch: int = 32
    batch_sentences: int = 32
    nearly_right: int = 24
    learning_rate: float = 3e-5
    learning_rate_head: float = 1e-3
    learning_rate_weights: float = 1e-2
    temperature: float = 0.02
    temperature_late: float = 0.03
    temperature_start: float = 0.03
    weight_late: float = 1.0
    weight_start: float = 0.25
    weight_sentences: float = 0.3
    weight_turn: float = 10.0
    margin: float = 0.02
    merges: tuple[float, ...] = (0.4, 0.6, 0.8, 1.0)
    max_tokens_question: int = 64
    max_tokens_passage: int = 208


@dataclass(slots=True, eq=False)
class States:
    """Last hidden states of some texts [n, length, hidden], their ids [n, length], which places hold a token [n, length],
    and which hold one of the text itself: no special token and no prefix."""

    hidden: Any
    ids: Any
    there: Any
    inner: Any

    def means(self) -> Any:
        """Unit sentence vectors [n, hidden]."""
        from torch.nn import functional

        return functional.normalize((self.hidden.float() * self.there.unsqueeze(-1)).sum(1), dim=-1)

    def tokens(self) -> tuple[Any, Any, Any]:
        """What late interaction takes."""
        return self.hidden, self.ids, self.inner


class Learner:
    """An encoder as it is trained: a transformers ``BertModel`` and the tokenizer of its pieces."""

    def __init__(self, model: Any, tokenizer: Any):
        self.model = model
        self.tokenizer = tokenizer
        self.device = next(model.parameters()).device

    def states(self, texts: Sequence[str], prefix: str, max_tokens: int) -> States:
        """Hidden states with gradients, of the texts cut at so many tokens."""
        import torch

        self.tokenizer.enable_truncation(max_tokens)
        self.tokenizer.enable_padding(pad_id=PAD, pad_token="<pad>")
        encodings = self.tokenizer.encode_batch([prefix + text for text in texts])
        ids = torch.tensor([e.ids for e in encodings], device=self.device)
        there = torch.tensor([e.attention_mask for e in encodings], device=self.device)
        inner = torch.tensor(
            [[end > len(prefix) for _, end in e.offsets] for e in encodings], device=self.device
        )
        with self._precision():
            hidden = self.model(input_ids=ids, attention_mask=there).last_hidden_state
        return States(hidden, ids, there, inner)

    def _precision(self) -> Any:
        import torch

        if self.device.type == "cuda":
            return torch.autocast("cuda", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    def vectors(self, texts: Sequence[str], prefix: str, max_tokens: int) -> Any:
        """Unit sentence vectors [n, hidden] without gradients."""
        import torch

        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = torch.zeros(len(texts), int(self.model.config.hidden_size), device=self.device)
        with torch.no_grad():
            for at in range(0, len(order), _ENCODED_AT_ONCE):
                some = order[at : at + _ENCODED_AT_ONCE]
                states = self.states([texts[i] for i in some], prefix, max_tokens)
                found[torch.tensor(some, device=self.device)] = states.means()
        return found


def cross_entropy(scores: Any, back: float) -> Any:
    """Row i belongs to column i; ``back`` weighs the other way round, among as many columns as there are rows."""
    import torch
    from torch.nn import functional

    own = torch.arange(len(scores), device=scores.device)
    loss = functional.cross_entropy(scores, own)
    return loss + back * functional.cross_entropy(scores[:, : len(scores)].T, own) if back else loss


class _Questions:
    """The questions that are drawn, and for each the passages that are nearly right."""

    def __init__(self, asked: Sequence[Asked], nearly_right: npt.NDArray[np.int64]):
        self._asked = asked
        self._passages = list(dict.fromkeys((one.heading, one.body) for one in asked))
        self._nearly_right = nearly_right
        self._weights = np.cumsum([one.weight for one in asked])

    def draw(self, size: int, rng: random.Random) -> tuple[list[str], list[Asked]]:
        """Questions, and their passages followed by one that is nearly right for each, of those that the service found where
        that is known; no two questions have one body."""
        chosen: dict[str, int] = {}
        for _ in range(4 * size):
            at = rng.random() * float(self._weights[-1])
            i = int(np.searchsorted(self._weights, at, side="right"))
            chosen.setdefault(self._asked[i].body, i)
            if len(chosen) == size:
                break
        rows = list(chosen.values())
        questions = [
            typed_plainly(q, rng) if rng.random() < 0.12 else q
            for q in (self._asked[i].question for i in rows)
        ]
        wrong = [
            rng.choice(self._asked[i].found)
            if self._asked[i].found
            else self._passages[rng.choice(self._nearly_right[i].tolist())]
            for i in rows
        ]
        passages = [self._asked[i] for i in rows] + [Asked("", h, b) for h, b in wrong]
        return questions, passages


def mine(
    learner: Learner, asked: Sequence[Asked], options: ContrastOptions
) -> npt.NDArray[np.int64]:
    """For each question the passages that are nearly right, int64[n, nearly_right], counted in the order in which they first
    occur: those with the highest similarity that is not above that of the right one, and of another body."""
    import torch

    passages = list(dict.fromkeys((one.heading, one.body) for one in asked))
    place = {passage: i for i, passage in enumerate(passages)}
    bodies = {body: i for i, body in enumerate(dict.fromkeys(body for _, body in passages))}
    body = torch.tensor([bodies[b] for _, b in passages], device=learner.device)
    told = learner.vectors(
        [Asked("", h, b).passage for h, b in passages], PASSAGE_PREFIX, options.max_tokens_passage
    )
    n = min(options.nearly_right, max(1, len(passages) - 1))
    found = np.zeros((len(asked), n), dtype=np.int64)
    for at in range(0, len(asked), 1024):
        some = asked[at : at + 1024]
        questions = learner.vectors(
            [one.question for one in some], QUERY_PREFIX, options.max_tokens_question
        )
        right = torch.tensor([place[one.heading, one.body] for one in some], device=learner.device)
        scores = questions @ told.T
        own = scores.gather(1, right[:, None])
        no = (body[None] == body[right][:, None]) | (scores > own + 0.25 * options.margin)
        found[at : at + len(some)] = scores.masked_fill(no, -2.0).topk(n, 1).indices.cpu().numpy()
    return found


def _question_losses(
    learner: Learner,
    start: Learner,
    head: TokenHead,
    drawn: tuple[list[str], list[Asked]],
    options: ContrastOptions,
    sentences: SentenceHead,
    layers_rest: bool,
) -> Any:
    """The loss of some questions; where the layers rest, that of the two heads."""
    import torch
    from torch.nn import functional

    questions, passages = drawn
    texts = [one.passage for one in passages]
    limits = options.max_tokens_question, options.max_tokens_passage
    with torch.set_grad_enabled(not layers_rest):
        asked = learner.states(questions, QUERY_PREFIX, limits[0])
        told = learner.states(texts, PASSAGE_PREFIX, limits[1])
    with torch.no_grad():
        before = start.states(questions, QUERY_PREFIX, limits[0]).means()
        before = before @ start.states(texts, PASSAGE_PREFIX, limits[1]).means().T
        own = before.diagonal()[:, None]
        bodies = [one.body for one in passages]
        same = [[a == b for b in bodies] for a in bodies[: len(questions)]]
        unfit = torch.tensor(same, device=before.device) | (before > own + options.margin)
        unfit.fill_diagonal_(False)
        # What somebody has judged not to answer takes part however near it is
        for i, one in enumerate(passages[: len(questions)]):
            if one.found:
                unfit[i, len(questions) + i] = False
    late = head.scores(asked.tokens(), told.tokens()) / options.temperature_late
    loss = options.weight_late * cross_entropy(late.masked_fill(unfit, -1e4), 0.0)
    if layers_rest:
        turned = sentences.vectors(asked.means()) @ sentences.vectors(told.means()).T
        turned = (turned / options.temperature_start).masked_fill(unfit, -1e4)
        return loss + cross_entropy(turned, 0.0) + options.weight_turn * sentences.strayed()
    dense = asked.means() @ told.means().T
    loss = loss + cross_entropy((dense / options.temperature).masked_fill(unfit, -1e4), 0.2)
    kept = functional.kl_div(
        functional.log_softmax(dense / options.temperature_start, 1),
        functional.softmax(before / options.temperature_start, 1),
        reduction="batchmean",
    )
    return loss + options.weight_start * kept


def _sentence_loss(
    learner: Learner, pairs: Sequence[tuple[str, str]], options: ContrastOptions
) -> Any:
    """The translation of a sentence is the nearest of the batch, both ways."""
    sides = [
        learner.states(texts, QUERY_PREFIX, options.max_tokens_question).means()
        for texts in zip(*pairs, strict=True)
    ]
    return cross_entropy(sides[0] @ sides[1].T / options.temperature_late, 1.0)


def held_out_ndcg(
    learner: Learner,
    head: TokenHead,
    sentences: SentenceHead,
    asked: Sequence[Asked],
    options: ContrastOptions,
) -> dict[str, float]:
    """nDCG@10 of held-out questions among their passages, by the sentence vectors (``dense``) and by late interaction
    among the 30 nearest of those (``late``)."""
    import torch

    passages = list(dict.fromkeys(one.passage for one in asked))
    place = {passage: i for i, passage in enumerate(passages)}
    means = learner.vectors(passages, PASSAGE_PREFIX, options.max_tokens_passage)
    sums = {"dense": 0.0, "late": 0.0}
    with torch.no_grad():
        told = sentences.vectors(means)
        for one in asked:
            states = learner.states([one.question], QUERY_PREFIX, options.max_tokens_question)
            dense = (sentences.vectors(states.means()) @ told.T)[0]
            right = place[one.passage]
            sums["dense"] += _gain(int((dense > dense[right]).sum()))
            near = dense.topk(min(30, len(passages))).indices.tolist()
            if right in near:
                among = learner.states(
                    [passages[i] for i in near], PASSAGE_PREFIX, options.max_tokens_passage
                )
                late = head.scores(states.tokens(), among.tokens())[0]
                sums["late"] += _gain(int((late > late[near.index(right)]).sum()))
    return {name: round(total / max(1, len(asked)), 4) for name, total in sums.items()}


def _gain(above: int) -> float:
    return 1 / math.log2(above + 2) if above < 10 else 0.0


@dataclass(slots=True, eq=False)
class _Run:
    """Where the stage stands; what a checkpoint keeps beside the weights."""

    stage: str = "contrast"
    step: int = 0
    spent_s: float = 0.0


class Contrast:
    """The stage: made of a start model, taught by ``train``, which continues where an earlier run stopped."""

    def __init__(
        self,
        learner: Learner,
        head: TokenHead,
        corpora: Corpora,
        options: ContrastOptions,
        *,
        work: Path,
        seed: int,
        log: Callable[[str], None] = print,
    ):
        self.learner = learner
        self.head = head
        nothing = np.zeros(int(learner.model.config.hidden_size), dtype=np.float32)
        self.sentences = SentenceHead(nothing, learner.device)
        self._start = Learner(copy.deepcopy(learner.model).eval(), learner.tokenizer)
        self._corpora = corpora
        self._options = options
        self._seed = seed
        self._log = log
        self._checkpoint = work / "contrast.pt"
        self._mined = work / "nearly-right.npy"
        self._run = _Run()
        held = random.Random(seed).sample(corpora.held_out, min(200, len(corpora.held_out)))
        self._held_out = held

    def train(self) -> dict[str, Any]:
        """Teach, merge, fit the heads; gives steps and the figures on held-out questions."""
        options = self._options
        saved = self._restore()
        figures: dict[str, Any] = dict(saved.get("figures", {}))
        if not figures:
            figures["start"] = self._measure()
            self._log(f"contrast: held out, at the start: {figures['start']}")
        asked = self._corpora.questions
        if self._mined.exists():
            nearly_right = np.load(self._mined)
        else:
            nearly_right = mine(self._start, asked, options)
            np.save(self._mined, nearly_right)
            self._log(f"contrast: nearly right passages found for {len(asked)} questions")
        drawn = _Questions(asked, nearly_right)
        rates = (options.learning_rate, options.learning_rate_head, options.learning_rate_weights)
        if self._run.stage == "contrast":
            self._teach(drawn, rates, options.minutes, saved, figures, layers_rest=False)
            figures["steps"] = self._run.step
            figures["merges"] = self._merge()
            self.sentences = SentenceHead(self._centre(), self.learner.device)
            self._run = _Run("head")
            saved = {}
            self._save(None, figures)
        self._teach(
            drawn, tuple(rate / 2 for rate in rates), options.head_minutes, saved, figures, True
        )
        figures["end"] = self._measure()
        self._log(f"contrast: held out, at the end: {figures['end']}")
        return figures

    def _measure(self) -> dict[str, float]:
        self.learner.model.eval()
        return held_out_ndcg(self.learner, self.head, self.sentences, self._held_out, self._options)

    def _centre(self) -> npt.NDArray[np.float32]:
        """A share of the mean of the sentence vectors of questions and of passages, half of either: float32[hidden]."""
        asked, options = self._corpora.questions, self._options
        some = random.Random(self._seed).sample(asked, min(_CENTRE_TEXTS, len(asked)))
        questions, passages = [one.question for one in some], [one.passage for one in some]
        means = self.learner.vectors(questions, QUERY_PREFIX, options.max_tokens_question).mean(0)
        means += self.learner.vectors(passages, PASSAGE_PREFIX, options.max_tokens_passage).mean(0)
        found: npt.NDArray[np.float32] = (_CENTRE_SHARE * means / 2).cpu().numpy()
        return found

    def _teach(
        self,
        drawn: _Questions,
        rates: Sequence[float],
        minutes: float,
        saved: dict[str, Any],
        figures: dict[str, Any],
        layers_rest: bool,
    ) -> None:
        import torch

        options, run = self._options, self._run
        layers = list(self.learner.model.parameters())
        weight, bias, raw, stress = self.head.parameters()
        groups: list[dict[str, Any]] = [
            {"params": [] if layers_rest else layers, "lr": rates[0], "weight_decay": 0.01},
            {"params": [weight, bias], "lr": rates[1]},
            {"params": [raw, stress], "lr": rates[2]},
        ]
        if layers_rest:
            groups.append({"params": [self.sentences.turn], "lr": rates[1]})
        groups = [group for group in groups if group["params"]]
        optimiser = torch.optim.AdamW(groups, weight_decay=0.0, betas=(0.9, 0.98))
        peaks = [float(group["lr"]) for group in optimiser.param_groups]
        if saved.get("optimiser"):
            optimiser.load_state_dict(saved["optimiser"])
        rng = random.Random(f"{self._seed} {run.stage} {run.step}")
        self.learner.model.train()
        budget_s, running = minutes * 60, 0.0
        began = last = time.monotonic()
        before_s = run.spent_s
        while run.spent_s < budget_s and run.step < options.max_steps:
            progress = max(run.spent_s / budget_s, run.step / options.max_steps)
            factor = min(1.0, (run.step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * progress))
            for group, peak in zip(optimiser.param_groups, peaks, strict=True):
                group["lr"] = peak * max(factor, 0.02)
            batch = drawn.draw(options.batch, rng)
            loss = _question_losses(
                self.learner, self._start, self.head, batch, options, self.sentences, layers_rest
            )
            if not layers_rest:
                pairs = sample_pairs(self._corpora.sentences, options.batch_sentences, rng)
                sentences = _sentence_loss(self.learner, pairs, options)
                loss = loss + options.weight_sentences * sentences
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            learnt = [p for group in optimiser.param_groups for p in group["params"]]
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            run.step += 1
            running = 0.97 * running + 0.03 * float(loss.detach())
            run.spent_s = before_s + time.monotonic() - began
            if run.step % 50 == 0:
                left = (budget_s - run.spent_s) / 60
                self._log(f"{run.stage}: step {run.step}  loss {running:.3f}  {left:.1f} min left")
            if time.monotonic() - last > _SAVE_EVERY_S:
                self._save(optimiser, figures)
                last = time.monotonic()
        self._save(optimiser, figures)

    def _merge(self) -> dict[str, dict[str, float]]:
        """Go to the best point between the start and what was learnt; gives the figures of all that were tried."""
        import torch

        before = self._start.model.state_dict()
        after = {name: values.clone() for name, values in self.learner.model.state_dict().items()}

        def go(share: float) -> None:
            mixed = {
                name: torch.lerp(before[name], values, share)
                if values.is_floating_point()
                else values
                for name, values in after.items()
            }
            self.learner.model.load_state_dict(mixed)

        found = {}
        for share in self._options.merges:
            go(share)
            found[share] = self._measure()
            self._log(f"contrast: {share} of the way: {found[share]}")
        go(max(found, key=lambda share: sum(found[share].values())))
        return {str(share): figures for share, figures in found.items()}

    def _save(self, optimiser: Any, figures: dict[str, Any]) -> None:
        import torch

        partial = self._checkpoint.with_suffix(".partial")
        torch.save(
            {
                "model": self.learner.model.state_dict(),
                "head": self.head.state(),
                "sentences": self.sentences.state(),
                "optimiser": optimiser.state_dict() if optimiser else None,
                "stage": self._run.stage,
                "step": self._run.step,
                "spent_s": self._run.spent_s,
                "figures": figures,
            },
            partial,
        )
        partial.replace(self._checkpoint)

    def _restore(self) -> dict[str, Any]:
        import torch

        if not self._checkpoint.exists():
            return {}
        saved: dict[str, Any] = torch.load(
            self._checkpoint, map_location=self.learner.device, weights_only=True
        )
        self.learner.model.load_state_dict(saved["model"])
        self.head.restore(saved["head"])
        self.sentences.restore(saved["sentences"])
        self._run = _Run(saved["stage"], saved["step"], saved["spent_s"])
        self._log(f"{self._run.stage}: resumed at step {self._run.step}")
        return saved

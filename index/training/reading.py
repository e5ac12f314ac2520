"""The stage that teaches a reader: question, heading and passage go in together, and out come the words that answer.

A reader begins as some layers of the encoder whose words it shares, or as a reader that there is already, read back from
its graph. It is taught three things at once: every token's chance of being underlined, the first and the last token of the
shortest words that answer, and whether the passage answers at all. The last is what similarity cannot tell, so most of what it
reads are passages that do not answer: those that a search brought up for the question or, where nobody searched, those of the
same documents that hold most of its words, of these the ones that the reader of the start is surest about; near misses written by hand; the passage that answers without the words that do; and questions about a name
or a number that is another than the passage's. The passages of a question compete: the one that answers should have more
of ``answers`` than the others; so do two questions about one passage, of which it answers one. A teacher of all the encoder's layers may be taught first, which then says of each reading what
it would. What is learnt is merged with the start, as in :mod:`index.training.contrast`.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import CorpusError, EncoderError, MissingExtraError
from index.reader import READER_FILE, OnnxReader, Reader, pieces_of_lines
from index.training.altered import cropped, joined, without_answer
from index.training.answered import Answered, Books, Names, Shelf, read_answered
from index.training.export import Floats
from index.training.reader import LAYER_PARTS, export_reader, n_layers, weights_of
from index.training.text import typed_plainly

_SAVE_EVERY_S = 300.0
# Questions drawn before anything is learnt of them; their readings are sorted by length into batches.
_DRAWN_AT_ONCE = 24
# A batch to read without gradients.
_READ_AT_ONCE = 16
# Spans of so many characters say a thing, shorter ones name it.
_LONG = 40
# Readings that show what the graph must hold.
_GRAPH_READINGS = 40


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the stage is made of.

    ``layers`` of the encoder, counted from 0, where there is no reader to begin with; the ``rest`` lowest of a reader that goes on do not learn. ``resembling``
    passages are looked at for each question, of which up to ``most_wrong`` are read. ``changed``, ``plain``, ``bare``: how often a
    name or number of a question is changed, a question is typed plainly, a heading is left out; ``removed``, ``cropped``, ``joined``: how
    often the words that answer are taken out, a passage is cut shorter, another of its document stands beside it, and a question has a twin: one
    of the same passage that it answers where it does not answer the first, or the other way round.

    With ``teacher_minutes`` a teacher of all layers is taught so long, and what it says weighs ``weight_teacher`` of the loss.
    ``bfloat16``: products in half the bits on a processor too, as always on a GPU; where it has instructions for them a step takes
    two fifths of the time. ``lift`` is added to the log odds that a token is marked: most of what is read does not answer, so that of what does too
    little is marked; chosen by what is quoted of real documents.
    """

    minutes: float = 240.0
    max_steps: int = 12_000
    batch: int = 16
    layers: tuple[int, ...] = (0, 1, 3, 4, 6, 8, 10, 11)
    rest: int = 3
    resembling: int = 8
    most_wrong: int = 3
    changed: float = 0.25
    plain: float = 0.1
    bare: float = 0.15
    removed: float = 0.2
    cropped: float = 0.12
    joined: float = 0.15
    twins: float = 0.65
    learning_rate: float = 2e-5
    learning_rate_ends: float = 1e-4
    weight_ends: float = 0.15
    weight_answers: float = 1.0
    weight_ranks: float = 0.5
    weight_twins: float = 0.7
    teacher_minutes: float = 0.0
    learning_rate_teacher: float = 1e-4
    weight_teacher: float = 0.6
    bfloat16: bool = False
    lift: float = 0.9
    merges: tuple[float, ...] = (0.4, 0.6, 1.0)
    measured_every: int = 200
    measured: int = 240
    max_question: int = 64
    max_heading: int = 40
    max_tokens: int = 336


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a passage. ``spans`` and ``units``, code points, are empty where it does not answer; where it does and
    they are empty, what answers is not known. Examples of one ``group``, other than 0, are about one question; two of one
    ``twins``, other than 0, about one passage, which answers one of them."""

    question: str
    heading: str
    passage: str
    answers: bool
    spans: tuple[tuple[int, int], ...] = ()
    units: tuple[tuple[int, int], ...] = ()
    group: int = 0
    twins: int = 0

    @classmethod
    def of(cls, question: str, asked: Answered) -> Example:
        """The question with the passage that it was asked of."""
        return cls(question, asked.heading, asked.passage, asked.answers, asked.spans, asked.units)


# --------------------------------------------------------------------------- the model


class TorchReader:
    """A reader in torch: weights by the names that ``export_reader`` takes, and the word table, which never learns, since
    the reader shares it with its encoder."""

    def __init__(
        self,
        weights: Mapping[str, Floats],
        words: Floats,
        *,
        heads: int,
        epsilon: float,
        device: str = "cpu",
        bfloat16: bool = False,
    ):
        import torch

        self.weights = {
            name: torch.tensor(values, dtype=torch.float32, device=device)
            for name, values in weights.items()
        }
        self.words = torch.tensor(words, dtype=torch.float32, device=device)
        self.device = torch.device(device)
        self.n_layers = n_layers(weights)
        self._heads, self._epsilon, self._bfloat16 = heads, epsilon, bfloat16

    def learning(self, rest: int) -> tuple[list[Any], list[Any]]:
        """The weights of the layers above the ``rest`` lowest ones, with what stands below them where none rests, and those of
        the ends; all of them take gradients now."""
        layers, ends = [], []
        for name, weight in self.weights.items():
            if name.startswith(("bert.", "seg")):
                inside = name.startswith("bert.layers.") and int(name.split(".")[2]) >= rest
                if inside or not rest:
                    layers.append(weight)
            else:
                ends.append(weight)
        for weight in (*layers, *ends):
            weight.requires_grad_(True)
        return layers, ends

    def outputs(self, rows: Sequence[Row]) -> tuple[list[Any], Any]:
        """Three numbers a token, [length, 3] for each row, and one a row, [n].

        The rows stand one after the other, so that no product is spent on padding.
        """
        import torch

        w = self.weights
        lengths = [len(row.ids) for row in rows]
        ids = torch.tensor([piece for row in rows for piece in row.ids], device=self.device)
        parts = torch.tensor([part for row in rows for part in row.parts], device=self.device)
        places = torch.cat([torch.arange(n, device=self.device) for n in lengths])
        firsts = torch.tensor([0, *lengths[:-1]], device=self.device).cumsum(0)
        with self._precision():
            x = self.words[ids] + w["bert.pos.weight"][places] + w["bert.typ"]
            x = self._normed(x + w["seg"][parts], "bert.ln")
            for i in range(self.n_layers):
                x = self._layer(x, f"bert.layers.{i}", lengths)
            pooled = torch.tanh(self._linear(x[firsts], "pool"))
            tokens, answers = self._linear(x, "tokens"), self._linear(pooled, "ans")[:, 0]
        return list(tokens.float().split(lengths)), answers.float()

    def _layer(self, x: Any, name: str, lengths: Sequence[int]) -> Any:
        import torch
        from torch.nn import functional

        hidden = x.shape[1]
        joint = self._linear(x, f"{name}.qkv").view(len(x), 3, self._heads, -1)
        seen = torch.cat([_attended(row) for row in joint.split(list(lengths))])
        x = self._normed(x + self._linear(seen.view(-1, hidden), f"{name}.o"), f"{name}.ln1")
        wide = functional.gelu(self._linear(x, f"{name}.fi"), approximate="tanh")
        return self._normed(x + self._linear(wide, f"{name}.fo"), f"{name}.ln2")

    def _linear(self, x: Any, name: str) -> Any:
        from torch.nn import functional

        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _normed(self, x: Any, name: str) -> Any:
        from torch.nn import functional

        gain, shift = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(x, gain.shape, gain, shift, self._epsilon)

    def _precision(self) -> Any:
        import torch

        if self._bfloat16 or self.device.type == "cuda":
            return torch.autocast(self.device.type, dtype=torch.bfloat16)
        return contextlib.nullcontext()


def _attended(joint: Any) -> Any:
    """What the tokens of one row see of each other: queries, keys and values [length, 3, heads, n] to [length, heads, n].

    On two cores the library's attention took longer backwards than all products of a layer (600 of 1,690 ms a step).
    """
    import torch

    query, key, value = joint.permute(1, 2, 0, 3)
    scores = (query * joint.shape[-1] ** -0.5) @ key.transpose(1, 2)
    return (torch.softmax(scores, -1).to(value.dtype) @ value).transpose(0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A reading in pieces: ``ids`` of question, heading and passage as a reader puts them together, the ``part`` of each;
    ``text`` is where the tokens of the passage stand in it, and ``starts``/``ends`` which code points of the passage they are."""

    ids: list[int]
    parts: list[int]
    text: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]


def row_of(tokenizer: Any, example: Example, options: ReadingOptions) -> Row:
    """An example in pieces, cut as the reader cuts it in service."""
    first, last = tokenizer.encode("").ids
    asked = tokenizer.encode(example.question, add_special_tokens=False).ids[: options.max_question]
    above = tokenizer.encode(example.heading, add_special_tokens=False).ids[: options.max_heading]
    ids, starts, ends = pieces_of_lines(tokenizer, example.passage)
    n = min(len(ids), options.max_tokens - len(asked) - len(above) - 4)
    before = [first, *asked, last, *above, last]
    parts = [0] * (len(asked) + 2) + [1] * (len(above) + 1) + [2] * (n + 1)
    kept = np.flatnonzero(starts[:n] < ends[:n])
    row = [*before, *ids[:n].tolist(), last]
    return Row(row, parts, kept + len(before), starts[kept], ends[kept])


def loss_of(
    model: TorchReader,
    rows: Sequence[Row],
    examples: Sequence[Example],
    options: ReadingOptions,
    teacher: TorchReader | None = None,
) -> Any:
    """The mean loss of a batch: what is underlined, where the shortest words begin and end, whether the passage answers, and whether
    it does more than the others of its question; with a ``teacher``, how far all that is from what it says."""
    import torch

    tokens, answers = model.outputs(rows)
    loss = _loss_by_marks(tokens, answers, rows, examples, options)
    if teacher is None:
        return loss
    with torch.no_grad():
        said = teacher.outputs(rows)
    far = _loss_by_teacher(tokens, answers, said, rows, examples, options)
    return torch.lerp(loss, far, options.weight_teacher)


def _loss_by_marks(
    tokens: Any,
    answers: Any,
    rows: Sequence[Row],
    examples: Sequence[Example],
    options: ReadingOptions,
) -> Any:
    import torch
    from torch.nn import functional

    wanted = torch.tensor([float(one.answers) for one in examples], device=answers.device)
    entropy = functional.binary_cross_entropy_with_logits
    total = options.weight_answers * entropy(answers, wanted, reduction="sum")
    for group in {one.group for one in examples if one.group}:
        among = [i for i, one in enumerate(examples) if one.group == group]
        right = [place for place, i in enumerate(among) if examples[i].answers]
        if right and len(among) > 1:
            chances = functional.log_softmax(answers[among], 0)
            total = total - options.weight_ranks * chances[right].sum()
    twins: dict[int, dict[bool, int]] = {}
    for i, one in enumerate(examples):
        if one.twins:
            twins.setdefault(one.twins, {})[one.answers] = i
    for pair in twins.values():
        less = answers[pair[False]] - answers[pair[True]]
        total = total + options.weight_twins * functional.softplus(less)
    for i, (row, one) in enumerate(zip(rows, examples, strict=True)):
        if not len(row.text) or (one.answers and not one.units):
            continue
        found = tokens[i][torch.from_numpy(row.text).to(answers.device)]
        inside = torch.from_numpy(_inside(row, one.units)).to(found)
        total = total + entropy(found[:, 0], inside)
        for column, places in ((1, _firsts(row, one.spans)), (2, _lasts(row, one.spans))):
            if places:
                chances = functional.log_softmax(found[:, column], 0)[places]
                total = total - options.weight_ends * chances.mean()
    return total / len(rows)


def _loss_by_teacher(
    tokens: Any,
    answers: Any,
    said: tuple[Any, Any],
    rows: Sequence[Row],
    examples: Sequence[Example],
    options: ReadingOptions,
) -> Any:
    """Cross entropies with the chances that the teacher gives (Hinton, Vinyals & Dean 2015, arXiv:1503.02531)."""
    import torch
    from torch.nn import functional

    entropy = functional.binary_cross_entropy_with_logits
    total = options.weight_answers * entropy(answers, torch.sigmoid(said[1]), reduction="sum")
    for i, (row, one) in enumerate(zip(rows, examples, strict=True)):
        if not len(row.text):
            continue
        places = torch.from_numpy(row.text).to(answers.device)
        ours, theirs = tokens[i][places], said[0][i][places]
        total = total + entropy(ours[:, 0], torch.sigmoid(theirs[:, 0]))
        if one.spans:
            chances = torch.softmax(theirs[:, 1:], 0) * torch.log_softmax(ours[:, 1:], 0)
            total = total - options.weight_ends * chances.sum()
    return total / len(rows)


def _inside(row: Row, ranges: Sequence[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Which tokens lie in one of the ranges."""
    found = np.zeros(len(row.starts), dtype=np.bool_)
    for start, end in ranges:
        found |= (row.starts < end) & (row.ends > start)
    return found


def _firsts(row: Row, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Places of the tokens that hold the first letter of a span."""
    found = (np.flatnonzero((row.starts <= a) & (row.ends > a)) for a, _ in spans)
    return [int(places[0]) for places in found if len(places)]


def _lasts(row: Row, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Places of the tokens that hold the last letter of a span."""
    found = (np.flatnonzero((row.starts < b) & (row.ends >= b)) for _, b in spans)
    return [int(places[-1]) for places in found if len(places)]


# --------------------------------------------------------------------------- what it reads


class Readings:
    """Draws questions, each with the passages that a reader is to tell apart."""

    def __init__(self, asked: Sequence[Answered], options: ReadingOptions, judge: Reader | None):
        self._asked = asked
        self._options = options
        self._judge = judge
        self._shelf = Shelf(asked)
        self._names = Names(asked)
        self._weights = np.cumsum([one.weight for one in asked])
        self._of_passage: dict[str, tuple[list[Answered], list[Answered]]] = {}
        for one in asked:
            self._of_passage.setdefault(one.passage, ([], []))[one.answers].append(one)

    def draw(self, rng: random.Random) -> list[list[Example]]:
        """Readings of some questions, those of one question together, with that of its twin."""
        found: list[list[Example]] = []
        for group in range(1, _DRAWN_AT_ONCE + 1):
            at = rng.random() * float(self._weights[-1])
            asked = self._asked[int(np.searchsorted(self._weights, at, "right"))]
            found.append(list(self._of(asked, rng, group)))
        return found

    def _of(self, asked: Answered, rng: random.Random, group: int) -> Iterator[Example]:
        options = self._options
        question = rng.choice(asked.questions)
        other = self._names.changed(question, asked, rng) if asked.answers else None
        other = other if rng.random() < options.changed else None
        if rng.random() < options.plain:
            question = typed_plainly(question, rng)
        bare = rng.random() < options.bare
        wrong = self._wrong(question, asked, rng) if asked.answers or asked.found else []
        rest = without_answer(asked) if rng.random() < options.removed else None
        told = [Example.of(question, self._altered(asked, rng))]
        told += [Example(question, heading, passage, False) for heading, passage in wrong]
        if rest:
            told.append(Example(question, asked.heading, rest, False))
        told = [replace(one, group=group) for one in told]
        if (twin := self._twin(asked, rng)) is not None:
            told[0] = replace(told[0], twins=group)
            told.append(replace(Example.of(rng.choice(twin.questions), twin), twins=group))
        if other:
            told.append(Example(other, asked.heading, asked.passage, False))
        for one in told:
            yield replace(one, heading="") if bare else one

    def _twin(self, asked: Answered, rng: random.Random) -> Answered | None:
        others = self._of_passage[asked.passage][not asked.answers]
        return rng.choice(others) if others and rng.random() < self._options.twins else None

    def _altered(self, asked: Answered, rng: random.Random) -> Answered:
        """The passage as it is, or now and then shorter, or beside another of its document."""
        at = rng.random()
        if at < self._options.cropped:
            return cropped(asked, rng)
        if at < self._options.cropped + self._options.joined:
            near = self._shelf.resembling(asked, 2, beside=True)
            return joined(asked, rng.choice(near)[1], rng) if near else asked
        return asked

    def _wrong(self, question: str, asked: Answered, rng: random.Random) -> list[tuple[str, str]]:
        """Passages that do not answer: of those that were found for the question, else resemble it, the ones that the reader of the
        start is surest about."""
        n = rng.randint(1, self._options.most_wrong)
        among = self._options.resembling
        near = list(asked.found[:among]) or self._shelf.resembling(asked, among)
        if self._judge is None or len(near) <= n:
            return near[:n]
        others = self._judge.read(question, near)
        order = sorted(range(len(near)), key=lambda i: -others[i].answers)
        # What answers in long words may stand there in others; then what it prefers to the right one is left alone.
        long = min((end - start for start, end in asked.spans), default=_LONG) >= _LONG
        if long and not asked.found:
            [right] = self._judge.read(question, [(asked.heading, asked.passage)])
            order = [i for i in order if others[i].answers < right.answers]
        return [near[i] for i in order[:n]]


# --------------------------------------------------------------------------- what it has learnt


def figures_of(
    model: TorchReader, tokenizer: Any, asked: Sequence[Example], options: ReadingOptions
) -> dict[str, float]:
    """How well a reader does on some examples: ``auroc``, how often a passage that answers has more of ``answers`` than one that
    does not, and ``inside``, for what share of the units the likeliest token lies in it."""
    import torch

    rows = [row_of(tokenizer, one, options) for one in asked]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    yes: list[float] = []
    no: list[float] = []
    inside = n = 0
    with torch.no_grad():
        for at in range(0, len(order), _READ_AT_ONCE):
            some = order[at : at + _READ_AT_ONCE]
            tokens, answers = model.outputs([rows[i] for i in some])
            for i, found, said in zip(some, tokens, answers.tolist(), strict=True):
                marked = found[:, 0].cpu().numpy()
                (yes if asked[i].answers else no).append(said)
                if asked[i].units and len(rows[i].text):
                    n += 1
                    likeliest = int(marked[rows[i].text].argmax())
                    inside += bool(_inside(rows[i], asked[i].units)[likeliest])
    return {
        "auroc": round(auroc(yes, no), 4),
        "inside": round(inside / n, 4) if n else math.nan,
        "n": len(asked),
    }


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """How often one of ``yes`` is above one of ``no``, a tie counting half; not a number where there is none of either."""
    if not yes or not no:
        return math.nan
    above = np.subtract.outer(np.array(yes), np.array(no))
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def to_measure(books: Books, n: int, rng: random.Random) -> dict[str, list[Example]]:
    """``n`` examples each of what was written by other hands and of the open sets' documents that are held out."""
    found = {}
    for name, asked in (("written", books.written), ("open", books.open)):
        all_of = [Example.of(q, one) for one in asked for q in one.questions]
        found[name] = rng.sample(all_of, min(n, len(all_of)))
    return {name: examples for name, examples in found.items() if examples}


# --------------------------------------------------------------------------- the stage


class Reading:
    """The stage: made of a start and of questions, taught by ``train``, which continues where an earlier run stopped.

    What a run has drawn depends on the seed and on how often it has drawn, so that one that was stopped where it saved goes on
    as if it had not been.
    """

    def __init__(
        self,
        model: TorchReader,
        tokenizer: Any,
        books: Books,
        options: ReadingOptions,
        *,
        work: Path,
        seed: int,
        judge: Reader | None = None,
        teacher: TorchReader | None = None,
        log: Callable[[str], None] = print,
    ):
        self.model = model
        self._teacher = teacher
        self._tokenizer = tokenizer
        self._options = options
        self._seed = seed
        self._log = log
        self._checkpoint = work / "reading.pt"
        self._start = {name: values.clone() for name, values in model.weights.items()}
        self._readings = Readings(books.taught, options, judge)
        self._held = to_measure(books, options.measured, random.Random(seed))
        self._drawn = self._step = self._read = 0
        self._spent_s = 0.0

    def train(self) -> dict[str, Any]:
        """Teach and merge; gives steps and the figures on held-out questions at the start and of every merge."""
        import torch

        options = self._options
        layers, ends = self.model.learning(options.rest)
        optimiser = torch.optim.AdamW(
            [
                {"params": layers, "lr": options.learning_rate},
                {"params": ends, "lr": options.learning_rate_ends},
            ],
            weight_decay=0.01,
            betas=(0.9, 0.98),
        )
        figures = self._restore(optimiser)
        if not figures:
            figures["start"] = self._measure("at the start")
        self._teach(optimiser, figures)
        figures["steps"] = self._step
        figures["merges"] = self._merge()
        return figures

    def _teach(self, optimiser: Any, figures: dict[str, Any]) -> None:
        import torch

        options = self._options
        peaks = (options.learning_rate, options.learning_rate_ends)
        learnt = [p for group in optimiser.param_groups for p in group["params"]]
        before_s, began = self._spent_s, time.monotonic()
        saved, running = began, math.nan
        while not self._done():
            rng = random.Random(f"{self._seed} {self._drawn}")
            for batch in self._batches(rng):
                for group, peak in zip(optimiser.param_groups, peaks, strict=True):
                    group["lr"] = peak * self._factor()
                rows = [row_of(self._tokenizer, one, options) for one in batch]
                loss = loss_of(self.model, rows, batch, options, self._teacher)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(learnt, 1.0)
                optimiser.step()
                self._step += 1
                self._read += len(batch)
                now = float(loss.detach())
                running = now if math.isnan(running) else 0.97 * running + 0.03 * now
                self._spent_s = before_s + time.monotonic() - began
                if self._step % 50 == 0:
                    left = options.minutes - self._spent_s / 60
                    self._log(
                        f"reading: step {self._step}  loss {running:.3f}  "
                        f"{self._read / self._spent_s:.2f} examples a second  {left:.1f} min left"
                    )
                if self._step % options.measured_every == 0:
                    figures[str(self._step)] = self._measure(f"after {self._step} steps")
            self._drawn += 1
            if time.monotonic() - saved > _SAVE_EVERY_S:
                self._save(optimiser, figures)
                saved = time.monotonic()
        self._save(optimiser, figures)

    def _done(self) -> bool:
        options = self._options
        return self._step >= options.max_steps or self._spent_s >= options.minutes * 60

    def _factor(self) -> float:
        """What the learning rate is now a share of: it rises for sixty steps and falls along a line."""
        options = self._options
        progress = max(self._spent_s / (options.minutes * 60), self._step / options.max_steps)
        return min(1.0, (self._step + 1) / 60) * max(0.02, 1 - progress)

    def _batches(self, rng: random.Random) -> list[list[Example]]:
        """What is drawn now, like lengths together, and what is about one question."""
        drawn = sorted(self._readings.draw(rng), key=lambda group: max(map(_length, group)))
        batches: list[list[Example]] = []
        for group in drawn:
            if not batches or len(batches[-1]) + len(group) > self._options.batch:
                batches.append([])
            batches[-1] += group
        rng.shuffle(batches)
        return batches

    def _measure(self, when: str) -> dict[str, dict[str, float]]:
        found = {
            name: figures_of(self.model, self._tokenizer, asked, self._options)
            for name, asked in self._held.items()
        }
        told = "; ".join(
            f"{name} auroc {f['auroc']:.3f}, inside {f['inside']:.3f}" for name, f in found.items()
        )
        self._log(f"reading: held out, {when}: {told}")
        return found

    def _merge(self) -> dict[str, Any]:
        """Go to the best point between the start and what was learnt; gives the figures of all that were tried."""
        import torch

        after = {name: values.detach().clone() for name, values in self.model.weights.items()}

        def go(share: float) -> None:
            with torch.no_grad():
                for name, values in self.model.weights.items():
                    values.copy_(torch.lerp(self._start[name], after[name], share))

        found: dict[float, Any] = {}
        for share in self._options.merges:
            go(share)
            found[share] = self._measure(f"{share} of the way")
        best = max(found, key=lambda share: _sum(found[share]))
        go(best)
        return {"best": best, **{str(share): figures for share, figures in found.items()}}

    def _save(self, optimiser: Any, figures: dict[str, Any]) -> None:
        import torch

        partial = self._checkpoint.with_suffix(".partial")
        torch.save(
            {
                "start": self._start,
                "weights": {n: v.detach() for n, v in self.model.weights.items()},
                "optimiser": optimiser.state_dict(),
                "drawn": self._drawn,
                "step": self._step,
                "read": self._read,
                "spent_s": self._spent_s,
                "figures": figures,
            },
            partial,
        )
        partial.replace(self._checkpoint)

    def _restore(self, optimiser: Any) -> dict[str, Any]:
        import torch

        if not self._checkpoint.exists():
            return {}
        saved = torch.load(self._checkpoint, map_location=self.model.device, weights_only=True)
        self._start = saved["start"]
        with torch.no_grad():
            for name, values in self.model.weights.items():
                values.copy_(saved["weights"][name])
        optimiser.load_state_dict(saved["optimiser"])
        self._drawn, self._step = saved["drawn"], saved["step"]
        self._read, self._spent_s = saved["read"], saved["spent_s"]
        self._log(f"reading: resumed at step {self._step}")
        figures: dict[str, Any] = saved["figures"]
        return figures


def _length(one: Example) -> int:
    return len(one.question) + len(one.heading) + len(one.passage)


def _sum(figures: Mapping[str, Mapping[str, float]]) -> float:
    return sum(
        float(np.nan_to_num(f[name])) for f in figures.values() for name in ("auroc", "inside")
    )


def first_weights(
    encoder: Mapping[str, Floats], layers: Sequence[int], seed: int
) -> dict[str, Floats]:
    """A reader that has learnt nothing: some layers of an encoder, given as ``BertModel.state_dict()``, and small ends."""
    rng = np.random.default_rng(seed)
    tables = {name: np.asarray(values, dtype=np.float32) for name, values in encoder.items()}
    hidden = tables["embeddings.LayerNorm.weight"].shape[0]
    found: dict[str, Floats] = {
        "bert.pos.weight": tables["embeddings.position_embeddings.weight"],
        "bert.typ": tables["embeddings.token_type_embeddings.weight"][0],
        "bert.ln.weight": tables["embeddings.LayerNorm.weight"],
        "bert.ln.bias": tables["embeddings.LayerNorm.bias"],
        "seg": np.zeros((3, hidden), dtype=np.float32),
    }
    for i, layer in enumerate(layers):
        for end in ("weight", "bias"):
            inside = f"encoder.layer.{layer}.attention.self"
            found[f"bert.layers.{i}.qkv.{end}"] = np.concatenate(
                [tables[f"{inside}.{name}.{end}"] for name in ("query", "key", "value")]
            )
            for short, long in LAYER_PARTS:
                found[f"bert.layers.{i}.{short}.{end}"] = tables[
                    f"encoder.layer.{layer}.{long}.{end}"
                ]
    for name, n in (("tokens", 3), ("pool", hidden), ("ans", 1)):
        found[f"{name}.weight"] = rng.normal(0, 0.02, (n, hidden)).astype(np.float32)
        found[f"{name}.bias"] = np.zeros(n, dtype=np.float32)
    return found


def _teacher_of(
    encoder: Mapping[str, Floats],
    config: Mapping[str, Any],
    options: ReadingOptions,
    work: Path,
    seed: int,
    stage_of: Callable[..., Reading],
) -> TorchReader:
    """A reader of all layers of the encoder, taught in the same way by itself, by a stage that takes model, options and work."""
    own = replace(
        options,
        minutes=options.teacher_minutes,
        rest=0,
        learning_rate=options.learning_rate_teacher,
        learning_rate_ends=5 * options.learning_rate_teacher,
        merges=(1.0,),
    )
    every = range(int(config["num_hidden_layers"]))
    model = _torch_reader(first_weights(encoder, every, seed), encoder, config, options)
    there = work / "teacher"
    there.mkdir(exist_ok=True)
    stage_of(model, options=own, work=there).train()
    for weight in model.weights.values():
        weight.requires_grad_(False)
    return model


def _torch_reader(
    weights: Mapping[str, Floats],
    encoder: Mapping[str, Floats],
    config: Mapping[str, Any],
    options: ReadingOptions,
) -> TorchReader:
    import torch

    return TorchReader(
        weights,
        encoder["embeddings.word_embeddings.weight"],
        heads=int(config["num_attention_heads"]),
        epsilon=float(config["layer_norm_eps"]),
        device="cuda" if torch.cuda.is_available() else "cpu",
        bfloat16=options.bfloat16,
    )


def train_reader(
    data: Path,
    folder: Path,
    work: Path,
    options: ReadingOptions = ReadingOptions(),
    *,
    threads: int = 2,
    seed: int = 13,
    log: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Teach a reader with the questions below ``data`` and write it into the ``folder`` of an encoder; gives the figures, which
    the folder's ``reading.json`` holds too.

    It begins as the reader that the folder has, else as some of the encoder's layers. Started again with the same ``work`` it goes on.

    :raises CorpusError: when there are no questions with the words that answer them.
    :raises EncoderError: when the folder holds no encoder, its reader cannot be read, or the graph says something else than the model.
    :raises MissingExtraError: when the packages for training are not installed.
    """
    try:
        import onnx  # noqa: F401
        import torch
        from safetensors.numpy import load_file
    except ModuleNotFoundError as error:
        raise MissingExtraError("a reader cannot be trained", error, "train") from error
    from tokenizers import Tokenizer

    if not (folder / "model.safetensors").is_file():
        raise EncoderError(
            f"{folder} holds no encoder; expected model.safetensors, as `fuente train` writes it: make the encoder first"
        )
    torch.set_num_threads(threads)
    books = read_answered(data)
    if not books.taught:
        raise CorpusError(
            f"{data} lacks questions with the words that answer them; expected JSON lines in qa…/ with question, passage, "
            "answers and answer_start, or question_es, question_en, passage, spans and unit"
        )
    work.mkdir(parents=True, exist_ok=True)
    encoder = load_file(folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    graph = folder / READER_FILE
    # kept, since the graph is written over at the end
    begun = work / READER_FILE
    if graph.is_file() and not begun.exists():
        shutil.copy(graph, begun)
    judge = OnnxReader(folder, threads=threads) if begun.exists() else None
    if begun.exists():
        weights = weights_of(begun, int(config["intermediate_size"]))
    else:
        # it does not know yet which part of a row is the question
        options = replace(options, rest=0)
        weights = first_weights(encoder, options.layers, seed)
    model = _torch_reader(weights, encoder, config, options)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    log(
        f"reading: {len(books.taught)} questions, {len(books.written)} and {len(books.open)} held out"
    )
    stage_of = partial(Reading, tokenizer=tokenizer, books=books, seed=seed, judge=judge, log=log)
    teacher = None
    if options.teacher_minutes:
        log("reading: the teacher")
        teacher = _teacher_of(encoder, config, options, work, seed, stage_of)
    figures = stage_of(model, options=options, work=work, teacher=teacher).train()
    with torch.no_grad():
        model.weights["tokens.bias"][0] += options.lift
    some = random.Random(seed).sample(books.taught, min(_GRAPH_READINGS, len(books.taught)))
    export_reader(
        {name: values.detach().cpu().numpy() for name, values in model.weights.items()},
        folder,
        max_question=options.max_question,
        max_heading=options.max_heading,
        max_tokens=options.max_tokens,
        readings=[(one.questions[0], one.heading, one.passage) for one in some],
        log=log,
    )
    facts = {"options": asdict(options), "seed": seed, "figures": figures}
    (folder / "reading.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    return figures

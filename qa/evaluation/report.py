"""What an evaluation found, as types: printed as a table, kept as JSON, read again to be compared with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from corpus.document import CorpusError
from qa.retrieve import HYBRID
from qa.retrieve import MODES as ALL_MODES

Format = Literal["squad", "beir", "questions"]

MODES: tuple[str, ...] = (*(mode for mode in ALL_MODES if mode != HYBRID), HYBRID)
"""Those that are compared, each leg by itself before all together."""

MIXED_FIRST, MIXED_BOTH = "right paragraph first", "both versions in the first three"
TIMES = {"answer p50 ms": 0.5, "answer p95 ms": 0.95, "answer p99 ms": 0.99}
AUROC = "abstention AUROC"
ALL_PARTS, FIRST_QUOTE = "all parts quoted", "first quote holds a part"
SHARE, NO_PART = "share of the parts quoted", "answered without any part"
NEAR_MISS = "near miss declined"
CALIBRATION, RIGHT_AUROC, RISK = "calibration error", "right or not AUROC", "risk over coverage"
CONFIDENCES = (AUROC, RIGHT_AUROC, CALIBRATION, RISK)
MEANS = (
    *(f"{mode} {measure}" for measure in ("ndcg@10", "recall@1", "recall@10", "mrr@10") for mode in MODES),
    MIXED_FIRST,
    MIXED_BOTH,
    "quote holds the answer",
    ALL_PARTS,
    FIRST_QUOTE,
    SHARE,
    NO_PART,
    "answerable declined",
    "unanswerable declined",
    NEAR_MISS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the limits of its 95 % interval, None where nothing was measured; ``n`` questions are in it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """One figure less another, its 95 % interval, and ``p``: how often chance alone would differ as much."""

    value: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of some questions."""

    questions: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """How the figures of some questions changed."""

    questions: int
    figures: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Table:
    """Groups that stand side by side."""

    title: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A ``figure`` of Spanish less that of English; ``paired`` where both were asked the same questions."""

    figure: str
    groups: tuple[str, str]
    paired: bool
    value: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Against:
    """What this run has more than an earlier one, over the questions that are in both."""

    dataset: str
    encoder: str
    revision: str
    groups: Mapping[str, ChangedGroup]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was measured of one question, and the groups that it counts in."""

    id: str
    groups: tuple[str, ...]
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found; the fields are those of its JSON."""

    dataset: str
    format: Format
    articles: str
    encoder: str
    revision: str
    tables: tuple[Table, ...]
    groups: Mapping[str, Group]
    gap: Gap | None
    skipped: tuple[str, ...]
    against: Against | None
    queries: tuple[Asked, ...]

    def as_json(self) -> dict[str, object]:
        """As JSON can hold it."""
        return {"object": "evaluation", **asdict(self)}


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier report tells of: the values of each question, by its first group and its id."""

    path: Path
    dataset: str
    encoder: str
    revision: str
    values: Mapping[tuple[str, str], Mapping[str, float]]


def read_earlier(path: Path) -> Earlier:
    """An earlier report, from what :meth:`Report.as_json` gave.

    :raises CorpusError: when it cannot be read or is none.
    """
    values: dict[tuple[str, str], dict[str, float]] = {}
    try:
        report = json.loads(path.read_text("utf-8"))
        for query in report["queries"]:
            if not (query["groups"] and isinstance(query["id"], str)):
                raise ValueError("a question without id or group")
            for name, value in query["values"].items():
                if type(value) not in (int, float):
                    raise ValueError(f"{name} is {value!r}")
            values[str(query["groups"][0]), query["id"]] = query["values"]
        about = [report[name] for name in ("dataset", "encoder", "revision")]
        if not all(isinstance(name, str) for name in about):
            raise ValueError("no data set or encoder is named")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path} cannot be compared with ({type(error).__name__}: {error}); "
            "expected what an earlier `fuente evaluate PATH --json` printed"
        ) from error
    dataset, encoder, revision = about
    return Earlier(path, dataset, encoder, revision, values)


def table(report: Report) -> str:
    """The report as text: a block for each set of groups, a line for each figure with its 95 % interval."""
    title = f"{report.dataset}, encoder {report.encoder} ({report.revision})"
    blocks = []
    for shown in report.tables:
        groups = {name: report.groups[name] for name in shown.groups}
        cells = {
            name: {f: _cell(f, one) for f, one in g.figures.items()} for name, g in groups.items()
        }
        counts = [group.questions for group in groups.values()]
        blocks.append("\n".join([f"{title}, {shown.title}", *_lines(cells, counts)]))
    gap = report.gap
    if gap:
        blocks.append(
            f"Spanish minus English, {gap.figure}: {gap.value:+.4f} "
            f"({gap.low:+.4f} to {gap.high:+.4f}, p = {gap.p:.4f})"
        )
    earlier = report.against
    if earlier:
        about = f"{earlier.dataset}, encoder {earlier.encoder} ({earlier.revision})"
        for shown in report.tables:
            changed = {name: earlier.groups[name] for name in shown.groups}
            cells = {
                name: {f: _change_cell(c) for f, c in g.figures.items()}
                for name, g in changed.items()
            }
            counts = [group.questions for group in changed.values()]
            heading = f"difference to the earlier run ({about}), {shown.title}"
            blocks.append("\n".join([heading, *_lines(cells, counts)]))
    if report.skipped:
        lines = [f"{len(report.skipped)} judgements could not be used:", *report.skipped]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


_LABEL = 34


def _lines(groups: Mapping[str, Mapping[str, str]], questions: Sequence[int]) -> list[str]:
    names = [n.removesuffix(" odd").replace("-", "→") for n in groups]
    cells = [
        (label, [figures.get(label, _NONE) for figures in groups.values()])
        for label in (*MEANS, *CONFIDENCES, *TIMES)
        if any(label in figures for figures in groups.values())
    ]
    rows = [("", names), ("questions", [str(n) for n in questions]), *cells]
    width = 2 + max(len(text) for _, row in rows for text in row)
    return [
        f"{label:{_LABEL}}" + "".join(f"{text:>{width}}" for text in row) for label, row in rows
    ]


_NONE = "–"


def _cell(label: str, figure: Figure) -> str:
    if figure.value is None:
        return _NONE
    wide, narrow = (1, 1) if label in TIMES else (4, 3)
    return f"{figure.value:.{wide}f}  {figure.low:.{narrow}f}–{figure.high:.{narrow}f}"


def _change_cell(change: Change) -> str:
    if change.value is None:
        return _NONE
    return f"{change.value:+.4f}  {change.low:+.3f}…{change.high:+.3f}  p={change.p:.3f}"

"""The weights by which scores become an order, a choice and a confidence: data, kept in a file beside an encoder.

They hold for one encoder's scores: another one is better served by a calibration of its own (see
:mod:`qa.evaluation.calibrate`), and takes that of the shipped encoder until it has one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from corpus.document import SettingsError
from index.encoder import DEFAULT_ENCODER, ENCODERS_FOLDER

FILE_NAME = "calibration.json"
FORMAT = 1

Weights = Mapping[str, float]


def logistic(log_odds: float) -> float:
    """The chance 0..1 that log odds stand for; of any size, where ``exp`` alone would overflow."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    power = math.exp(log_odds)
    return power / (1.0 + power)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Where weights come from: the data, the day (ISO 8601), and how they were chosen, in a sentence."""

    on: str
    date: str
    how: str


@dataclass(frozen=True, slots=True)
class LegWeights:
    """What each leg's score counts in the sum, and what is added to it; a leg that is not named counts nothing."""

    weights: Weights
    constant: float

    def of(self, leg: str) -> float:
        """Weight of one leg."""
        return self.weights.get(leg, 0.0)


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """Weights for passages in the question's language, and for passages in another one."""

    same: LegWeights
    across: LegWeights


@dataclass(frozen=True, slots=True)
class Fusion:
    """``first``: the sum that says which candidates are looked at closely; ``close``: the sum that orders those."""

    fitted: Fitted
    first: ByLanguage
    close: ByLanguage


@dataclass(frozen=True, slots=True)
class Units:
    """What makes a sentence the one that answers: its score is the sum of its features by these ``weights``.

    Another is quoted beside the first when its score is at most so much below: ``second``, one that is almost as good;
    ``typed``, one with the kind of thing asked for, which the first lacks; ``part``, one about another of the things
    that a question names side by side.
    """

    fitted: Fitted
    weights: Weights
    second: float
    typed: float
    part: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """The chance that what is quoted answers: the logistic function of the features by these ``weights`` and the ``bias``
    of the question's language.

    ``least`` is the least confidence of an answer; ``least_per_tenfold`` the same for each power of ten of passages,
    which is less in a small collection: the more there are, the likelier one of them looks right by chance.
    """

    fitted: Fitted
    weights: Weights
    bias: Weights
    least: float
    least_per_tenfold: float


@dataclass(frozen=True, slots=True)
class Highlights:
    """The log odds that words of a quote are those that answer: ``names`` weigh persons, places and names, ``figures`` the
    rest, ``bias`` is by kind; nothing is marked under a probability of ``least``."""

    fitted: Fitted
    names: Weights
    figures: Weights
    bias: Weights
    least: float


@dataclass(frozen=True, slots=True)
class Readings:
    """What is made of what a reader finds: ``units`` weigh the best run of a passage, and order the passages by it.

    Two questions are asked of the best of them, each by the logistic function of its features: whether the documents answer
    at all (``support`` and ``support_bias``), and, where they do, whether the run is the one that answers (``confidence``
    and ``bias``). An answer must reach ``supported`` in the first and ``least`` in the second, which is not below it.
    Another run is quoted beside the first when its score is at most ``second`` below, and its tokens have a mean chance of
    ``marked`` at least.
    """

    fitted: Fitted
    units: Weights
    support: Weights
    support_bias: float
    confidence: Weights
    bias: float
    supported: float
    least: float
    second: float
    marked: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """All weights that go with one encoder; ``readings`` are those for the reader beside it, None where there are none."""

    fusion: Fusion
    units: Units
    confidence: Confidence
    highlights: Highlights
    readings: Readings | None = None

    def write(self, path: Path) -> None:
        """Write as JSON that :meth:`read` takes."""
        facts = {"format": FORMAT, **asdict(self)}
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> Calibration:
        """Read a calibration.

        :raises SettingsError: when it cannot be read or is not one, with the field that is wrong.
        """
        try:
            facts: object = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"{path} cannot be read ({type(error).__name__}: {error}); "
                "expected a calibration as `fuente calibrate` writes it, or no such file"
            ) from error
        whole = _Section(path, "", facts)
        if whole.get("format") != FORMAT:
            raise SettingsError(
                f"{path} has format {whole.get('format')!r}, expected {FORMAT}; make it anew with `fuente calibrate`"
            )
        fusion, units = whole.section("fusion"), whole.section("units")
        confidence, highlights = whole.section("confidence"), whole.section("highlights")
        return cls(
            Fusion(fusion.fitted(), fusion.by_language("first"), fusion.by_language("close")),
            Units(
                units.fitted(),
                units.weights("weights"),
                units.number("second"),
                units.number("typed"),
                units.number("part"),
            ),
            Confidence(
                confidence.fitted(),
                confidence.weights("weights"),
                confidence.weights("bias"),
                confidence.share("least"),
                confidence.share("least_per_tenfold"),
            ),
            Highlights(
                highlights.fitted(),
                highlights.weights("names"),
                highlights.weights("figures"),
                highlights.weights("bias"),
                highlights.share("least"),
            ),
            None if whole.get("readings") is None else whole.section("readings").readings(),
        )


def load_calibration(encoder: str = DEFAULT_ENCODER, data: Path | None = None) -> Calibration:
    """The calibration for an encoder given by name or folder: the one in the ``data`` directory, made from questions about
    those documents; else the one in the encoder's folder; else that of the shipped encoder.

    :raises SettingsError: when the one that is found is not a calibration.
    """
    folders = [ENCODERS_FOLDER / encoder, Path(encoder).expanduser()]
    for folder in [data, *folders] if data else folders:
        if (folder / FILE_NAME).is_file():
            return Calibration.read(folder / FILE_NAME)
    return Calibration.read(ENCODERS_FOLDER / DEFAULT_ENCODER / FILE_NAME)


def in_order(weights: Weights, names: Sequence[str], where: str) -> tuple[float, ...]:
    """The weights of those names, in their order.

    :raises SettingsError: when a name has no weight, or a weight no name; ``where`` says which weights they are.
    """
    missing, unknown = (
        [n for n in names if n not in weights],
        [n for n in weights if n not in names],
    )
    if missing or unknown:
        raise SettingsError(
            f"the calibration's {where} lacks {', '.join(missing) or 'nothing'} and has unknown "
            f"{', '.join(unknown) or 'nothing'}; expected {', '.join(names)}: make it anew with `fuente calibrate`"
        )
    return tuple(weights[name] for name in names)


@dataclass(frozen=True, slots=True)
class _Section:
    """One object of the file, and where in it that stands."""

    path: Path
    where: str
    facts: object

    def get(self, name: str) -> object:
        return self.facts.get(name) if isinstance(self.facts, dict) else None

    def section(self, name: str) -> _Section:
        inner = _Section(self.path, f"{self.where}{name}.", self.get(name))
        if not isinstance(inner.facts, dict):
            raise self._wrong(name, "an object")
        return inner

    def number(self, name: str) -> float:
        value = self.get(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise self._wrong(name, "a number")
        return float(value)

    def share(self, name: str) -> float:
        value = self.number(name)
        if not 0 <= value <= 1:
            raise self._wrong(name, "a number from 0 to 1")
        return value

    def weights(self, name: str) -> dict[str, float]:
        inner = self.section(name)
        return {key: inner.number(key) for key in cast(dict[str, object], inner.facts)}

    def by_language(self, name: str) -> ByLanguage:
        inner = self.section(name)
        return ByLanguage(inner.legs("same"), inner.legs("across"))

    def legs(self, name: str) -> LegWeights:
        inner = self.section(name)
        return LegWeights(inner.weights("weights"), inner.number("constant"))

    def readings(self) -> Readings:
        supported, least = self.share("supported"), self.share("least")
        # Else what is not supported might be sure enough
        if supported > least:
            raise self._wrong("supported", f"no more than least ({least})")
        return Readings(
            self.fitted(),
            self.weights("units"),
            self.weights("support"),
            self.number("support_bias"),
            self.weights("confidence"),
            self.number("bias"),
            supported,
            least,
            self.number("second"),
            self.share("marked"),
        )

    def fitted(self) -> Fitted:
        inner = self.section("fitted")
        for name in ("on", "date", "how"):
            if not isinstance(inner.get(name), str):
                raise inner._wrong(name, "text")
        return Fitted(str(inner.get("on")), str(inner.get("date")), str(inner.get("how")))

    def _wrong(self, name: str, expected: str) -> SettingsError:
        return SettingsError(
            f"{self.path}: {self.where}{name} is {self.get(name)!r}, expected {expected}; "
            "mend it or make it anew with `fuente calibrate`"
        )

"""What ``fuente build`` says at a terminal and elsewhere, and following a folder."""

import io
import shutil
from datetime import UTC, datetime

import pytest

from api.cli import watch
from api.cli.progress import ProgressTeller, report_lines
from api.cli.watch import follow
from corpus.collection import Collection
from corpus.document import BuildRunningError, CorpusError, LeftOut, Skipped, StoreError
from index.local.build import BuildReport, Progress, build


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """A change is taken, and a look is had, after less time than people need."""
    monkeypatch.setattr(watch, "_QUIET_MS", 50)
    monkeypatch.setattr(watch, "_LOOK_MS", 50)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Clock:
    """A clock that goes on only when it is told to."""

    def __init__(self):
        self.s = 0.0

    def __call__(self):
        return self.s


def report(**given):
    plain = {
        "build_id": "20261122T131500Z-1f3a9c",
        "added": ("año.txt",),
        "changed": ("cigüeña.md",),
        "removed": ("old.pdf",),
        "kept": ("tea.md", "té.md"),
        "skipped": (Skipped("roto.pdf", "the PDF is broken"),),
        "n_documents": 4,
        "n_passages": 12_345,
        "n_encoded": 1_234,
        "seconds": 61.25,
    }
    return BuildReport(**{**plain, **given})


def test_a_report_is_told_in_english():
    assert report_lines(report(), "en") == [
        "   added  año.txt",
        " changed  cigüeña.md",
        " removed  old.pdf",
        " skipped  roto.pdf: the PDF is broken",
        "build 20261122T131500Z-1f3a9c: 4 documents, 12,345 passages (1,234 encoded now), 61.2 s",
    ]


def test_of_a_long_list_of_what_was_left_out_the_first_lines_are_told():
    found = tuple((f"{n:02}.html", LeftOut("Inicio", 0, "menu or navigation")) for n in range(60))
    lines = report_lines(report(left_out=found), "en")
    assert len(lines) == 4 + 50 + 1 + 1
    assert lines[3] == "  00.html: one thing is not in the text (menu or navigation)"
    more = "  … and 10 more lines: 'fuente builds show' gives them all, with the words"
    assert lines[-3] == more


def test_un_informe_se_cuenta_en_español():
    assert report_lines(report(), "es") == [
        "   nuevo  año.txt",
        "cambiado  cigüeña.md",
        " quitado  old.pdf",
        " omitido  roto.pdf: the PDF is broken",
        "índice 20261122T131500Z-1f3a9c: 4 documentos, 12\N{NO-BREAK SPACE}345 pasajes (1234 codificados ahora), 61,2 s",
    ]


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "would add 1, change 1, remove 1, keep 2 documents",
                "1,234 of 12,345 passages to encode, about 3 min",
            ],
        ),
        (
            "es",
            [
                "se añadirían 1, cambiarían 1, quitarían 1 y quedarían igual 2 documentos",
                "1234 de 12\N{NO-BREAK SPACE}345 pasajes por codificar, unos 3 min",
            ],
        ),
    ],
)
def test_a_plan_ends_with_documents_passages_and_minutes(lang, lines):
    plan = report(build_id=None, n_encode=1_234, expected_s=185.0)
    assert report_lines(plan, lang)[4:] == lines


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "less than a minute"), ("es", "menos de un minuto")]
)
def test_a_plan_of_seconds_counts_no_minutes(lang, words):
    plan = report(build_id=None, n_encode=2, expected_s=8.0)
    assert report_lines(plan, lang)[-1].endswith(f", {words}")


def test_a_plan_without_an_expected_time_names_none():
    plan = report(build_id=None, n_encode=0, expected_s=None)
    assert report_lines(plan, "en")[-1] == "0 of 12,345 passages to encode"


@pytest.mark.parametrize(
    ("lang", "name", "left"),
    [("en", "encoding passages", "3:05 left"), ("es", "codificando pasajes", "quedan 3:05")],
)
def test_on_a_terminal_one_line_changes_and_is_cleared_at_the_end(lang, name, left):
    stream, clock = Terminal(), Clock()
    teller = ProgressTeller(stream, lang, clock)
    clock.s = 1.0
    teller(Progress("encode", 250, 1000, 185.0))
    assert (
        stream.getvalue()
        == f"\r\x1b[K{name}  [██████··················]  250/{1000:{',' if lang == 'en' else ''}}  25 %  {left}"
    )
    clock.s = 1.05
    teller(Progress("encode", 251, 1000))
    assert "251" not in stream.getvalue()
    teller(Progress("encode", 1000, 1000))
    assert "100 %" in stream.getvalue()
    teller.end()
    assert stream.getvalue().endswith("\r\x1b[K")
    assert "\n" not in stream.getvalue()


def test_elsewhere_a_short_build_says_nothing():
    stream, clock = io.StringIO(), Clock()
    teller = ProgressTeller(stream, "en", clock)
    for stage in ("scan", "parse", "encode", "write", "check", "activate"):
        clock.s += 0.8
        teller(Progress(stage, 0, 10))
    teller.end()
    assert stream.getvalue() == ""


@pytest.mark.parametrize("lang", ["es", "en"])
def test_elsewhere_a_long_build_says_a_line_for_every_twentieth_without_control_characters(lang):
    stream, clock = io.StringIO(), Clock()
    teller = ProgressTeller(stream, lang, clock)
    for done in range(10_001):
        clock.s += 0.1
        teller(Progress("encode", done, 10_000, (10_000 - done) / 10))
    teller.end()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 20
    assert not any(ord(c) < 32 for line in lines for c in line)
    assert {"es": "quedan 0:44", "en": "0:44 left"}[lang] in stream.getvalue()


def test_elsewhere_a_very_long_stage_says_a_line_a_minute():
    stream, clock = io.StringIO(), Clock()
    teller = ProgressTeller(stream, "en", clock)
    for done in range(0, 10_000, 10):
        clock.s += 7.0
        teller(Progress("encode", done, 1_000_000, 86_400.0))
    lines = stream.getvalue().splitlines()
    assert 7000 / 65 < len(lines) < 7000 / 60
    assert lines[0].endswith("24:00:00 left")


def test_a_real_build_tells_only_stages_that_have_a_name(tmp_path, encoder):
    Collection(tmp_path / "documents").put("año.txt", "El año del ñandú.".encode())
    stream, clock = io.StringIO(), Clock()
    teller = ProgressTeller(stream, "es", clock)

    def slowly(progress):
        clock.s += 100.0
        teller(progress)

    build(tmp_path, encoder, progress=slowly, now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    assert "codificando pasajes" in stream.getvalue()


class Script:
    """A build that does one step after another; the last one is Ctrl-C."""

    def __init__(self, *steps):
        self.steps = [*steps, self._interrupt]
        self.n_done = 0

    def __call__(self):
        self.n_done += 1
        self.steps[self.n_done - 1]()

    @staticmethod
    def _interrupt():
        raise KeyboardInterrupt


def followed(documents, *steps, lang="en", clock=None):
    """What was said while the steps were made to happen, one a build."""
    said, script = [], Script(*steps)
    with pytest.raises(KeyboardInterrupt):
        follow(documents, script, said.append, lang, clock or Clock())
    assert script.n_done == len(steps) + 1
    return said


def failing(error):
    def step():
        raise error

    return step


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_change_made_while_a_build_runs_is_built_after_it(tmp_path, lang):
    collection = Collection(tmp_path / "documents")
    said = followed(
        collection.documents,
        lambda: collection.put("año.txt", b"uno"),
        lambda: collection.put("cartas/Iñaki.md", b"dos"),
        lambda: collection.remove("año.txt"),
        lang=lang,
    )
    told = {"es": "siguiendo {}; se termina con Ctrl-C", "en": "watching {}; Ctrl-C ends"}[lang]
    assert said == [told.format(collection.documents)]


DISK = StoreError("the disk is full")


def test_a_failure_is_said_once_until_it_is_another_or_was_mended(tmp_path):
    documents = tmp_path / "documents"
    n_files = 0

    def change(error=None):
        def step():
            nonlocal n_files
            n_files += 1
            (documents / f"{n_files}.txt").write_text("El año.")
            if error is not None:
                raise error

        return step

    errors = [DISK, DISK, CorpusError("otro"), DISK, None, DISK]
    said = followed(documents, *map(change, errors))
    assert said[1].startswith("watching ")
    assert [said[0], *said[2:]] == [
        "the disk is full",
        "otro",
        "the disk is full",
        "the disk is full",
    ]


def test_what_failed_is_tried_again_after_a_minute_without_a_change(tmp_path):
    clock = Clock()

    def hurried():
        clock.s += 25.0
        return clock.s

    said = followed(tmp_path / "documents", *[failing(DISK)] * 3, clock=hurried)
    assert said[0] == str(DISK)
    assert len(said) == 2
    assert clock.s >= 3 * 60


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "another process is building; waiting for it"),
        ("es", "otro proceso está construyendo; se espera a que acabe"),
    ],
)
def test_while_another_process_builds_it_waits_and_says_so_once(tmp_path, lang, told):
    busy = failing(BuildRunningError("busy"))
    said = followed(tmp_path / "documents", busy, busy, busy, lang=lang)
    assert said[0] == told
    assert len(said) == 2


def test_hidden_files_are_no_change(tmp_path):
    documents, n_looks = tmp_path / "documents", 0

    def clock():
        nonlocal n_looks
        n_looks += 1
        if n_looks == 4:
            (documents / "ñandú.txt").write_text("El ñandú.")
        return 0.0

    def hide():
        (documents / ".git").mkdir()
        (documents / ".git" / "a.txt").write_text("a")
        (documents / ".1234.partial").write_text("a")

    followed(documents, hide, clock=clock)
    assert n_looks >= 4


def test_a_folder_that_is_replaced_is_followed_on(tmp_path):
    documents = tmp_path / "documents"

    def replace():
        shutil.move(documents, tmp_path / "old")
        documents.mkdir()

    followed(documents, replace, lambda: (documents / "new.txt").write_text("new"))


def test_a_folder_is_followed_by_looking_where_the_system_does_not_tell(tmp_path, monkeypatch):
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "true")
    documents = tmp_path / "documents"
    followed(documents, lambda: (documents / "new.txt").write_text("new"))


def test_a_folder_that_cannot_be_followed_is_an_error_of_one_line(tmp_path):
    (tmp_path / "documents").write_text("no folder")
    with pytest.raises(CorpusError, match="cannot be followed") as caught:
        follow(tmp_path / "documents", lambda: None, lambda text: None, "es")
    assert "\n" not in str(caught.value)

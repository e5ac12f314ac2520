"""Builds that earlier versions wrote, one a format in tests/data/builds: each is opened, or refused in a line that says what to do.

``pytest --update-golden`` writes the one of the present format anew.
"""

import re
import zipfile
from contextlib import closing

import pytest
from conftest import ROOT
from hash_encoder import HashEncoder

from corpus.document import IncompatibleIndexError
from index.compatibility import FORMAT
from index.local.build import build
from index.local.store import Index, current_build_id, list_builds

BUILDS = ROOT / "tests" / "data" / "builds"
FORMATS = sorted(int(re.sub(r"\D", "", path.stem)) for path in BUILDS.glob("format-*.zip"))
DOCUMENTS = {
    "faro.txt": "El faro de Punta Brava se encendió en 1897. Su luz se ve a treinta kilómetros.\n\n"
    "La niña del farero contaba los barcos al anochecer.\n",
    "lighthouse.md": "# The lighthouse\n\n"
    "The lighthouse keeper retired in 1962. Since then a timer has lit the lamp.\n",
}


@pytest.fixture
def unpacked(tmp_path):
    """The data directory that a version of that format left."""

    def unpack(number):
        with zipfile.ZipFile(BUILDS / f"format-{number}.zip") as archive:
            archive.extractall(tmp_path)
        return tmp_path

    return unpack


def test_a_build_of_the_present_format_is_kept(request, tmp_path):
    """Who changes the format runs ``pytest --update-golden`` and commits the new file; the old ones stay."""
    if request.config.getoption("--update-golden"):
        documents = tmp_path / "documents"
        documents.mkdir()
        for name, text in DOCUMENTS.items():
            (documents / name).write_text(text, "utf-8")
        build(tmp_path, HashEncoder())
        path = BUILDS / f"format-{FORMAT}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(tmp_path.rglob("*")):
                if file.is_file() and not file.name.startswith("."):
                    archive.write(file, file.relative_to(tmp_path).as_posix())
    assert (BUILDS / f"format-{FORMAT}.zip").exists()


@pytest.mark.parametrize("number", sorted({*FORMATS, FORMAT} - {FORMAT}))
def test_a_build_of_another_format_is_refused_in_a_line_that_says_what_to_do(unpacked, number):
    data = unpacked(number)
    with pytest.raises(IncompatibleIndexError) as caught:
        Index.open(data, HashEncoder())
    told = str(caught.value)
    assert f"has format {number}, this version reads format {FORMAT}" in told
    assert "run `fuente build" in told
    assert "\n" not in told
    # and what it says to do mends it; the old build is listed as what it is until it is removed
    old = current_build_id(data)
    report = build(data, HashEncoder())
    assert report.n_documents == 2
    [listed] = [b for b in list_builds(data) if b.build_id == old]
    assert f"format {number}" in listed.problem
    with closing(Index.open(data, HashEncoder())) as index:
        assert index.manifest.format == FORMAT


def test_a_build_of_the_present_format_is_opened_and_holds_what_it_was_made_of(unpacked):
    data = unpacked(FORMAT)
    with closing(Index.open(data, HashEncoder())) as index:
        passages = index.passages(range(len(index)))
        assert [(p.doc_id, p.lang) for p in passages] == [
            ("faro.txt", "es"),
            ("lighthouse.md", "en"),
        ]
        for passage in passages:
            text = index.document(passage.doc_id).text
            assert text[passage.start : passage.end] == passage.text
            assert text.splitlines()[0] == DOCUMENTS[passage.doc_id].splitlines()[0].lstrip("# ")
        asked = HashEncoder().encode_queries(["farero", "keeper"])
        for vector, row in zip(asked, (0, 1), strict=True):
            assert index.dense.search(vector[None], 1)[1][0, 0] == row

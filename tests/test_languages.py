"""A language is one pack: all that tells languages apart, analyses, filters or lists them takes it from there."""

import shutil

import pytest
from conftest import ROOT, told_by
from hash_encoder import HashEncoder

from corpus.languages import LANGS, PACKS
from index.local.build import build

# What somebody who adds Portuguese writes, in short; no other file is touched.
PORTUGUESE = '''
from corpus.languages.pack import LanguagePack, fold, roles, word_set

STOP_WORDS = word_set("""
a à ao aos as com como da das de do dos e é ela elas ele eles em entre era esta este foi foram há já mais mas na nas não
no nos o onde os ou para pela pelo por qual quais quando quantas quantos que quem se sem seu sua são também tem um uma
""")
PACK = LanguagePack(
    lang="pt",
    stop_words=STOP_WORDS,
    stemmer="portuguese",
    stem=lambda folded, snowball: fold(snowball(folded)),
    abbreviations=word_set("sr sra dr dra prof av etc"),
    maybe_final=word_set("etc"),
    openers=word_set("o a os as um uma em no na"),
    telling=word_set("ano anos dia"),
    shared=word_set("a as como da de e entre o os se"),
    asking=word_set("quem qual quais quando onde quantos quantas"),
    spelling=(r"[a-z]*(?:ção|ções|lh[aeo]|nh[aeo])\\b",),
    letters={"ã": 1.0, "õ": 1.0, "ç": 1.0},
    signs={},
    joiners=word_set("e ou"),
    naming="nomes?|chamad[oa]s?",
    named="chamad[oa]|conhecid[oa] como",
    months=("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
            "novembro", "dezembro"),
    roles=roles({"ask": "quem qual quais quando onde", "of": "de do da", "article": "o a os as um uma"}),
    idle=STOP_WORDS,
)
'''

DOCUMENTS = {
    "es.txt": "El faro de Punta Brava se encendió en 1897. Su luz se ve a treinta kilómetros del puerto.",
    "en.txt": "The lighthouse keeper retired in 1962. Since then a timer has lit the lamp every evening.",
    "pt.txt": "O farol da Ponta Negra foi aceso em 1911. A sua luz não é vista em dias de nevoeiro e a "
    "região tem três estações de chuva.",
}

USED = """
import json, sys
from pathlib import Path
from hash_encoder import HashEncoder
from api.native.schemas import SearchRequest
from corpus.languages import LANGS
from index.local.build import build
from index.local.store import Index
from qa.engine import Engine, Query, SearchOptions

data, told = Path(sys.argv[1]), {"languages": LANGS}
try:
    Index.open(data)
except Exception as error:
    told["before"] = [type(error).__name__, str(error)]
told["encoded"] = build(data, HashEncoder()).n_encoded
engine = Engine(data, HashEncoder())
told["documents"] = {d.doc_id: d.lang for d in engine.index.documents()}
only = SearchOptions(languages=tuple(SearchRequest(query="x", filters={"language": ["pt"]}).filters.language))
told["only"] = [h.passage.doc_id for h in engine.search(Query("1962 1897 1911"), only).hits]
for question in ("Quando foi aceso o farol da Ponta Negra?", "¿Cuándo se encendió el faro?"):
    answer = engine.ask(Query(question))
    told[question] = [answer.question.lang, [c.doc_id for c in answer.citations]]
print(json.dumps(told))
"""


def test_every_file_of_a_language_is_its_pack():
    files = {p.stem for p in (ROOT / "corpus" / "languages").glob("??.py")}
    assert files == set(PACKS)
    assert LANGS[:2] == ("es", "en")
    assert LANGS[-1] == "und"
    assert {pack.lang for pack in PACKS.values()} == files


@pytest.mark.slow
def test_a_new_language_is_one_pack(tmp_path):
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    for name, text in DOCUMENTS.items():
        (data / "documents" / name).write_text(text, "utf-8")
    build(data, HashEncoder())  # by who does not know Portuguese
    for layer in ("index", "qa", "api", "tests"):
        (tmp_path / layer).symlink_to(ROOT / layer)
    shutil.copytree(
        ROOT / "corpus",
        tmp_path / "corpus",
        ignore=shutil.ignore_patterns("samples", "__pycache__"),
    )
    (tmp_path / "corpus" / "languages" / "pt.py").write_text(PORTUGUESE, "utf-8")
    told = told_by(USED, tmp_path, str(data))
    assert told["languages"] == ["es", "en", "pt", "und"]
    kind, message = told["before"]
    assert kind == "IncompatibleIndexError"
    assert "for the languages es, en, this version knows es, en, pt; run `fuente build`" in message
    assert told["documents"] == {"es.txt": "es", "en.txt": "en", "pt.txt": "pt"}
    assert told["encoded"] == 1  # the others are analysed anew, and keep their vectors
    assert told["only"] == ["pt.txt"]
    assert told["Quando foi aceso o farol da Ponta Negra?"] == ["pt", ["pt.txt"]]
    asked_as, cited = told["¿Cuándo se encendió el faro?"]
    assert (asked_as, cited[0]) == ("es", "es.txt")

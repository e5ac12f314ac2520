"""The page of a named collection: it asks and reads there, and keeps what it keeps apart from that of default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import OpenPage, becomes
from hash_encoder import HashEncoder
from local_server import local_server, write_documents

from api.collections import create
from index.local.build import build

pytestmark = pytest.mark.browser

LETTER = "Iñaki vendió la barca azul en mayo.\n"


@pytest.mark.parametrize("locale", ["es-ES", "en-US"])
def test_an_address_that_names_a_collection_stays_in_it(
    tmp_path: Path, open_page: OpenPage, locale: str
) -> None:
    data = tmp_path / "data"
    # a document of the same name says something else in default
    write_documents(data, {"carta.txt": "The bridge was opened in 1902.\n"})
    letters = create(data, "letters")
    write_documents(letters, {"carta.txt": LETTER})
    build(letters, HashEncoder())
    asked: list[str] = []

    def watched(page: Any) -> None:
        page.on("request", lambda request: asked.append(request.url))

    with local_server(data) as url:
        page = open_page(f"{url}/?collection=letters", locale=locale, before=watched)
        page.locator("#question").fill("¿Qué barca vendió Iñaki en mayo?")
        page.locator("#question").press("Enter")
        page.wait_for_selector(".turn[data-state=done], .turn[data-state=answered]")
        assert page.locator("#count").inner_text() == "1"
        becomes(
            page, "Object.keys(localStorage).some(k => k.startsWith('fuente.conversation.'))", False
        )
        page.goto(f"{url}/d/carta.txt?collection=letters#char=0,5")
        page.wait_for_selector(".reader mark, mark")
        assert "barca azul" in page.locator("#side").inner_text()
        becomes(page, "location.search", "?collection=letters")
        calls = [one for one in asked if "/v1/" in one]
        assert calls
        assert all("/v1/collections/letters/" in one for one in calls), calls

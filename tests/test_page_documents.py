"""The reader and the library of the chat page, in a real browser against the real service."""

from __future__ import annotations

import pytest
from browser import SIZES, OpenPage, ask, get, post_ask, suggested, text_of

pytestmark = pytest.mark.browser


@SIZES
def test_a_deep_link_opens_the_reader_at_its_place(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    cited = post_ask(server_url, suggested(server_url, "es"))["citations"][0]
    page = open_page(cited["url"], size=size)
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == cited["text"]
    assert page.locator("#side-title").inner_text() == cited["location"]["document_title"]
    page.locator("#side .close").click()
    page.locator("#side").wait_for(state="hidden")
    assert page.evaluate("location.pathname") == "/"


def test_the_back_button_closes_the_reader(open_page: OpenPage, server_url: str) -> None:
    page = open_page()
    turn = ask(page, suggested(server_url, "es"))
    turn.locator("[data-citation='1']").first.click()
    page.locator("#side mark").wait_for()
    page.go_back()
    page.locator("#side").wait_for(state="hidden")
    assert turn.is_visible()


def test_the_library_lists_the_documents_of_the_service(
    open_page: OpenPage, server_url: str
) -> None:
    listed = get(server_url, "/v1/documents?limit=100")
    page = open_page()
    assert page.locator("#count").inner_text() == str(listed["total"])
    page.locator("#open-library").click()
    page.locator(".document").first.wait_for()
    assert page.locator(".document").count() == len(listed["data"])
    title = listed["data"][0]["title"]
    page.get_by_role("button", name=f"Borrar {title}", exact=True).first.click()
    page.get_by_role("button", name="Cancelar").click()
    assert page.locator(".document").count() == len(listed["data"])
    page.locator("a.document-open").first.click()
    page.locator("#side .prose").wait_for()

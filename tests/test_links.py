"""Under which address the service is reached: below a path, behind a proxy, from other pages; and what its links open."""

from __future__ import annotations

import re
import urllib.parse
from collections import Counter
from contextlib import contextmanager
from hashlib import sha256

import pytest
from browser import WAIT_MS, becomes
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import local_server, write_documents
from starlette.datastructures import Headers

from api.app import create_app
from api.links import SECRET_NAME, FileSecret, Grants, Links
from api.opening import grants_of
from api.origin import origin_of
from api.settings import check_bind, load_settings
from corpus.document import SettingsError
from index.local.build import build
from qa.engine import Engine

DOCUMENTS = {
    "año/ñandú.md": "# El ñandú\n\nEl ñandú corre deprisa. Vive en la pampa.\n",
    "other.txt": "Another document of which nobody was told.\n",
}
KEY = "a key that may ask"
KEYED = {"keys": f"search:{sha256(KEY.encode()).hexdigest()}"}
BEARER = {"Authorization": f"Bearer {KEY}"}
ASK = {"query": "¿Dónde vive el ñandú?"}
PATH = "/v1/documents/a%C3%B1o/%C3%B1and%C3%BA.md"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    write_documents(data, DOCUMENTS)
    build(data, HashEncoder())
    return data


@contextmanager
def serving(data, headers=None, base="http://127.0.0.1:8000", **given):
    settings = load_settings({"FUENTE_RELOAD_S": "0"}, data, given)
    engine = Engine(data, HashEncoder())
    app = create_app(settings, engine)
    with TestClient(app, base, headers={"Accept-Language": "en", **(headers or {})}) as client:
        yield client
    engine.close()


@pytest.fixture(scope="module")
def client(data):
    with serving(data) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/", "/livez", "/docs", "/openapi.json", "/v1/info", "/v1/documents", PATH]
    + [f"{PATH}/original", f"{PATH}/window", "/page/app.js", "/d/a.txt", "/metrics"],
)
def test_a_head_is_a_get_without_its_body(client, path):
    whole, head = client.get(path), client.head(path)
    assert (whole.status_code, head.status_code, head.content) == (200, 200, b"")
    own = {"x-request-id", "date", "content-length"}
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in whole.headers.items() if k not in own
    }


def test_the_head_of_what_is_not_there_says_so(client):
    assert client.head("/v1/documents/none.txt").status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/v1/info", "GET, HEAD, OPTIONS"), ("/v1/ask", "OPTIONS, POST"), ("/", "GET, HEAD, OPTIONS")]
    + [(PATH, "DELETE, GET, HEAD, OPTIONS")],
)
def test_options_name_the_methods(client, path, allowed):
    answer = client.options(path)
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, allowed, b"")


def test_options_of_nothing_are_not_there_and_need_a_key_where_all_does(client, data):
    assert client.options("/v1/nothing").status_code == 404
    with serving(data, **KEYED) as keyed:
        assert keyed.options("/v1/ask").status_code == 401


def test_names_of_operations_are_short_and_each_is_there_once(client):
    paths = client.get("/openapi.json").json()["paths"]
    names = Counter(one["operationId"] for methods in paths.values() for one in methods.values())
    assert set(names.values()) == {1}
    assert all(re.fullmatch(r"[a-z][a-z_]{2,30}", name) for name in names), names


@pytest.mark.parametrize("stripped", [True, False])
@pytest.mark.parametrize("setting", ["root_path", "public_url"])
def test_below_a_path_page_and_interface_are_found(data, stripped, setting):
    value = "/fuente" if setting == "root_path" else "https://docs.example.org/fuente/"
    prefix = "" if stripped else "/fuente"
    with serving(data, **{setting: value}) as client:
        for path, up in (("/", "./"), ("/d/a%C3%B1o/x.md", "../../")):
            page = client.get(prefix + path)
            assert page.status_code == 200
            found = re.findall(r'="([^"]*page/style\.css)"', page.text)
            assert found == [f"{up}page/style.css"]
            # As a browser sees it, whatever the proxy took away
            whole = urllib.parse.urljoin(f"https://h/fuente{path}", found[0])
            assert whole == "https://h/fuente/page/style.css"
            # And none of its links leads out of that path, before its script runs or without it
            assert f'id="begin" href="{up}"' in page.text
            assert f'href="{up}owner"' in page.text
            assert '="/' not in page.text
        owner = client.get(f"{prefix}/owner").text
        assert 'id="home" href="./"' in owner
        assert '="/' not in owner
        assert client.get(f"{prefix}/page/style.css").status_code == 200
        citation = client.post(f"{prefix}/v1/ask", json=ASK).json()["citations"][0]
        assert citation["url"].startswith("/fuente/d/a%C3%B1o/%C3%B1and%C3%BA.md#char=")
        assert citation["context_url"].startswith("/fuente/v1/documents/")
        listed = client.get(f"{prefix}/v1/documents").json()["data"]
        assert {one["url"].partition("/v1")[0] for one in listed} == {"/fuente"}
        assert client.get(f"{prefix}/v1/collections").json()["data"][0]["url"] == "/fuente/v1/info"
        assert client.get("/openapi.json").json()["servers"] == [{"url": "/fuente"}]


def test_the_path_itself_without_a_slash_is_the_page_too(data):
    with serving(data, root_path="/a/fuente") as client:
        page = client.get("/a/fuente")
        assert page.status_code == 200
        assert 'href="fuente/page/style.css"' in page.text
        assert client.get("/a/fuentes").status_code == 404


def test_a_path_below_which_the_service_lies_hides_no_scope(data):
    with serving(data, root_path="/fuente", **KEYED) as client:
        for path in (f"/fuente{PATH}", PATH):
            assert client.delete(path).status_code == 401
            assert client.delete(path, headers=BEARER).status_code == 403


# ---- links ----------------------------------------------------------------------------------


def test_links_are_quoted_and_begin_where_they_should():
    links = Links("https://h/x", "letters")
    assert links.reader("a b/ñ.txt", 3, 9) == (
        "https://h/x/d/a%20b/%C3%B1.txt?collection=letters#char=3,9"
    )
    assert Links().reader("a.txt") == "/d/a.txt"
    assert links.context("a.txt", 3, 9) == (
        "https://h/x/v1/collections/letters/documents/a.txt/text?start=3&end=9"
    )


class Secrets:
    """Secrets that a test knows; None: they could not be read yet."""

    def __init__(self, *found):
        self.found = found

    def current(self):
        return self.found

    def close(self):
        pass


def test_a_grant_opens_its_document_until_its_hour_and_nothing_else():
    now = [1_000_000.0]
    grants = Grants(Secrets(b"s" * 32), 2, lambda: now[0])
    grant = grants.grant("default", "año.txt")
    assert grants.holds(grant, "default", "an\u0303o.txt"), "an id is the same in any form"
    assert not grants.holds(grant, "letters", "año.txt")
    assert not grants.holds(grant, "default", "ano.txt")
    assert not Grants(Secrets(b"t" * 32), 2, lambda: now[0]).holds(grant, "default", "año.txt")
    expiry, _, signature = grant.partition(".")
    for forged in (
        f"{int(expiry) + 3600}.{signature}",
        f"{expiry}.",
        signature,
        "",
        "٣.x",
        "9" * 40,
    ):
        assert not grants.holds(forged, "default", "año.txt"), forged
    now[0] = 1_000_000.0 // 3600 * 3600 + 3599
    assert grants.grant("default", "año.txt") == grant, "one address within an hour"
    now[0] = float(expiry) - 1
    assert grants.holds(grant, "default", "año.txt")
    now[0] = float(expiry)
    assert not grants.holds(grant, "default", "año.txt")
    assert 2 * 3600 <= int(expiry) - 1_000_000 <= 3 * 3600


def test_the_first_secret_signs_and_what_any_of_them_signed_opens():
    old, new = Secrets(b"s" * 32), Secrets(b"t" * 32, b"s" * 32)
    both = Grants(new, 1)
    earlier = Grants(old, 1).grant("default", "año.txt")
    assert both.holds(earlier, "default", "año.txt")
    assert both.holds(both.grant("default", "year.txt"), "default", "year.txt")
    assert not Grants(old, 1).holds(both.grant("default", "año.txt"), "default", "año.txt")
    new.found = (b"t" * 32,)
    assert not both.holds(earlier, "default", "año.txt"), "a secret that is taken away"


def test_as_long_as_no_secret_is_known_links_are_made_that_ask_for_a_key():
    secrets = Secrets(b"s" * 32)
    grants = Grants(secrets, 1)
    grant = grants.grant("default", "a.txt")
    secrets.found = None
    assert not grants.are_known
    assert not grants.holds(grant, "default", "a.txt")
    assert Links(grants=grants).reader("a.txt", 1, 3) == "/d/a.txt#char=1,3"


def test_of_a_link_whose_secret_is_not_known_yet_nobody_says_that_it_is_wrong(data, monkeypatch):
    monkeypatch.setattr("api.app.grants_of", lambda settings: Grants(unknown, 1))
    unknown = Secrets()
    unknown.found = None
    with serving(data, **KEYED) as client:
        for token, status in (("link:1.x", 503), ("guessed", 401)):
            told = client.get(PATH, headers={"Authorization": f"Bearer {token}"})
            assert told.status_code == status
        assert client.get(PATH, headers=BEARER).status_code == 200


def grants_at(data, hours):
    return grants_of(load_settings({}, data, {"link_hours": str(hours)}))


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path):
    assert grants_at(tmp_path, 0) is None
    assert list(tmp_path.iterdir()) == []
    first, second = grants_at(tmp_path, 1), grants_at(tmp_path, 1)
    assert second.holds(first.grant("default", "a"), "default", "a")
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_NAME]
    assert (tmp_path / SECRET_NAME).stat().st_mode & 0o777 == 0o600


def test_a_secret_that_cannot_be_one_stops_the_start(tmp_path):
    (tmp_path / SECRET_NAME).write_bytes(b"short")
    with pytest.raises(SettingsError, match=r"holds 5 bytes; expected 32: remove it"):
        FileSecret(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"links cannot be signed: .* cannot be used"):
        FileSecret(tmp_path / "file")


def test_a_link_opens_one_document_without_a_key(data):
    with serving(data, link_hours=24, **KEYED) as client:
        url = client.post("/v1/ask", json=ASK, headers=BEARER).json()["citations"][0]["url"]
        found = re.fullmatch(r"(/d/[^?]+)\?access=([\w.-]+)#char=\d+,\d+", url)
        linked = {"Authorization": f"Bearer link:{found[2]}"}
        for path in ("", "/text", "/window", "/find?q=pampa", "/original"):
            assert client.get(PATH + path, headers=linked).status_code == 200, path
            assert client.get(PATH + path).status_code == 401, path
            other = client.get(f"/v1/documents/other.txt{path}", headers=linked)
            assert other.status_code == 401, path
        for path in ("/v1/info", "/v1/documents", "/v1/index/jobs", "/metrics", "/v1/collections"):
            assert client.get(path, headers=linked).status_code == 401, path
        assert client.delete(PATH, headers=linked).status_code == 401
        assert client.post("/v1/ask", json=ASK, headers=linked).status_code == 401
        named = f"/v1/collections/letters{PATH.removeprefix('/v1')}"
        assert client.get(named, headers=linked).status_code == 401
    with serving(data, **KEYED) as client:
        assert client.get(PATH, headers=linked).status_code == 401, "the owner allows none"


# ---- proxies and other pages ----------------------------------------------------------------


def origin(data, peer="10.0.0.2", headers=(), scheme="http", **given):
    scope = {"client": (peer, 1), "scheme": scheme}
    settings = load_settings({}, data, given)
    return tuple(origin_of(scope, Headers(dict(headers)), settings))


SAID = {
    "host": "inner:8000",
    "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.3",
    "x-forwarded-proto": "https, http",
    "x-forwarded-host": "docs.example.org, inner",
}


def test_what_a_proxy_says_is_believed_from_those_that_are_named(tmp_path):
    assert origin(tmp_path, headers=SAID) == ("10.0.0.2", "http://inner:8000")
    assert origin(tmp_path, peer="127.0.0.1", headers=SAID)[0] == "127.0.0.1"
    believed = ("203.0.113.9", "https://docs.example.org")
    assert origin(tmp_path, headers=SAID, trusted_proxies="10.0.0.0/8") == believed
    assert origin(tmp_path, headers=SAID, trusted_proxies="10.0.0.2")[0] == "10.0.0.3"
    assert origin(tmp_path, headers=SAID, trusted_proxies="*")[0] == "6.6.6.6"
    named = origin(tmp_path, headers=SAID, public_url="https://x.org/f", trusted_proxies="*")
    assert named[1] == "https://x.org/f"


@pytest.mark.parametrize(
    ("said", "address"),
    [("", "10.0.0.2"), ("nonsense", "10.0.0.2"), ("6.6.6.6, nonsense", "10.0.0.2")]
    + [("203.0.113.9:4711", "203.0.113.9"), ("[2001:db8::1]:4711", "2001:db8::1")]
    + [("2001:db8::1", "2001:db8::1")],
)
def test_an_address_that_is_none_is_not_taken(tmp_path, said, address):
    found = origin(tmp_path, headers={"x-forwarded-for": said}, trusted_proxies="10.0.0.0/8")
    assert found[0] == address


def test_a_host_that_is_none_stands_in_no_link(tmp_path):
    for host in ('x"><b>', "", "a b", "x/y"):
        assert origin(tmp_path, headers={"host": host})[1] == "http://127.0.0.1:8000"
    odd = {"host": "h", "x-forwarded-host": "x/y", "x-forwarded-proto": "javascript"}
    assert origin(tmp_path, headers=odd, trusted_proxies="*")[1] == "http://h"
    assert origin(tmp_path, headers={"host": "h"}, root_path="/f")[1] == "http://h/f"


def test_scripts_of_a_page_that_is_named_may_ask_and_no_others(data):
    ours, theirs = "https://intranet.example.org", "https://evil.example"
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a"}
    with serving(data, cors_origins=ours) as client:
        for page, status, allowed in ((ours, 200, ours), (theirs, 403, None)):
            sent = {"Origin": page, "Sec-Fetch-Site": "cross-site"}
            asked = client.post("/v1/ask", json=ASK, headers=sent)
            assert asked.status_code == status
            assert asked.headers.get("access-control-allow-origin") == allowed
            preflight = client.options("/v1/ask", headers={"Origin": page, **wanted})
            assert preflight.headers.get("access-control-allow-origin") == allowed
        listed = client.get("/v1/documents", headers={"Origin": ours}).json()["data"]
        part = client.get(
            f"/v1/documents/{listed[0]['id']}/original",
            headers={"Origin": ours, "Range": "bytes=0-1"},
        )
        shown = set(part.headers["access-control-expose-headers"].lower().split(", "))
        assert {"accept-ranges", "content-range", "etag"} <= shown & set(part.headers)
    with serving(data) as client:
        preflight = client.options("/v1/ask", headers={"Origin": ours, **wanted})
        assert "access-control-allow-origin" not in preflight.headers
        assert client.post("/v1/ask", json=ASK, headers={"Origin": ours}).status_code == 403


def test_every_page_may_ask_only_with_keys(data):
    with serving(data, cors_origins="*", **KEYED) as client:
        sent = {"Origin": "https://any.example", **BEARER}
        answer = client.post("/v1/ask", json=ASK, headers=sent)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
        refused = client.post("/v1/ask", json=ASK, headers={"Origin": "https://any.example"})
        assert refused.headers["access-control-allow-origin"] == "*", "so that a script can read it"
    with pytest.raises(SettingsError, match=r"cors_origins is \* but there are no access keys"):
        check_bind(load_settings({}, data, {"cors_origins": "*"}))


def test_the_page_at_its_public_name_may_ask_without_keys(data):
    public = "https://docs.example.org/fuente"
    with serving(data, base="http://docs.example.org", public_url=public) as client:
        sent = {"Origin": "https://docs.example.org", "Sec-Fetch-Site": "same-origin"}
        assert client.post("/v1/ask", json=ASK, headers=sent).status_code == 200
    with serving(data, base="http://docs.example.org") as client:
        assert client.post("/v1/ask", json=ASK).status_code == 403


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("public_url", "example.org", "an address such as https://"),
        ("public_url", "ftp://example.org", "an address such as https://"),
        ("public_url", "https://example.org/a?b", "an address such as https://"),
        ("public_url", "https://example.org/a/../b c", "an address such as https://"),
        ("root_path", "fuente", "a path such as /fuente"),
        ("root_path", "/a//b", "a path such as /fuente"),
        ("trusted_proxies", "10.0.0.1/8", "addresses or networks"),
        ("trusted_proxies", "proxy.local", "addresses or networks"),
        ("cors_origins", "intranet.example.org", "origins such as https://"),
        ("cors_origins", "https://a.org/path", "origins such as https://"),
        ("doors", "openai,telnet", "some of openai, mcp"),
        ("link_hours", "-1", "a whole number from 0"),
    ],
)
def test_a_setting_that_cannot_be_says_what_can(tmp_path, setting, value, expected):
    with pytest.raises(SettingsError) as error:
        load_settings({f"FUENTE_{setting.upper()}": value}, tmp_path)
    assert f"in FUENTE_{setting.upper()}; expected {expected}" in str(error.value)


def test_slashes_at_the_end_of_settings_do_not_matter(tmp_path):
    given = {"public_url": "https://x.org/f/", "root_path": "/f/", "doors": "MCP, openai"}
    settings = load_settings({}, tmp_path, given)
    assert (settings.public_url, settings.root_path, settings.root) == (
        "https://x.org/f",
        "/f",
        "/f",
    )
    assert settings.doors == ("openai", "mcp")
    assert load_settings({}, tmp_path, {"doors": "none"}).doors == ()


# ---- in a browser ---------------------------------------------------------------------------

LONG = {
    "weeks.txt": "The first of many lines that come before it.\n" * 200
    + "Here are the words.\n"
    + "More.\n" * 200
}
SEEN = """() => {
  const mark = document.querySelector("mark")?.getBoundingClientRect();
  const body = document.querySelector(".side-body").getBoundingClientRect();
  return Boolean(mark) && mark.top >= body.top && mark.bottom <= body.bottom;
}"""
TARGETED = (
    """getComputedStyle(document.querySelector(".stretch"), "::target-text").backgroundColor"""
)


@pytest.mark.browser
def test_a_link_with_a_text_fragment_opens_at_its_words_without_a_key_below_a_path(
    browser, tmp_path
):
    write_documents(tmp_path, DOCUMENTS | LONG)
    environ = {f"FUENTE_{name.upper()}": value for name, value in KEYED.items()}
    environ |= {"FUENTE_ROOT_PATH": "/fuente", "FUENTE_LINK_HOURS": "1"}
    with local_server(tmp_path, environ=environ) as url:
        links = Links(f"{url}/fuente", grants=grants_at(tmp_path, 1))
        context = browser.new_context(locale="es-ES")
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        for name, text, words, fragment in (
            (
                "año/ñandú.md",
                DOCUMENTS["año/ñandú.md"].removeprefix("# "),
                "Vive en la pampa.",
                "Vive,pampa",
            ),
            # Its first word stands far before the place, and in the page's own words too
            ("weeks.txt", LONG["weeks.txt"], "Here are the words.", "The,words"),
        ):
            start = text.index(words)
            link = links.reader(name, start, start + len(words))
            page.goto(f"{link}#:~:text={fragment}")
            becomes(page, "document.querySelector('mark')?.textContent", words)
            assert "access=" in page.url
            # The browser has looked for the fragment by then, and scrolled where it was let
            page.wait_for_timeout(800)
            assert page.evaluate(SEEN)
            assert page.evaluate(TARGETED) == "rgba(0, 0, 0, 0)"
            assert page.locator(".problem").count() == 0, "nobody is asked for a key who reads"
            page.reload()
            becomes(page, "document.querySelector('mark')?.textContent", words)
        page.locator("[data-keep=close]").click()
        page.wait_for_selector(".problem input[type=password]")
        context.close()

"""Documents from links: which addresses are asked, what is taken, and one clear error for everything else."""

import contextlib
import gzip
import hashlib
import ipaddress
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api import cli, fetching
from api.app import create_app
from api.fetching import Fetched, fetch, is_link, is_public
from api.messages import translated
from api.native import fetched
from api.settings import load_settings
from corpus.document import LinkError
from index.local.build import build
from qa.engine import Engine

MB = 2**20
RULES = "Las normas del año: pagan tres euros.\n"


class Site(BaseHTTPRequestHandler):
    """Answers by path; what it was asked is kept."""

    pages: dict = {}
    asked: list = []

    def do_GET(self):
        self.asked.append((self.path, self.headers["Host"]))
        status, headers, body = self.pages.get(self.path.partition("?")[0], (404, {}, b"no"))
        if callable(body):
            body(self)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture(scope="module")
def site():
    """``http://normas.example:PORT``, whose name leads to this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://normas.example:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def pages():
    Site.pages, Site.asked = {}, []
    return Site.pages


def here(host, port):
    """Every name leads to this machine."""
    return ["127.0.0.1"]


def take(url, max_bytes=MB, resolve=here, total_s=20.0):
    return fetch(url, max_bytes, resolve=resolve, is_allowed=lambda address: True, total_s=total_s)


def page(body, kind="text/html; charset=utf-8", status=200, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    return status, {"Content-Type": kind, **named}, data


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "192.0.0.8", "198.18.0.1", "203.0.113.5", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)  # fmt: skip
def test_no_address_of_this_machine_or_its_networks_is_asked(address):
    assert not is_public(ipaddress.ip_address(address))

    def resolve(host, port):
        return [address]

    with pytest.raises(LinkError, match=r"x\.example is no public address"):
        fetch("https://x.example/a.pdf", MB, resolve=resolve)


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:220:1::1"])
def test_public_addresses_are(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:7f00:1]", "0"]
)
def test_this_machine_is_refused_however_it_is_written(host):
    with pytest.raises(LinkError, match="is no public address|there is no"):
        fetch(f"http://{host}:9/a.txt", MB)


def test_a_name_that_has_one_address_inside_is_refused_whole():
    with pytest.raises(LinkError, match="is no public address"):
        fetch("http://x.example/", MB, resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])


def test_a_name_is_resolved_once_and_the_connection_goes_where_was_looked(site, pages):
    pages["/a.txt"] = page(RULES, "text/plain; charset=utf-8")
    looked = []

    def resolve(host, port):
        looked.append(host)
        # A second look would lead elsewhere
        return ["127.0.0.1"] if len(looked) == 1 else ["127.0.0.2"]

    found = take(f"{site}/a.txt", resolve=resolve)
    assert looked == ["normas.example"]
    assert found.data == RULES.encode()
    assert found.doc_id == "normas.example/a.txt"
    assert Site.asked[0][1].startswith("normas.example:")


def test_a_redirect_is_looked_at_again(site, pages):
    pages["/a"] = (302, {"Location": "http://inside.example/secret"}, b"")

    def resolve(host, port):
        return ["127.0.0.1"] if host == "normas.example" else ["10.0.0.1"]

    allowed = ipaddress.ip_address("127.0.0.1")
    with pytest.raises(LinkError, match=r"inside\.example is no public address"):
        fetch(f"{site}/a", MB, resolve=resolve, is_allowed=lambda one: one == allowed)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site, pages, status):
    pages["/a"] = (status, {"Location": "b/normas.txt"}, b"")
    pages["/b/normas.txt"] = page(RULES, "text/plain")
    assert take(f"{site}/a").doc_id == "normas.example/normas.txt"


def test_redirects_have_an_end(site, pages):
    pages["/a"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(LinkError, match="more than 5 times"):
        take(f"{site}/a")
    assert len(Site.asked) == 6


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://x.example/", "", "gopher://x/"])
def test_a_redirect_to_something_else_is_no_link(site, pages, place):
    pages["/a"] = (302, {"Location": place}, b"")
    # An empty one leads to itself
    with pytest.raises(LinkError, match="is no link to a file|more than 5 times"):
        take(f"{site}/a")


def test_a_link_does_not_go_on_from_https_to_http(monkeypatch):
    monkeypatch.setattr(fetching, "_ask", lambda *_: "http://x.example/b.txt")
    with pytest.raises(LinkError, match="from https to http"):
        take("https://x.example/a.txt")


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/a", "file:///etc/passwd", "https://", "http://[::1", "http://x:99999/", "javascript:1",
     "https://x.example/" + "a" * 5000, "http://a b/", "HTTPS:x"],
)  # fmt: skip
def test_what_is_no_link_is_told(url):
    with pytest.raises(LinkError, match="is no link to a file"):
        take(url)


def test_a_link_with_a_password_is_refused():
    with pytest.raises(LinkError, match="user name or a password"):
        take("https://ana:secreto@x.example/a.pdf")


def test_a_name_that_is_not_there_is_told():
    def resolve(host, port):
        raise socket.gaierror("no")

    with pytest.raises(LinkError, match=r"there is no nada\.example"):
        take("https://nada.example/a.pdf", resolve=resolve)


def test_a_server_that_does_not_answer_is_told(site):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(LinkError, match="cannot be reached"):
            take(f"http://normas.example:{port}/a.txt")


def test_a_status_is_told(site):
    with pytest.raises(LinkError, match="status 404"):
        take(f"{site}/nada")


@pytest.mark.parametrize("said", [True, False])
def test_a_file_that_is_too_large_is_not_read_to_its_end(site, pages, said):
    body = b"a" * 300_000

    def send(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        if said:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1 if said else 400):
                handler.wfile.write(body)

    pages["/a.txt"] = (200, {}, send)
    with pytest.raises(LinkError, match="more than 100,000 bytes"):
        take(f"{site}/a.txt", max_bytes=100_000)


def test_a_file_that_comes_in_drops_is_broken_off(site, pages):
    def send(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.1)

    pages["/a.txt"] = (200, {}, send)
    began = time.monotonic()
    with pytest.raises(LinkError, match="did not send the file in time"):
        take(f"{site}/a.txt", total_s=1.0)
    assert time.monotonic() - began < 5


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(fetching, "WAIT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(LinkError, match="did not send the file in time"):
            take(f"http://normas.example:{port}/a.txt")


def test_a_file_that_is_cut_short_is_not_taken(site, pages):
    pages["/a.txt"] = page("abc", "text/plain", Content_Length="500")
    with pytest.raises(LinkError, match="broke off"):
        take(f"{site}/a.txt")


def test_an_empty_file_and_a_packed_one_are_told(site, pages):
    pages["/a.txt"] = page("", "text/plain")
    with pytest.raises(LinkError, match="is empty"):
        take(f"{site}/a.txt")
    packed = gzip.compress(b"a" * 1000)
    pages["/b.txt"] = page(packed, "text/plain", Content_Encoding="gzip")
    with pytest.raises(LinkError, match=r"sends the file packed \(gzip\)"):
        take(f"{site}/b.txt")


def test_a_certificate_that_does_not_hold_is_told(site):
    """A name that is another one than that of the certificate, or a server that speaks no TLS at all."""
    with pytest.raises(LinkError, match="cannot be reached"):
        take(site.replace("http:", "https:") + "/a.txt")


def test_a_certificate_of_somebody_else_is_told(monkeypatch):
    def wrap(self, sock, **_):
        error = ssl.SSLCertVerificationError(1, "no")
        error.verify_message = "self-signed certificate"
        raise error

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(
            LinkError, match=r"certificate of x\.example does not hold \(self-signed"
        ):
            take(f"https://x.example:{port}/a.txt")


@pytest.mark.parametrize(
    ("path", "kind", "disposition", "name"),
    [
        ("/normas.pdf", "application/pdf", None, "normas.pdf"),
        ("/normas.pdf", "application/octet-stream", None, "normas.pdf"),
        ("/normas.pdf", "text/html", None, "normas.html"),  # a page that says: log in
        ("/", "text/html", None, "index.html"),
        ("/a/b/", "text/html", None, "index.html"),
        ("/guía del año", "text/html", None, "guía del año.html"),
        ("/page.htm", "text/html", None, "page.htm"),
        ("/v1.2", "text/html", None, "v1.2.html"),
        ("/notas.md", "text/plain", None, "notas.md"),
        ("/download", "application/octet-stream", 'attachment; filename="Acta nº 3.docx"', "Acta nº 3.docx"),
        ("/x", "application/pdf", "inline; filename*=UTF-8''a%C3%B1o%2F..%2Facta.pdf", "acta.pdf"),
        ("/x", "application/pdf", 'attachment; filename="..\\\\..\\\\a.pdf"', "a.pdf"),
        ("/tabla.docx", "application/zip", None, "tabla.docx"),
    ],
)  # fmt: skip
def test_a_file_is_called_what_it_is(site, pages, path, kind, disposition, name):
    headers = {"Content_Disposition": disposition.encode().decode("latin-1")} if disposition else {}
    from urllib.parse import quote

    pages[quote(path)] = page("x", kind, **headers)
    found = take(site + path).doc_id
    assert found.startswith("normas.example/")
    assert found.removeprefix("normas.example/") in (name, name.encode().decode("latin-1"))


def test_two_pages_of_one_path_are_two_files(site, pages):
    pages["/p"] = page(RULES)
    one, two = take(f"{site}/p?id=1"), take(f"{site}/p?id=2")
    assert one.doc_id != two.doc_id
    assert one.doc_id.endswith(".html")
    assert take(f"{site}/p?id=1#cap-3").doc_id == one.doc_id


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/octet-stream", ""])
def test_a_type_that_is_not_read_is_told(site, pages, kind):
    pages["/a.exe"] = page("x", kind)
    with pytest.raises(LinkError, match="which is not read"):
        take(f"{site}/a.exe")


def test_a_text_is_read_in_the_letters_that_the_server_says(site, pages):
    pages["/a.txt"] = page("Año de ñandú".encode("latin-1"), "text/plain; charset=iso-8859-1")
    assert take(f"{site}/a.txt").data.decode("utf-8-sig") == "Año de ñandú"
    pages["/a.csv"] = page("Año;20 € – “sí”".encode("cp1252"), "text/csv; charset=iso-8859-1")
    assert take(f"{site}/a.csv").data.decode("utf-8-sig") == "Año;20 € – “sí”"
    pages["/b.txt"] = page("Año", "text/plain; charset=klingon")
    assert take(f"{site}/b.txt").data == "Año".encode()
    pages["/c.txt"] = page(b"\xff\xfe\xff", "text/plain; charset=euc-jp")
    assert take(f"{site}/c.txt").data == b"\xff\xfe\xff"


def test_every_error_is_told_in_spanish():
    for text in (
        "x.example is no public address; files of this machine and its network are added as files",
        "the file is empty; check the link",
        "x.example answers with status 404; expected 200: open the link in a browser to see why",
    ):
        assert translated(text, "es") not in (None, text)


# at the doors


@pytest.fixture
def data(tmp_path):
    data = tmp_path / "data"
    write_documents(data, {"carta.txt": "Iñaki vendió la barca azul en mayo.\n"})
    return data


@contextlib.contextmanager
def serving(data, lang="en", **environ):
    build(data, HashEncoder())
    engine = Engine(data, HashEncoder())
    given = {f"FUENTE_{name.upper()}": value for name, value in environ.items()}
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0", **given}, data), engine)
    with TestClient(app, "http://127.0.0.1:8000", headers={"Accept-Language": lang}) as client:
        yield client
    engine.close()


@pytest.fixture
def open_way(monkeypatch):
    """Has links lead to this machine, and be allowed to."""

    def way(url, max_bytes):
        return take(url, max_bytes)

    monkeypatch.setattr(fetching, "fetch", way)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_links_are_not_followed_unless_the_owner_says_so(data, lang):
    with serving(data, lang) as client:
        told = client.post("/v1/documents/link", json={"url": "https://example.org/a.pdf"})
        assert told.status_code == 403
        assert "fetch_links" in told.json()["detail"]
        assert client.get("/v1/info").json()["fetch_links"] is False


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_link_inside_is_refused_in_both_languages(data, lang):
    with serving(data, lang, fetch_links="yes") as client:
        told = client.post("/v1/documents/link", json={"url": "http://127.0.0.1:8000/v1/info"})
    assert told.status_code == 422
    body = told.json()
    assert body["code"] == "link_refused"
    assert ("no es una dirección pública" if lang == "es" else "no public address") in body[
        "detail"
    ]
    assert "cause" not in body


def test_a_link_becomes_a_document(data, site, pages, open_way):
    pages["/normas.html"] = page(f"<title>Normas</title><p>{RULES}")
    with serving(data, fetch_links="yes") as client:
        assert client.get("/v1/info").json()["fetch_links"] is True
        made = client.post("/v1/documents/link", json={"url": f"{site}/normas.html"})
        assert made.status_code == 201
        assert (made.json()["id"], made.json()["replaced"]) == ("normas.example/normas.html", False)
        assert made.headers["location"] == made.json()["url"]
        again = client.post("/v1/documents/link", json={"url": f"{site}/normas.html"})
        assert again.json()["replaced"] is True
        listed = client.get("/v1/documents").json()["data"]
        assert "normas.example/normas.html" in [one["id"] for one in listed]
    assert (data / "documents" / "normas.example" / "normas.html").is_file()


def test_only_so_many_links_are_followed_at_once(data, monkeypatch):
    monkeypatch.setattr(fetched, "_places", threading.BoundedSemaphore(1))
    with serving(data, fetch_links="yes") as client, fetched._places:
        told = client.post("/v1/documents/link", json={"url": "https://example.org/a.pdf"})
    assert told.status_code == 503
    assert told.json()["code"] == "overloaded"


def test_a_key_of_scope_index_is_needed(data):
    keys = ",".join(f"{s}:{hashlib.sha256(s.encode()).hexdigest()}" for s in ("search", "index"))
    with serving(data, fetch_links="yes", keys=keys) as client:
        body = {"url": "http://127.0.0.1/"}
        told = [
            client.post("/v1/documents/link", json=body, headers={"Authorization": f"Bearer {s}"})
            for s in ("search", "index")
        ]
    assert [one.status_code for one in told] == [403, 422]


def test_build_takes_links_where_the_owner_lets_it(data, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    asked = []

    def way(url, max_bytes):
        asked.append(url)
        return Fetched("normas.example/normas.txt", RULES.encode(), url)

    monkeypatch.setattr(fetching, "fetch", way)
    link = "https://normas.example/normas.txt"
    assert cli.main(["build", "--data", str(data), link]) != 0
    assert "FUENTE_FETCH_LINKS=yes" in capsys.readouterr().err
    assert asked == []
    monkeypatch.setenv("FUENTE_FETCH_LINKS", "yes")
    assert cli.main(["build", "--data", str(data), "--dry-run", link]) == 0
    assert f"would fetch: {link}" in capsys.readouterr().err
    assert asked == []
    assert cli.main(["build", "--data", str(data), link]) == 0
    assert "fetched: normas.example/normas.txt" in capsys.readouterr().err
    assert (data / "documents" / "normas.example" / "normas.txt").read_text("utf-8") == RULES


def test_what_is_a_link():
    assert is_link("https://x.example/a.pdf")
    assert is_link("HTTP://x")
    assert not is_link("http.txt")
    assert not is_link("./https:/x")

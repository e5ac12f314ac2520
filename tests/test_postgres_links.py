"""Links that hosts share in a real PostgreSQL: what one of them signed opens at all."""

import os
import time
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest
from postgres_server import PostgresServer, needs_postgres
from test_postgres_keys import AWAY, TOLD_S, bearer, host, until
from test_postgres_keys import shared as shared_keys

from api.keys import add_key
from api.links import SECRET_NAME, FileSecret, Grants
from api.shared_links import MOVED_NAME, SharedSecrets
from corpus.document import IndexUnavailableError

pytestmark = needs_postgres
TEXT = "El molino de Ronda muele trigo desde 1892.\n"


def table_at(url):
    from index.postgres.link_secrets import SecretTable

    return SecretTable(url)


def shared(url, data):
    return SharedSecrets(table_at(url), data)


def test_a_secret_is_made_when_there_is_none_and_is_that_of_all(database, tmp_path):
    with (
        closing(shared(database, tmp_path / "one")) as one,
        closing(shared(database, tmp_path / "two")) as two,
    ):
        [secret] = one.current()
        assert len(secret) == 32
        assert two.current() == (secret,)
    assert not list(tmp_path.iterdir()), "nothing of it is on a disk"


def test_links_that_hosts_signed_before_they_shared_open_at_all_of_them(database, tmp_path):
    given = []
    for name in ("one", "two"):
        grants = Grants(FileSecret(tmp_path / name), 1)
        given.append(grants.grant("default", "año.txt"))
    hosts = [shared(database, tmp_path / name) for name in ("one", "two")]
    first, second = (Grants(known, 1) for known in hosts)
    with closing(first), closing(second):
        until(lambda: len(hosts[0].current()) == 2)
        assert hosts[0].current() == hosts[1].current()
        for grants in (first, second):
            for one in given:
                assert grants.holds(one, "default", "año.txt")
            assert grants.grant("default", "año.txt") == given[0]
    for name in ("one", "two"):
        assert not (tmp_path / name / SECRET_NAME).exists()
        assert (tmp_path / name / MOVED_NAME).stat().st_mode & 0o777 == 0o600
    # the same file again, as out of a backup
    os.replace(tmp_path / "two" / MOVED_NAME, tmp_path / "two" / SECRET_NAME)
    with closing(shared(database, tmp_path / "two")) as again:
        assert len(again.current()) == 2


@pytest.mark.parametrize("trouble", ["damaged", "unmovable"])
def test_a_secret_that_cannot_be_moved_stays_and_no_other_signs(
    database, tmp_path, monkeypatch, trouble
):
    path = tmp_path / SECRET_NAME
    secret = FileSecret(tmp_path).current()
    if trouble == "damaged":
        path.write_bytes(b"short")
    else:

        def refuse(*_):
            raise PermissionError(1, "no")

        monkeypatch.setattr("api.take_over.os.replace", refuse)
    with closing(shared(database, tmp_path)) as known:
        assert known.current() is None
        assert path.exists()
        monkeypatch.undo()
        path.write_bytes(secret[0])
        until(lambda: known.current() == secret)


def test_what_was_signed_goes_on_opening_while_the_server_is_away(tmp_path):
    server = PostgresServer()
    try:
        with closing(Grants(shared(server.url, tmp_path), 1)) as grants:
            grant = grants.grant("default", "a.txt")
            server.kill()
            time.sleep(1.5)
            assert grants.holds(grant, "default", "a.txt")
            assert grants.grant("default", "a.txt") == grant
    finally:
        server.close()


def test_a_server_that_is_away_is_told():
    with closing(table_at(AWAY)) as table:
        for call in (table.secrets, lambda: table.make(b"s" * 32)):
            with pytest.raises(IndexUnavailableError, match="127.0.0.1:1/index does not answer"):
                call()


def test_a_link_of_which_nobody_can_say_what_it_opens_is_no_wrong_key(tmp_path):
    with host(AWAY, tmp_path / "one", link_hours=1) as client:
        told = client.get("/v1/documents/a.txt", headers=bearer("link:1.x"))
        assert (told.status_code, told.json()["code"]) == (503, "index_unavailable")
        assert told.headers["Retry-After"] == "2"


def test_a_link_signed_at_one_host_opens_at_the_other_until_its_secret_is_taken_away(
    database, tmp_path
):
    import psycopg

    key = bearer(add_key(shared_keys(database, tmp_path), "ana", "admin"))
    hosts = [host(database, tmp_path / name, link_hours=1) for name in ("one", "two")]
    with hosts[0] as one, hosts[1] as two:
        files = {"files": ("molino.txt", TEXT, "text/plain")}
        stored = one.post("/v1/documents?build=true", files=files, headers=key)
        job = stored.json()["job"]["url"]
        until(lambda: one.get(job, headers=key).json()["status"] == "succeeded", 120)
        one.app.state.service.engine.reload()
        asked = one.post("/v1/ask", json={"query": "¿Qué muele el molino?"}, headers=key).json()
        url = urlsplit(asked["citations"][0]["url"])
        [access] = parse_qs(url.query)["access"]
        linked = bearer(f"link:{access}")
        for client in (one, two):
            assert TEXT in client.get("/v1/documents/molino.txt/original", headers=linked).text
            assert client.get("/v1/documents/other.txt", headers=linked).status_code == 401
            assert client.get("/v1/documents", headers=linked).status_code == 401
        with psycopg.connect(database) as connection:
            connection.execute("DELETE FROM fuente.link_secrets")
        for client in (one, two):
            until(
                lambda client=client: (
                    client.get("/v1/documents/molino.txt", headers=linked).status_code == 401
                ),
                TOLD_S,
            )

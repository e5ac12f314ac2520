"""Jobs that hosts share in a real PostgreSQL: asked for anywhere, made by one at a time, gone on with where their builder died."""

import json
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from child import started
from conftest import clean_environ
from postgres_server import needs_postgres

from api.settings import load_settings
from api.shared_jobs import MAX_TRIES, SharedJobs
from corpus.document import (
    BuildRunningError,
    IndexUnavailableError,
    MissingExtraError,
    SettingsError,
    Skipped,
    StoreError,
)
from index.local.build import BuildReport, Progress

pytestmark = needs_postgres
TESTS = Path(__file__).parent
LIMIT_S = 120


class Waiting:
    """A build that says where it is and waits until it is let go, stopped or told to fail."""

    def __init__(self):
        self.go, self.began, self.failure, self.asked = (
            threading.Event(),
            threading.Event(),
            None,
            [],
        )

    def __call__(self, *, full, allow_removal, progress, cancelled):
        self.asked.append((full, allow_removal))
        progress(Progress("encode", 1, 3, 1.5))
        self.began.set()
        while not self.go.wait(0.01):
            if cancelled():
                raise RuntimeError("stopped")
        if self.failure:
            raise self.failure
        skipped = (Skipped("año.pdf", "it is empty"),)
        return BuildReport("b2", ("a",), (), (), ("b",), skipped, 2, 5, 3, 0.5)


@pytest.fixture
def queue(postgres, tmp_path):
    from index.postgres.queue import JobQueue

    return JobQueue(postgres.url, tmp_path.name)


@contextmanager
def host(queue, build=None, after=lambda: None, *, builds=True):
    jobs = SharedJobs(queue, build or Waiting(), after, builds=builds)
    try:
        yield jobs
    finally:
        jobs.close(LIMIT_S)


def until(what, within_s=LIMIT_S):
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"it did not come to that within {within_s} s")


def ended(jobs, job_id):
    return until(lambda: (job := jobs.get(job_id)).finished and job)


def test_a_job_asked_for_at_one_host_is_made_and_seen_at_others(queue):
    build, taken = Waiting(), []
    with (
        host(queue, after=lambda: taken.append("asking"), builds=False) as asking,
        host(queue, build, lambda: taken.append("building")) as building,
    ):
        assert asking.kept() == []
        job = asking.start(full=True)
        assert (job.status, job.full, job.started_at) == ("queued", True, None)
        asking.look()
        assert not build.began.wait(0.2)
        building.look()
        running = until(lambda: (found := asking.get(job.job_id)).progress and found)
        assert (running.status, running.progress) == ("running", Progress("encode", 1, 3, 1.5))
        assert running.version > job.version
        with pytest.raises(BuildRunningError, match=f"job {job.job_id} is running"):
            asking.start(full=False)
        build.go.set()
        done = ended(asking, job.job_id)
        assert done.status == "succeeded"
        assert done.report == build(full=True, allow_removal=False, progress=print, cancelled=bool)
        assert done.created_at <= done.started_at <= done.finished_at
        # whoever sees it succeed can ask the new build
        assert taken == ["building", "asking"]
        assert building.kept() == asking.kept() == [done]
    assert asking.get("job_0") is None
    assert asking.cancel("job_0") is None


def test_what_waits_is_one_job_and_may_remove_what_any_of_them_may(queue):
    build = Waiting()
    with host(queue, build) as jobs:
        first = jobs.ensure()
        assert build.began.wait(LIMIT_S)
        second = jobs.ensure()
        assert second.job_id != first.job_id
        again = jobs.ensure(allow_removal=True)
        assert (again.job_id, again.allow_removal) == (second.job_id, True)
        assert jobs.ensure().allow_removal
        build.go.set()
        assert ended(jobs, second.job_id).status == "succeeded"
        assert build.asked == [(False, False), (False, True)]


def test_a_job_is_stopped_from_another_host(queue):
    build = Waiting()
    with host(queue, builds=False) as asking, host(queue, build) as building:
        running = building.start(full=False)
        assert build.began.wait(LIMIT_S)
        waiting = asking.ensure()
        assert asking.cancel(waiting.job_id).status == "cancelled"
        asking.cancel(running.job_id)
        done = ended(asking, running.job_id)
        assert (done.status, done.error, done.report) == ("cancelled", None, None)
        assert asking.cancel(running.job_id) == done


@pytest.mark.parametrize(
    ("failure", "kind", "text"),
    [
        (StoreError("the disk"), StoreError, "the disk"),
        (MissingExtraError("x", ImportError(name="y"), "z"), MissingExtraError, "pip install"),
        (ValueError("a secret"), Exception, ""),
    ],
)
def test_why_a_job_failed_is_told_at_every_host(queue, failure, kind, text):
    build = Waiting()
    build.failure = failure
    build.go.set()
    with host(queue, builds=False) as asking, host(queue, build) as building:
        done = ended(asking, building.start(full=False).job_id)
    assert done.status == "failed"
    assert isinstance(done.error, kind)
    assert type(done.error).__name__ == type(failure).__name__
    assert text in str(done.error)
    assert "secret" not in str(done.error)


def test_only_the_last_jobs_are_kept(queue, monkeypatch):
    monkeypatch.setattr("api.shared_jobs.KEPT_JOBS", 2)
    with host(queue, builds=False) as jobs:
        ids = [jobs.ensure().job_id]
        for _ in range(3):
            jobs.cancel(ids[-1])
            ids.append(jobs.ensure().job_id)
        assert [job.job_id for job in jobs.kept()] == [ids[3], ids[2]]


def test_a_job_waits_while_a_command_builds(queue):
    build = Waiting()
    build.go.set()
    once = [BuildRunningError("another process builds")]

    def busy(**given):
        if once:
            raise once.pop()
        return build(**given)

    with host(queue, busy) as jobs:
        assert ended(jobs, jobs.start(full=False).job_id).status == "succeeded"


def test_a_job_goes_to_another_builder_when_its_own_is_closed(queue):
    first, second = Waiting(), Waiting()
    second.go.set()
    with host(queue, first) as closing, host(queue, second) as other:
        job = closing.start(full=True)
        assert first.began.wait(LIMIT_S)
        other.look()
        closing.close(LIMIT_S)
        waiting = other.get(job.job_id)
        assert (waiting.status, waiting.started_at) == ("queued", None)
        closing.look()
        assert not second.began.is_set()
        other.look()
        assert ended(other, job.job_id).status == "succeeded"
    assert (len(first.asked), second.asked) == (1, [(True, False)])


def test_a_job_whose_builder_is_gone_is_begun_again_a_few_times(queue):
    build = Waiting()
    build.go.set()
    with host(queue, build) as jobs, host(queue, builds=False) as asking:
        for tries in range(1, MAX_TRIES + 1):
            job = asking.ensure()
            for _ in range(tries):
                # one who dies leaves what the server sees of it here: no lock, and a row that is running
                with queue.builder() as dying:
                    assert dying.take().job_id == job.job_id
                    jobs.look()
                    until(lambda: jobs._thread is None)
                assert asking.get(job.job_id).status == "running"
            jobs.look()
            done = ended(asking, job.job_id)
            assert done.status == ("succeeded" if tries < MAX_TRIES else "failed")
        assert "the build was begun 3 times" in str(done.error)
    assert len(build.asked) == MAX_TRIES - 1


def test_a_builder_that_loses_the_server_leaves_its_job(queue, postgres):
    import psycopg

    build, other = Waiting(), Waiting()
    other.go.set()
    with host(queue, build) as losing, host(queue, other) as jobs:
        job = losing.start(full=False)
        assert build.began.wait(LIMIT_S)
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
                " AND classid::bigint = (hashtext('fuente.builder')::bigint & 4294967295)"
                " AND objid::bigint = (hashtext(%s)::bigint & 4294967295)",
                (queue._collection,),
            )
        until(lambda: losing._thread is None)
        assert jobs.get(job.job_id).status == "running"
        jobs.look()
        assert ended(jobs, job.job_id).status == "succeeded"


def test_a_server_that_is_away_is_told():
    from index.postgres.queue import JobQueue

    with host(JobQueue("postgresql://ana:secret@127.0.0.1:1/index", "default")) as jobs:
        for ask in (jobs.ensure, jobs.kept, jobs.look):
            with pytest.raises(IndexUnavailableError, match="does not answer"):
                ask()


def test_a_server_that_was_never_asked_for_a_job_has_none(postgres):
    import psycopg

    from index.postgres.queue import JobQueue

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE jobless")
    there = psycopg.conninfo.make_conninfo(postgres.url, dbname="jobless")
    assert not JobQueue(there, "default").is_wanted()


def test_who_builds_no_jobs_shares_them(tmp_path):
    with pytest.raises(SettingsError, match="builds is 'no' but the documents are in a folder"):
        load_settings({"FUENTE_BUILDS": "no"}, tmp_path)


# ------------------------------------------------------------------------- processes


@contextmanager
def service(url, data, deaths, **settings):
    """A client of a service in a process of its own, which dies of the first deadly passage, and the process."""
    data.mkdir()
    given = json.dumps({"documents": "index", **settings})
    command = [sys.executable, TESTS / "hash_service.py", url, str(data), given, str(deaths)]
    with started(command, clean_environ()) as child:
        port = int(child.line(within_s=LIMIT_S))
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=LIMIT_S) as client:
            yield client, child.process


def uploaded(client, name, text):
    given = client.post("/v1/documents?build=true", files={"files": (name, text, "text/plain")})
    assert given.status_code == 201, given.text
    return given.json()["job"]


def succeeded(client, job):
    done = until(
        lambda: (
            (body := client.get(job["url"]).json())["status"] not in ("queued", "running") and body
        )
    )
    assert done["status"] == "succeeded", done
    return done


def answers(client, question):
    found = client.post("/v1/search", json={"query": question}).json()
    return [hit["text"] for hit in found["data"]]


@pytest.mark.timeout(600)
def test_a_file_uploaded_at_one_process_is_built_by_another_also_when_a_builder_is_killed(
    database, tmp_path
):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    with service(database, one, deaths, builds="no") as (asked, _):
        with service(database, two, deaths) as (building, builder):
            job = uploaded(asked, "mill.txt", "The mill of Ronda grinds wheat.\n")
            done = succeeded(asked, job)
            assert "mill.txt" in done["report"]["added"]
            for client in (asked, building):
                assert "The mill of Ronda grinds wheat." in answers(client, "Which mill?")
            job = uploaded(asked, "well.txt", "The deadly well of Ronda is deep.\n")
            builder.wait(LIMIT_S)
            assert (deaths / "0").read_text() == str(builder.pid)
        # what serves is as it was, and the job is told as it was left
        assert answers(asked, "Which well?") == ["The mill of Ronda grinds wheat."]
        assert asked.get(job["url"]).json()["status"] == "running"
        with service(database, three, deaths):
            done = succeeded(asked, job)
        assert done["report"]["added"] == ["well.txt"]
        assert "The deadly well of Ronda is deep." in answers(asked, "Which well?")

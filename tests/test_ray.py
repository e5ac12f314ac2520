"""Passages encoded on a real Ray cluster whose workers and nodes are killed: `make cluster-test`."""

import importlib.util
import os
import pickle
import sys
import time
from contextlib import closing
from functools import partial

import pytest
from conftest import ROOT
from dying_encoder import DyingEncoder
from hash_encoder import HashEncoder
from test_encoding import ENCODER, encoded, files_of, never, passages
from test_results import Telling as Said

from corpus.document import EncoderError, MissingExtraError
from index.encoding.pool import Here
from index.encoding.ray import cluster
from index.encoding.units import MOST_RUNS, Units
from index.local.build import build

needs_ray = pytest.mark.skipif(
    not importlib.util.find_spec("ray"), reason="Ray is not installed: make cluster-test"
)
# of Ray's own modules, and of sockets that it leaves to the end of the process
pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def nodes():
    """A head with one core, and what adds a node with another; all processes of their own."""
    from ray.cluster_utils import Cluster

    # the workers find what the tests import
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    started = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
    )
    try:
        yield started
    finally:
        started.shutdown()
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def on(nodes, opens):
    return Units(opens, partial(cluster, nodes.address))


@needs_ray
def test_a_worker_that_is_killed_changes_nothing_of_the_build(nodes, tmp_path):
    here, there, deaths = (tmp_path / name for name in ("here", "there", "deaths"))
    deaths.mkdir()
    for data in (here, there):
        (data / "documents").mkdir(parents=True)
        for passage in passages(60):
            (data / "documents" / passage.doc_id).write_text(passage.text)
    build(here, ENCODER)
    report = build(there, ENCODER, pool=on(nodes, partial(DyingEncoder, deaths, 2)))
    assert (report.n_encoded, len(list(deaths.iterdir()))) == (60, 2)
    assert files_of(there) == files_of(here)


class Telling(HashEncoder):
    """A slow one that leaves the id of the process that started its own, on a cluster that of the node, in a folder."""

    def __init__(self, folder):
        super().__init__(64)
        self._folder = folder

    def encode_tokens(self, texts, kind):
        (self._folder / str(os.getppid())).touch()
        time.sleep(0.3)
        return super().encode_tokens(texts, kind)


@needs_ray
def test_a_node_that_is_killed_changes_nothing_of_what_is_encoded(nodes, tmp_path):
    some, found, node, killed = passages(600), {}, None, False
    pool = on(nodes, partial(Telling, tmp_path))
    with closing(pool.encode(some, never)) as results:
        for places, made in results:
            if node is None:
                # not before the head has been chosen to talk to
                node = nodes.add_node(num_cpus=1)
                raylet = node.all_processes["raylet"][0].process.pid
            elif not killed and (tmp_path / str(raylet)).exists():
                # with it its workers, what they are at, and what they have made and nobody has fetched
                nodes.remove_node(node, allow_graceful=False)
                killed = True
            assert not found.keys() & set(places)
            found.update(zip(places, map(pickle.dumps, made), strict=True))
    assert killed
    assert [found[place] for place in range(600)] == encoded(Here(ENCODER), some)


@needs_ray
def test_passages_that_end_every_worker_are_given_up(nodes, tmp_path):
    with pytest.raises(EncoderError, match="Ray gave up some files or passages after 4 runs"):
        encoded(on(nodes, partial(DyingEncoder, tmp_path, 99)), passages(20))
    assert len(list(tmp_path.iterdir())) == MOST_RUNS


@needs_ray
def test_what_came_of_units_is_taken_from_where_nodes_kept_it(nodes, tmp_path):
    (tmp_path / "mnt").mkdir()
    some, url = passages(250), f"file://{tmp_path}/mnt"
    for host in ("one", "two"):
        (tmp_path / host).mkdir()
        opens = partial(Said, tmp_path / host)
        found = encoded(Units(opens, partial(cluster, nodes.address), url), some)
        assert found == encoded(Here(ENCODER), some)
    assert len(list((tmp_path / "one").iterdir())) == 250
    assert list((tmp_path / "two").iterdir()) == []


class Other(HashEncoder):
    """Another one on the nodes than where the build is."""

    def __init__(self, parent):
        super().__init__(64, seed=int(os.getpid() != parent))


@needs_ray
def test_nodes_with_another_encoder_are_refused_in_a_line(nodes):
    with pytest.raises(EncoderError, match="would make other things of them: it has format-"):
        encoded(on(nodes, partial(Other, os.getpid())), passages(10))


@needs_ray
def test_a_cluster_that_does_not_answer_is_told():
    with pytest.raises(EncoderError, match="Ray at ray://127.0.0.1:1 cannot be had"):
        encoded(Units(partial(HashEncoder, 64), partial(cluster, "ray://127.0.0.1:1")), passages(4))


@needs_ray
def test_a_cluster_that_was_killed_here_before_is_not_waited_for(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    some = passages(20)
    found = encoded(Units(partial(HashEncoder, 64), partial(cluster, None)), some)
    assert found == encoded(Here(ENCODER), some)


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'fuente\[ray\]'"):
        encoded(Units(partial(HashEncoder, 64), partial(cluster, None)), passages(4))

"""The arithmetic of docs/guide/scaling.md."""

import json
from dataclasses import replace

import pytest

from benchmarks.ingest.scaling import (
    LAYOUTS,
    PAGE,
    SIZES,
    Fleet,
    Layout,
    UnitCosts,
    cluster,
    filled,
    fleets,
    read_costs,
    smallest_node,
    tables,
)

COSTS = UnitCosts(
    cores=2,
    disk_bytes_per_chunk=20_000,
    query_ms=25,
    embedded_per_s=36,
    core_ms_per_chunk=10,
    bm25_terms=100,
)


def test_memory_is_the_vectors_the_index_and_the_terms():
    """Dense 384 x 2 bytes, index 384 x 4 / 2, 100 terms of 8 bytes; the index stays whole when vectors shrink."""
    assert Layout("", 768).memory_bytes(COSTS) == 768 + 768 + 800
    assert Layout("", 48).memory_bytes(COSTS) == 48 + 768 + 800


def test_a_cluster_holds_two_copies_in_the_usable_part_of_its_memory():
    """10 million chunks of 2,336 bytes are 23.4 GB; a node of 8 vCPU has 32 GiB, of which 27.5 GB may be filled."""
    small = cluster(10_000_000, Layout("", 768), COSTS, 8)
    assert small.memory_gb == pytest.approx(23.36)
    assert small.disk_gb == pytest.approx(200)
    assert small.nodes == 3
    assert small.month == pytest.approx(3 * 8 * 0.041 * 730 + 2 * 200 / 0.7 * 0.08)
    large = cluster(1_000_000_000, Layout("", 768), COSTS, 32)
    assert large.nodes == 43  # 4,672 GB in nodes of 109.95 GB
    assert large.shards == 86


def test_more_chunks_never_need_less():
    for layout in LAYOUTS:
        found = [cluster(chunks, layout, COSTS, 8) for chunks in (10**6, 10**7, 10**8, 10**9)]
        assert [c.nodes for c in found] == sorted(c.nodes for c in found)
        assert [c.month for c in found] == sorted(c.month for c in found)


def test_small_clusters_are_made_of_small_nodes():
    assert smallest_node(1_000_000, Layout("", 768), COSTS) == 4
    assert smallest_node(1_000_000_000, Layout("", 768), COSTS) == 32


def test_hours_and_money_follow_from_the_rate():
    """36 chunks a second are 129,600 an hour."""
    fleet = Fleet("two machines", 36, 0.5)
    assert fleet.hours(129_600) == pytest.approx(1)
    assert fleet.money(1_296_000) == pytest.approx(5)


def test_the_rate_of_whole_ingestion_replaces_that_of_embedding_once_it_is_measured():
    assert next(fleets(COSTS)).chunks_per_s == 36
    assert next(fleets(replace(COSTS, ingested_per_s=30))).chunks_per_s == 30


def test_a_gpu_embeds_no_more_than_its_cores_can_pool():
    """4 cores at 10 ms a chunk are 400 chunks a second."""
    gpu = next(fleet for fleet in fleets(COSTS) if "GPU" in fleet.name)
    assert gpu.chunks_per_s == 400


def test_what_is_not_measured_is_said():
    assert tables(COSTS)["unit costs"].count("not measured yet") == 2
    measured = tables(replace(COSTS, ingested_per_s=30.0, second_worker=1.9))["unit costs"]
    assert "not measured yet" not in measured


def test_results_that_are_not_there_yet_are_left_open(tmp_path):
    machine = {"cores": 4}
    sizes = {"5000": {}, "50000": {"footnote": {"bytes_per_chunk": 1000, "full_retrieval_ms": {"p50": 20}}}}
    kept = {
        "queries": {"machine": machine, "chunks": sizes},
        "embedding": {"machine": machine, "footnote_texts_per_s": 30},
        "chunk-costs": {"machine": machine, "pool_to_40_ms": 6, "bm25_ms": 2, "bm25_terms": 70},
    }
    for name, figures in kept.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(figures))
    assert read_costs(tmp_path) == UnitCosts(4, 1000, 20, 30, 8, 70)


def test_the_page_holds_the_tables_of_the_kept_results():
    """`python -m benchmarks scaling --write` puts them there."""
    page = PAGE.read_text(encoding="utf-8")
    found = tables(read_costs())
    assert page == filled(page, found), "stale: run `python -m benchmarks scaling --write`"
    assert all(table in page for table in found.values())
    assert all(name in page for name in SIZES)

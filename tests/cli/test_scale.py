"""All of Sweden on paper: the arithmetic of `livlina bench scale` holds together."""

from itertools import chain

from livlina.cli.bench import scale


def test_every_municipality_is_whole_in_one_cluster_and_none_is_lost() -> None:
    wanted = scale.sizes()
    assert (len(wanted), wanted == scale.sizes()) == (290, True)
    assert abs(sum(wanted) - scale.INHABITANTS) < 100_000
    for clusters in (1, 7, 21):
        placed = scale.place(wanted, clusters)
        assert sorted(chain.from_iterable(placed), reverse=True) == wanted


def test_more_clusters_let_a_fault_hit_fewer_and_one_does_not_do() -> None:
    rows = scale.simulate()
    assert [row.hit_share for row in rows] == sorted((row.hit_share for row in rows), reverse=True)
    assert rows[0].hit_share == 1.0
    assert scale.table(rows).count("\n") == len(rows) + 1

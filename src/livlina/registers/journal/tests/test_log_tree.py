"""The tree and its proofs, against the numbers published with Certificate Transparency and the RFC's own recursion."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.registers.journal.log import tree
from livlina.witness import merkle

LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def mth(leaves: Sequence[bytes]) -> bytes:
    """The Merkle Tree Hash, word for word from RFC 6962 2.1; the oracle shares no line with what is tested."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return [*path(m, leaves[:k]), mth(leaves[k:])] if m < k else [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b) of RFC 6962 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


class Kept:
    """Tiles in a dictionary, grown in steps."""

    def __init__(self, leaves: Sequence[bytes], steps: Sequence[int] = ()) -> None:
        self.tiles: dict[tree.Place, bytes] = {}
        self.size = 0
        for until in [*sorted(step for step in steps if step < len(leaves)), len(leaves)]:
            self.add(leaves[self.size : until])

    def add(self, leaves: Sequence[bytes]) -> None:
        """Set leaves at the end, and see that no tile lost anything."""
        hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
        changed = tree.grow(self.size, hashes, lambda level, number: self.tiles.get((level, number), b""))
        for place, row in changed.items():
            assert row.startswith(self.tiles.get(place, b"")), "a tile only grows"
        self.tiles |= changed
        self.size += len(leaves)

    def roots(self, spans: Sequence[tree.Span]) -> list[bytes]:
        """The roots of spans, from no more tiles than were asked for."""
        asked = {place: self.tiles[place] for place in tree.needed(spans)}
        return [tree.root(span, asked) for span in spans]


def numbered(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_trees_have_the_published_roots(size):
    assert tree.root((0, size), Kept(LEAVES[:size]).tiles).hex() == ROOTS[size - 1]


@given(data=st.data(), size=st.integers(1, 700))
def test_every_proof_is_the_one_the_rfc_writes_and_holds(data, size):
    leaves = numbered(size)
    kept = Kept(leaves, data.draw(st.lists(st.integers(0, size), max_size=6)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    proof = kept.roots(tree.inclusion(index, size))
    assert proof == path(index, leaves)
    head = mth(leaves)
    assert tree.root((0, size), kept.tiles) == head
    assert merkle.includes(index, size, merkle.leaf_hash(leaves[index]), proof, head)
    between = kept.roots(tree.consistency(old, size))
    assert between == subproof(old, leaves, True)
    assert merkle.extends(old, size, mth(leaves[:old]), head, between)


@given(data=st.data(), size=st.integers(2, 300))
def test_no_proof_holds_for_anything_else(data, size):
    leaves = numbered(size)
    kept, head = Kept(leaves), mth(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size - 1))
    proof, leaf = kept.roots(tree.inclusion(index, size)), merkle.leaf_hash(leaves[index])
    between, before = kept.roots(tree.consistency(old, size)), mth(leaves[:old])
    other = merkle.leaf_hash(b"other")
    assert not merkle.includes(index, size, other, proof, head)
    assert not merkle.includes((index + 1) % size, size, leaf, proof, head)
    assert not merkle.includes(index, size, leaf, proof[:-1], head)
    assert not merkle.includes(index, size, leaf, [*proof, other], head)
    assert not merkle.extends(old, size, other, head, between)
    assert not merkle.extends(old, size, before, other, between)
    assert not merkle.extends(old, size, before, head, [*between, other])
    assert not merkle.extends(old, size, before, head, between[:-1])
    changed = [*leaves]
    changed[data.draw(st.integers(0, old - 1))] = b"other"
    forked = Kept(changed)
    assert not merkle.extends(old, size, before, mth(changed), forked.roots(tree.consistency(old, size)))


def test_a_tree_across_three_levels_of_tiles_is_proved_with_few_tiles_and_little_to_carry():
    """70 000 leaves: tiles of three levels. The same at ten million is `livlina bench records`."""
    leaves = numbered(70_000)
    kept = Kept(leaves, [1, 255, 256, 257, 65_535, 65_536, 65_537])
    assert {level for level, _ in kept.tiles} == {0, 1, 2}
    head = tree.root((0, kept.size), kept.tiles)
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        spans = tree.inclusion(index, kept.size)
        assert len(spans) * tree.HASH <= 17 * tree.HASH
        assert len(tree.needed(spans)) <= 6
        assert merkle.includes(index, kept.size, merkle.leaf_hash(leaves[index]), kept.roots(spans), head)


def test_a_tile_that_is_gone_or_short_is_said_to_be():
    kept = Kept(numbered(300))
    for hurt in (kept.tiles | {(0, 0): b""}, kept.tiles | {(0, 1): kept.tiles[0, 1][:-32]}):
        with pytest.raises(tree.Missing, match="tile"):
            tree.root((0, 300), {place: row for place, row in hurt.items() if place[0] == 0})

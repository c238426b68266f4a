"""A growing Merkle tree (RFC 6962) kept as tiles, and the proofs that are made of them.

A tile holds up to 256 hashes of one level, eight levels of the tree above each other (C2SP tlog-tiles): level 0 the
leaves, level 1 the complete subtrees of 256 leaves, and so on. A tile only ever grows at its end. Whatever is proved is
hashed from a few tiles, named beforehand, so that they are fetched by one question.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from livlina.witness import merkle

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH = 32

Place = tuple[int, int]
"""(level, number) of a tile, or (height, number) of a complete subtree."""
Tiles = Mapping[Place, bytes]
Span = tuple[int, int]
"""The leaves [first, last) of a subtree as RFC 6962 cuts it."""


class Missing(Exception):
    """A tile that a proof needs is not there, or is too short: the log is damaged."""


def complete(low: int, high: int) -> Iterator[Place]:
    """Yield the complete subtrees that make up the leaves [low, high), the leftmost first."""
    while low < high:
        height = (high - low).bit_length() - 1
        if low:
            height = min(height, (low & -low).bit_length() - 1)
        yield height, low >> height
        low += 1 << height


def tile_of(subtree: Place) -> Place:
    """Return the tile from whose hashes a complete subtree is made."""
    height, number = subtree
    return height // HEIGHT, (number << height % HEIGHT) // WIDTH


def needed(spans: Iterable[Span]) -> set[Place]:
    """Return every tile that the roots of these spans are made from."""
    return {tile_of(subtree) for low, high in spans for subtree in complete(low, high)}


def root(span: Span, tiles: Tiles) -> bytes:
    """Return the root over the leaves of a span. Raises Missing."""
    return merkle.fold([_subtree(subtree, tiles) for subtree in complete(*span)])


def _subtree(subtree: Place, tiles: Tiles) -> bytes:
    height, number = subtree
    place, width = tile_of(subtree), 1 << height % HEIGHT
    start = (number * width) % WIDTH * HASH
    row = tiles.get(place, b"")[start : start + width * HASH]
    if len(row) != width * HASH:
        raise Missing(f"tile {place[0]}/{place[1]}")
    return top(row)


def top(row: bytes) -> bytes:
    """Return the root of a complete subtree whose hashes stand in `row`: a power of two of them."""
    hashes = [row[at : at + HASH] for at in range(0, len(row), HASH)]
    while len(hashes) > 1:
        hashes = [merkle.node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def inclusion(index: int, size: int) -> list[Span]:
    """Return the spans whose roots are the path of a leaf, the nearest first (RFC 6962 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("No such leaf.")
    path: list[Span] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _cut(high - low)
        if index < middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    return path[::-1]


def consistency(old: int, size: int) -> list[Span]:
    """Return the spans whose roots prove that a tree extends an older one (RFC 6962 2.1.2)."""
    if not 0 <= old <= size:
        raise ValueError("No such size.")
    if old in (0, size):
        return []
    path: list[Span] = []
    low, high = 0, size
    while old != high:
        middle = low + _cut(high - low)
        if old <= middle:
            path.append((middle, high))
            high = middle
        else:
            path.append((low, middle))
            low = middle
    if low:
        path.append((low, high))
    return path[::-1]


def _cut(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def grow(size: int, leaves: Sequence[bytes], tile: Callable[[int, int], bytes]) -> dict[Place, bytes]:
    """Return every tile that changes when `leaves` are set after the first `size`, as it then is.

    `tile(level, number)` gives a tile as it stands, or b"": only the last of each level is asked for.
    """
    changed: dict[Place, bytes] = {}
    level, added = 0, list(leaves)
    while added:
        done, full = size >> HEIGHT * level, []
        for number, row in _rows(done, added):
            held = tile(level, number) if done % WIDTH and number == done // WIDTH else b""
            changed[level, number] = held[: done % WIDTH * HASH if number == done // WIDTH else 0] + row
            if len(changed[level, number]) == WIDTH * HASH:
                full.append(top(changed[level, number]))
        level, added = level + 1, full
    return changed


def _rows(done: int, added: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Cut what is added to a level that has `done` hashes into its tiles."""
    at = 0
    while at < len(added):
        number, used = divmod(done + at, WIDTH)
        part = added[at : at + WIDTH - used]
        yield number, b"".join(part)
        at += len(part)

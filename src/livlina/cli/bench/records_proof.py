"""Proofs in a log of ten million entries: how large, how long to make, how long to verify in Chromium.

The leaves are hashes of numbers. Tiles of the lowest level are hashed by two processes and thrown away but for those the
proofs need; everything above is kept. The verifier is the very module of the page.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

from livlina.cli.bench.locks_browser import NAMES, serving
from livlina.cli.surroundings import ROOT
from livlina.registers.journal.chain import pack
from livlina.registers.journal.log import tree
from livlina.witness import merkle, notes

STATIC = ROOT / "src" / "livlina" / "registers" / "journal" / "static" / "journal"
PROOFS, TIMES = 200, 200
LOG = notes.Signer.of("bench.example/journal/1", notes.LOG, b"\x01" * 32)
OUTSIDE = [notes.Signer.of(f"outside{n}.example/witness", notes.WITNESS, bytes([n]) * 32) for n in (2, 3)]
SPECIAL = 12_345


def entry(index: int) -> dict[str, Any]:
    """An entry as `bevis.json` tells it, without its path."""
    content: list[str | None] = [
        "f",
        "c",
        "00",
        None,
        "0",
        "minute",
        "",
        "phone",
        "SoL",
        "",
        "",
        "Hon orkar. " * 50,
        "",
        None,
    ]
    salt = "5e5d4f0e-0000-4000-8000-000000000000"
    head = [
        "livlina journal 1",
        "journal_note",
        "n",
        "1",
        "p",
        "1",
        "1",
        "7",
        "Karin Ekdal",
        "",
        "",
        None,
        "1790000000000000",
    ]
    digest = sha256(pack([salt, pack(content)]).encode()).hexdigest()
    return {"index": index, "head": head, "digest": digest, "prev_hash": "", "salt": salt, "content": content}


def leaf(index: int) -> bytes:
    """The hash of a leaf: of a number, but for the one the browser is asked about."""
    if index == SPECIAL:
        one = entry(index)
        return merkle.leaf_hash(sha256(pack([*one["head"], one["digest"], ""]).encode()).digest())
    return merkle.leaf_hash(index.to_bytes(32, "big"))


def block(given: tuple[int, int, frozenset[int]]) -> tuple[list[bytes], dict[tree.Place, bytes]]:
    """Hash some tiles of the lowest level: their tops, and those that are to be kept whole."""
    first, last, wanted = given
    tops, kept = [], {}
    for number in range(first, last):
        row = b"".join(leaf(index) for index in range(number * tree.WIDTH, (number + 1) * tree.WIDTH))
        tops.append(tree.top(row))
        if number in wanted:
            kept[0, number] = row
    return tops, kept


def grown(size: int, indexes: list[int]) -> dict[tree.Place, bytes]:
    """Return the tiles that these leaves' proofs need, of a tree of `size` leaves."""
    full, rest = divmod(size, tree.WIDTH)
    wanted = frozenset(index // tree.WIDTH for index in indexes)
    tops: list[bytes] = []
    tiles: dict[tree.Place, bytes] = {}
    parts = [(at, min(at + 500, full), wanted) for at in range(0, full, 500)]
    with ProcessPoolExecutor(2) as pool:
        for found, kept in pool.map(block, parts):
            tops += found
            tiles |= kept
    if rest:
        tiles[0, full] = b"".join(leaf(index) for index in range(full * tree.WIDTH, size))
    upper = tree.grow(0, tops, lambda level, number: b"")
    return tiles | {(level + 1, number): row for (level, number), row in upper.items()}


def measure(size: int) -> list[dict[str, Any]]:
    """Build the tree, make proofs, verify them here and in the browser."""
    from livlina.cli.bench.records import row

    began = time.monotonic()
    chance = random.Random(1)  # noqa: S311 - the same leaves each time
    indexes = [SPECIAL, 0, size - 1, *(chance.randrange(size) for _ in range(PROOFS))]
    tiles = grown(size, indexes)
    built = time.monotonic() - began
    root, longest, took = tree.root((0, size), tiles), 0, []
    for index in indexes:
        began = time.perf_counter()
        path = [tree.root(span, tiles) for span in tree.inclusion(index, size)]
        took.append((time.perf_counter() - began) * 1000)
        longest = max(longest, sum(map(len, path)))
        if not merkle.includes(index, size, leaf(index), path, root):
            raise RuntimeError(f"The proof of leaf {index} does not hold.")
    found = [
        row(f"inclusion proof at {size:,} entries, longest", "≤ 1 kB", f"{longest} bytes", longest <= 1000),
        row(
            "made of its tiles, p50 / p95",
            "",
            f"{statistics.median(took):.1f} / {statistics.quantiles(took, n=20)[18]:.1f} ms",
        ),
        row("the tree itself hashed", "", f"{built:.0f} s"),
    ]
    timed = in_browser(told(size, root, tiles))
    if timed is None:
        return [*found, row("verified in Chromium", "< 5 ms", "no browser here")]
    words = f"{timed[0]:.1f} / {timed[1]:.1f} ms"
    return [*found, row("proof with log's and two witnesses' signatures, verified in Chromium, p50 / p95", "< 5 ms",
                        words, timed[1] < 5)]  # fmt: skip


def told(size: int, root: bytes, tiles: dict[tree.Place, bytes]) -> dict[str, Any]:
    """The proof of one entry, cosigned by two."""
    text = notes.Checkpoint(LOG.key.name, size, root).text
    lines = (LOG.line(text), *(one.line(text, 1_790_000_000) for one in OUTSIDE))
    path = [notes.b64(tree.root(span, tiles)) for span in tree.inclusion(SPECIAL, size)]
    return {
        "livlina_proof": 1,
        "checkpoint": str(notes.Note(text, lines)),
        "entries": [entry(SPECIAL) | {"path": path}],
    }


TIMED = """async ([proof, keys, times, module]) => {
  const { verify } = await import(module);
  const found = [];
  for (let at = 0; at < times; at += 1) {
    const before = performance.now();
    const said = await verify(proof, keys);
    found.push(performance.now() - before);
    if (!said.holds || said.witnesses.length !== 2 || said.entries[0].told !== true) return null;
  }
  found.sort((a, b) => a - b);
  return [found[Math.floor(times / 2)], found[Math.floor(times * 0.95)]];
}"""


def in_browser(proof: dict[str, Any]) -> list[float] | None:
    """Return milliseconds (p50, p95) to verify a proof in Chromium; None where there is none. Raises if it does not hold."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    if path is None:
        return None
    keys = {
        "logs": {LOG.key.name: str(LOG.key)},
        "witnesses": {one.key.name: str(one.key) for one in OUTSIDE},
    }
    with serving(Path(STATIC)) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.goto(f"{origin}/proof.css")
            found: list[float] | None = page.evaluate(TIMED, [proof, keys, TIMES, f"{origin}/proof.js"])
        finally:
            browser.close()
    if found is None:
        raise RuntimeError("The browser says that the proof does not hold: " + json.dumps(proof)[:200])
    return found

"""The page that verifies a proof: in the browser, also saved as a file and opened without a network."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.core.tenancy import acting
from livlina.registers.journal import actions, jobs
from livlina.registers.journal.log import keys, sequencer
from livlina.registers.journal.log.proof import entries_of, proof_of
from livlina.registers.journal.models import LogCosignature
from livlina.witness import notes
from tests.browser.look import check_axe, screenshot

SJOHAGA = notes.Signer.of("sjohaga.example/witness", notes.WITNESS, b"\x05" * 32)


@pytest.fixture
def proof(own_database, asvalla, karin, astrid, astrids_file, write, settings, now) -> dict[str, Any]:
    """Astrid's proof of three notes, a correction and her own view, cosigned by Sjöhaga's witness."""
    settings.WITNESSES = [{"name": "Sjöhaga kommun", "url": "http://127.0.0.1:9", "key": str(SJOHAGA.key)}]
    with acting(asvalla.pk, (1, 2, 3)):
        rows = [write(karin, astrids_file, f"Astrid ringde om dörren, å {number}.") for number in range(9)]
        actions.correct(
            rows[1].pk, "struck_wrong_text", "Fel dörr", new_text="Hon menade grinden.", by=karin, now=now
        )
        actions.add_dissent(rows[2].pk, "Jag sa balkongen.", "Astrid", by=karin, now=now)
        jobs.sequence(asvalla.pk, now)
        log = sequencer.store.current(asvalla.pk)
        assert log is not None
        assert keys.signer(log, now)
        newest = log.checkpoints.get()  # type: ignore[attr-defined]
        line = SJOHAGA.line(notes.Note.read(newest.note).text, int(now.timestamp()))
        LogCosignature.objects.create(
            municipality=asvalla, checkpoint=newest, witness=SJOHAGA.key.name, line=line, at=now
        )
        entries = entries_of(astrid.pk, 1, [row.pk for row in rows[:3]])
        told = proof_of(entries, asvalla.name, now)
    assert told is not None
    return told


def drop(page: Any, told: dict[str, Any] | str) -> Any:
    """Choose a file, and return where the result stands."""
    text = told if isinstance(told, str) else json.dumps(told)
    page.get_by_label("Välj filen bevis.json").set_input_files(
        {"name": "bevis.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    return page.locator("#proof-result")


def test_a_citizen_sees_what_holds_and_what_does_not_and_the_saved_page_does_too(
    proof, live, browser_page, tmp_path: Path
):
    page = browser_page
    page.goto("/proof/")
    result = drop(page, proof)
    expect(result.get_by_role("heading", name="Beviset håller")).to_be_visible()
    expect(result).to_contain_text("Sjöhaga kommun hade sett journalen så här 2 mars 2026")
    expect(result).to_contain_text("Astrid ringde om dörren, å 2.")
    expect(result).to_contain_text("Jag sa balkongen.")
    check_axe(page)
    screenshot(page, "proof")

    changed = json.loads(json.dumps(proof))
    changed["entries"][0]["content"][11] = "Astrid ringde inte."
    result = drop(page, changed)
    expect(result.get_by_role("heading", name="Beviset håller inte")).to_be_visible()
    expect(result).to_contain_text("Orden i filen är inte de som skrevs i journalen.")
    expect(result).not_to_contain_text("Astrid ringde inte.")

    bent = page.evaluate(BEND, proof)  # the module's own answer, so that twelve ways cost one page
    assert bent.pop("as it is") == [True, 1]
    assert bent.pop("no cosignature") == [True, 0]
    assert bent.pop("another's cosignature") == [True, 0]
    assert len(bent) == 9
    assert {name: said for name, said in bent.items() if said is not None and said[0]} == {}

    with page.expect_download() as saved:
        page.get_by_role("link", name="Spara kontrollen").click()
    saved.value.save_as(tmp_path / "kontrollera-bevis.html")
    page.context.set_offline(True)
    page.goto((tmp_path / "kontrollera-bevis.html").as_uri())
    result = drop(page, proof)
    expect(result.get_by_role("heading", name="Beviset håller")).to_be_visible()
    page.context.set_offline(False)


BEND = """async (proof) => {
  const { verify } = await import(document.querySelector('script[src*="journal/proof"]').src);
  const keys = JSON.parse(document.getElementById("proof-keys").textContent);
  const ways = {
    "as it is": () => {},
    "no cosignature": (p) => { p.checkpoint = p.checkpoint.trimEnd().split("\\n").slice(0, -1).join("\\n") + "\\n"; },
    "another's cosignature": (p) => { p.checkpoint = p.checkpoint.replace(/(sjohaga.example.witness .{30})./, "$1x"); },
    "no signature": (p) => { p.checkpoint = p.checkpoint.replace(/— .*journal.*\\n/, ""); },
    "a changed root": (p) => {
      p.checkpoint = p.checkpoint.replace(/\\n(.)(.{43})\\n/, (_, a, b) => `\\n${a === "A" ? "B" : "A"}${b}\\n`);
    },
    "a changed size": (p) => { const l = p.checkpoint.split("\\n"); l[1] = "99"; p.checkpoint = l.join("\\n"); },
    "another log": (p) => { p.checkpoint = "x" + p.checkpoint; },
    "another place": (p) => { p.entries[0].index += 1; },
    "a shorter path": (p) => { p.entries[0].path.pop(); },
    "a changed author": (p) => { p.entries[0].head[8] = "Johan Brink"; },
    "a changed salt": (p) => { p.entries[0].salt = p.entries[1].salt; },
    "another's path": (p) => { p.entries[0].path = p.entries[2].path; },
  };
  const said = {};
  for (const [name, bend] of Object.entries(ways)) {
    const copy = structuredClone(proof);
    bend(copy);
    try { const r = await verify(copy, keys); said[name] = [r.holds, r.witnesses.length]; } catch { said[name] = null; }
  }
  return said;
}"""

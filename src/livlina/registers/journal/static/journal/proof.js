/* Verifies a proof (bevis.json) in the browser, and asks no server: RFC 6962 paths, C2SP checkpoints and cosignatures.
   The same text stands in the page that can be saved and opened without a network. */

const utf8 = new TextEncoder();
const fromBase64 = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((one, at) => one === b[at]);
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Each part as its length in bytes, a colon and the part; a missing one as "-": as chain.py writes it. */
export function pack(parts) {
  return parts.map((part) => (part === null ? "-" : `${utf8.encode(part).length}:${part}`)).join(",");
}

/** Whether a path leads from a leaf at `index` to the root of a tree of `size` leaves (RFC 9162 2.1.3.2). */
export async function includes(index, size, leaf, path, root) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let place = BigInt(index);
  let last = BigInt(size - 1);
  let found = leaf;
  for (const beside of path) {
    if (last === 0n || beside.length !== 32) return false;
    if (place & 1n || place === last) {
      found = await sha256(joined([1], beside, found));
      while (!(place & 1n) && place) {
        place >>= 1n;
        last >>= 1n;
      }
    } else found = await sha256(joined([1], found, beside));
    place >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(found, root);
}

/** Read a key: name+hash+base64(type, 32 bytes). */
function readKey(text) {
  const [name, id, ...rest] = text.split("+");
  const data = fromBase64(rest.join("+"));
  return { name, id: fromHex(id), use: data[0], raw: data.slice(1) };
}

/** When (POSIX seconds; 0 for a log) a key signed a note, or null. */
async function signedBy(note, key) {
  for (const line of note.lines) {
    const [dash, name, code] = line.split(" ");
    if (dash !== "—" || name !== key.name) continue;
    const data = fromBase64(code);
    if (!same(data.slice(0, 4), key.id)) continue;
    const witness = key.use === 4;
    const at = witness ? Number(new DataView(data.buffer).getBigUint64(4)) : 0;
    const message = witness ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
    const signature = data.slice(witness ? 12 : 4);
    const known = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
    if (await crypto.subtle.verify({ name: "Ed25519" }, known, signature, utf8.encode(message))) return at;
    return null;
  }
  return null;
}

function readNote(whole) {
  const end = whole.lastIndexOf("\n\n");
  if (end < 1) throw new Error("note");
  const text = whole.slice(0, end + 1);
  const [origin, size, root] = text.split("\n");
  return { text, lines: whole.slice(end + 2).trimEnd().split("\n"), origin, size: Number(size), root: fromBase64(root) };
}

/** Verify one entry: its words against its digest when they are there, its hash, and its place in the log. */
async function verifyEntry(entry, note) {
  let told = null;
  if (entry.content) told = toHex(await sha256(utf8.encode(pack([entry.salt, pack(entry.content)])))) === entry.digest;
  const hash = await sha256(utf8.encode(pack([...entry.head, entry.digest, entry.prev_hash])));
  const leaf = await sha256(joined([0], hash));
  const placed = await includes(entry.index, note.size, leaf, entry.path.map(fromBase64), note.root);
  return { entry, placed, told, holds: placed && told !== false };
}

/** Verify a proof against the keys that are trusted: {logs: {origin: key}, witnesses: {name: key}}. Asks nobody. */
export async function verify(proof, keys) {
  if (proof?.livlina_proof !== 1 || !Array.isArray(proof.entries) || !proof.entries.length) throw new Error("form");
  const note = readNote(proof.checkpoint);
  const log = Object.hasOwn(keys.logs, note.origin) ? readKey(keys.logs[note.origin]) : null;
  const signed = log !== null && (await signedBy(note, log)) !== null;
  const witnesses = [];
  for (const [name, text] of Object.entries(keys.witnesses)) {
    const at = await signedBy(note, readKey(text));
    if (at) witnesses.push({ name, at });
  }
  const entries = [];
  for (const entry of proof.entries) entries.push(await verifyEntry(entry, note));
  const holds = signed && entries.every((one) => one.holds);
  return { origin: note.origin, size: note.size, known: log !== null, signed, witnesses, entries, holds };
}

/* ---- The page. ---- */

const given = (id) => JSON.parse(document.getElementById(id).textContent);
const element = (name, words, kind = "") => Object.assign(document.createElement(name), { textContent: words, className: kind });
const stamp = (milliseconds) =>
  new Date(milliseconds).toLocaleString(document.documentElement.lang || "sv", { dateStyle: "long", timeStyle: "short" });

function shown(one, words) {
  const { head, content } = one.entry;
  const part = element("li", "", "lv-panel");
  const kinds = { journal_note: words.note, journal_correction: words.correction, journal_dissent: words.dissent };
  part.append(element("b", `${kinds[head[1]] ?? head[1]}, ${stamp(Number(head[12]) / 1000)}`));
  part.append(element("p", [head[8], head[9], head[10]].filter(Boolean).join(", "), "lv-muted"));
  const text = { journal_note: 11, journal_correction: 2, journal_dissent: 2 }[head[1]];
  if (one.told === true && one.placed && text) part.append(Object.assign(element("p", content[text], "lv-text"), { lang: "sv" }));
  const said = !one.placed ? words.not_placed : one.told === false ? words.changed : one.told ? words.as_written : words.only_digest;
  const line = element("p", said, "ds-validation-message");
  line.dataset.color = one.holds ? "success" : "danger";
  part.append(line);
  return part;
}

function show(place, result, words) {
  const well = result.holds && result.witnesses.length > 0;
  const box = element("div", "", "ds-alert");
  box.dataset.color = well ? "success" : result.holds ? "warning" : "danger";
  box.append(element("h2", well ? words.holds : result.holds ? words.alone : words.fails, "ds-heading"));
  if (!result.known) box.append(element("p", words.unknown));
  else if (!result.signed) box.append(element("p", words.unsigned));
  if (!result.holds) box.append(element("p", words.advice));
  for (const witness of result.holds ? result.witnesses : [])
    box.append(element("p", words.seen.replace("WITNESS", witness.name).replace("TIME", stamp(witness.at * 1000))));
  const list = element("ul", "", "lv-plain lv-stack");
  list.append(...result.entries.map((one) => shown(one, words)));
  place.replaceChildren(box, list);
  place.dataset.done = well ? "holds" : result.holds ? "alone" : "fails";
  place.focus();
}

export async function read(text, place) {
  const words = given("proof-words");
  const fault = (said) => {
    const box = element("div", said, "ds-alert");
    box.dataset.color = "danger";
    place.replaceChildren(box);
    place.dataset.done = "fault";
    place.focus();
  };
  try {
    show(place, await verify(JSON.parse(text), given("proof-keys")), words);
  } catch (wrong) {
    fault(wrong.name === "NotSupportedError" ? words.old_browser : words.unreadable);
  }
}

function start() {
  const [field, area, place] = ["proof-file", "proof-area", "proof-result"].map((id) => document.getElementById(id));
  if (!field) return;
  field.addEventListener("change", async () => field.files[0] && read(await field.files[0].text(), place));
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", async (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) read(await file.text(), place);
  });
}

if (typeof document !== "undefined") start();

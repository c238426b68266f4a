// Doors from the phone: the other side of provider/doors/protocol. Works with no server and no network.
//
//   openDoor({bridge, number, key, chain, now, reason?, action?, news?, unsealing?, leading?, after?}) -> Promise<Answer>
//       one whole opening: challenge, proof, answer. Throws DoorFault; `faultWords(code)` are for the carer.
//       `chain`: [token] or [colleague's token, her loan]. `news`: {lists, time, acks} from the newest pack or outbox
//       answer, given to every lock. Answer.entries go home in an "opened" event, as they are.
//       Answer.question (a refused clock): ask the server to sign the time for {door, question}, and open again with it.
//   verifyToken(token, issuerPoint, now) -> Promise<Claims>      claimsOf(token) -> Claims (unchecked)
//   lend({key, token, to, doors, from, until}) -> Promise<Bytes>  a narrower loan for a colleague's phone
//   loanOf(loan) -> Loan, verifyLoan(loan, token, issuerPoint, now) -> Promise<Loan>   what a colleague has lent
//   unseal({key, token, now, reason}) -> Promise<Bytes>           breaks an emergency token's seal (good for 15 minutes);
//       keep it, give it to every door, and send an "emergency" event
//   lead({key, names, from, until}) -> Promise<Bytes>             a leader opens colleagues' continuation tokens
//   httpBridge(origin) -> Bridge                                  a native shell gives a bridge of its own, over radio
//   readEntry(raw) -> Entry                                       a line of the lock's log, to show
//
// Times are whole seconds since 1970, doors are numbers, keys are {privateKey, point} (see cose.js).
import { DoorFault, check, decode, encode, isPoint, kidOf, read, same, sha256, sign1, signed } from "./cose.js";

export { DoorFault };

/** @typedef {import("./cose.js").Bytes} Bytes */
/** @typedef {import("./cose.js").DoorKey} DoorKey */
/** @typedef {{issuer: string, name: Bytes, from: number, until: number, key: Bytes, kind: string, doors: Map<number, number>, area: string, epoch: number, leaders: Bytes[]}} Claims */
/** @typedef {{name: Bytes, from: number, until: number, key: Bytes, doors: number[], parent: Bytes}} Loan */
/** @typedef {{outcome: string, fault: string, at: number, entries: Bytes[], left: number, flags: number, battery: number, question: Bytes}} Answer */
/** @typedef {{door: number, number: number, at: number, outcome: string, fault: string, reason: number, token: Bytes, lent: Bytes, phone: Bytes, saidAt: number, flags: number}} Entry */
/** @typedef {{challenge: (number: number) => Promise<Bytes>, act: (number: number, message: Bytes) => Promise<Bytes>}} Bridge */
/** @typedef {{lists?: Bytes[], time?: Bytes, acks?: Bytes[]}} News */

export const SKEW = 120;
export const KINDS = ["shift", "stand_in", "round", "nursing", "fitting", "emergency", "continuation"];
export const LENT = ["shift", "stand_in", "round", "continuation"];
const OURS = -65537;
const CWT = 61;
const ACTIONS = ["open", "lock", "read"];
const OUTCOMES = ["opened", "locked", "refused", "fitted", "told"];
const NONE = new Uint8Array(0);

/** Why somebody opens, where a reason must be given: emergency and night rounds. By number on the wire. */
export const REASONS = [
  "", "Trygghetslarm", "Planerad tillsyn", "Oro för personen", "Akut sjukdom eller olycka", "Brand, rök eller vattenläcka",
  "Avbrott i systemen", "Annat skäl",
];

/** The lock's faults in the order of their numbers on the wire (protocol/faults.py), then the phone's own. */
export const FAULTS = new Map([
  ["", ""],
  ["malformed", "Låset förstod inte telefonen. Försök igen."],
  ["too_large", "Låset förstod inte telefonen. Försök igen."],
  ["version", "Låset och appen talar olika versioner. Uppdatera appen."],
  ["not_fitted", "Låset är inte färdigmonterat."],
  ["challenge", "Det tog för lång tid. Försök igen."],
  ["header", "Nyckeln är av fel slag."],
  ["issuer", "Nyckeln är utställd av någon som låset inte känner."],
  ["signature", "Nyckeln är inte äkta."],
  ["claims", "Nyckeln är av fel slag."],
  ["proof", "Nyckeln hör till en annan telefon."],
  ["door", "Nyckeln gäller inte den här dörren."],
  ["too_early", "Nyckeln gäller inte ännu."],
  ["expired", "Nyckeln har slutat gälla."],
  ["too_long", "Nyckeln är utställd för längre tid än tillåtet."],
  ["epoch", "Låset har bytt nycklar sedan den här nyckeln ställdes ut."],
  ["revoked", "Nyckeln är spärrad."],
  ["too_deep", "En lånad nyckel kan inte lånas vidare."],
  ["wider", "Den lånade nyckeln gäller fler dörrar än kollegans."],
  ["longer", "Den lånade nyckeln gäller längre än kollegans."],
  ["not_lent", "Den här sortens nyckel får inte lånas ut."],
  ["parent", "Den lånade nyckeln hör inte ihop med kollegans."],
  ["reason", "Ange varför du öppnar."],
  ["sealed", "Nödnyckeln är förseglad. Bryt förseglingen och ange skäl."],
  ["unsealed_late", "Nödnyckeln gäller bara i 15 minuter från att förseglingen bröts."],
  ["used", "Nyckeln har redan använts."],
  ["leader", "Arbetsledaren måste öppna fortsättningsnyckeln."],
  ["leader_time", "Arbetsledarens underskrift gäller inte nu."],
  ["clock_lost", "Låset vet inte vad klockan är. Det behöver nå kommunen, annars gäller metallnyckeln."],
  ["stuck", "Låset har fastnat. Ta metallnyckeln."],
  ["battery", "Låsets batteri är slut. Ta metallnyckeln."],
  ["unreachable", "Telefonen når inte låset. Gå närmare dörren och försök igen, eller ta metallnyckeln."],
]);
const CODES = [...FAULTS.keys()];

/** @param {string} code @returns {string} a sentence for the carer */
export const faultWords = (code) => FAULTS.get(code) ?? "Dörren öppnades inte.";

/** @param {unknown} one @returns {boolean} */
const count = (one) => Number.isSafeInteger(one) && Number(one) >= 0 && Number(one) < 2 ** 32;
/** @param {unknown} one @param {number} [length] @returns {boolean} */
const bytes = (one, length) => one instanceof Uint8Array && (length === undefined || one.length === length);

/** @param {string} text @param {number} most @returns {boolean} counted in signs, as the lock counts */
const named = (text, most) => [...text].length > 0 && [...text].length <= most;

/** @param {boolean} right @param {string} [code] */
function must(right, code = "claims") {
  if (!right) throw new DoorFault(code);
}

/** @param {unknown} held @param {number[]} keys @returns {Map<number, any>} a map with exactly these keys */
function mapOf(held, keys) {
  must(held instanceof Map && held.size === keys.length && keys.every((key) => held.has(key)));
  return /** @type {Map<number, any>} */ (held);
}

/** @param {unknown} confirmed @returns {Bytes} the point a token is bound to */
function pointOf(confirmed) {
  const key = mapOf(mapOf(confirmed, [1]).get(1), [1, -1, -2, -3]);
  must(key.get(1) === 2 && key.get(-1) === 1 && bytes(key.get(-2), 32) && bytes(key.get(-3), 32));
  const point = Uint8Array.from([4, ...key.get(-2), ...key.get(-3)]);
  must(isPoint(point));
  return point;
}

/** @param {Bytes} point @returns {Map<number, unknown>} */
function confirmation(point) {
  const key = new Map(/** @type {[number, unknown][]} */ ([[1, 2], [-1, 1], [-2, point.slice(1, 33)], [-3, point.slice(33)]]));
  return new Map([[1, key]]);
}

/** What a token says; whether its issuer said it is another question. @param {Bytes} token @returns {Claims} */
export function claimsOf(token) {
  const held = mapOf(decode(read(token, CWT).payload), [1, 4, 5, 7, 8, OURS]);
  const ours = held.get(OURS);
  must(ours instanceof Map);
  const leaders = ours.get(5) ?? [];
  mapOf(ours, [1, ...(ours.has(2) ? [2] : [3, 4]), ...(ours.has(5) ? [5] : [])]);
  const doors = ours.get(2) ?? new Map();
  const [kind, area, epoch, from, until] = [KINDS[ours.get(1) - 1], ours.get(3) ?? "", ours.get(4) ?? 0, held.get(5), held.get(4)];
  must(doors instanceof Map && [...doors].flat().every(count) && (doors.size > 0) !== (area !== "") && doors.size <= 400);
  must(count(ours.get(1)) && Boolean(kind) && typeof area === "string" && [epoch, from, until].every(count) && from < until);
  must(Array.isArray(leaders) && leaders.length <= 4 && leaders.every((one) => bytes(one, 32)));
  must(leaders.length > 0 === (kind === "continuation") && ours.has(5) === leaders.length > 0);
  must(typeof held.get(1) === "string" && named(held.get(1), 40) && named(area || "-", 80) && bytes(held.get(7), 16));
  return { issuer: held.get(1), name: held.get(7), from, until, key: pointOf(held.get(8)), kind, doors, area, epoch, leaders };
}

/** @param {number} from @param {number} until @param {number} now */
function holds(from, until, now) {
  must(now >= from - SKEW, "too_early");
  must(now <= until + SKEW, "expired");
}

/** What a token says, when its issuer signed it and it holds now. @param {Bytes} token @param {Bytes} issuer @param {number} now */
export async function verifyToken(token, issuer, now) {
  const one = read(token, CWT);
  must(same(one.kid, await kidOf(issuer)), "issuer");
  await check(one, issuer);
  const claims = claimsOf(token);
  holds(claims.from, claims.until, now);
  return claims;
}

/** @param {{key: DoorKey, token: Bytes, to: Bytes, doors: number[], from: number, until: number}} loan @returns {Promise<Bytes>} */
export async function lend({ key, token, to, doors, from, until }) {
  const held = claimsOf(token);
  must(LENT.includes(held.kind), "not_lent");
  must(doors.every((door) => held.area !== "" || held.doors.has(door)), "wider");
  must(from >= held.from && until <= held.until, "longer");
  const ours = new Map(/** @type {[number, unknown][]} */ ([[2, [...new Set(doors)].sort((a, b) => a - b)], [6, await sha256(token)]]));
  const name = crypto.getRandomValues(new Uint8Array(16));
  const payload = new Map(/** @type {[number, unknown][]} */ ([[4, until], [5, from], [7, name], [8, confirmation(to)], [OURS, ours]]));
  return sign1(encode(payload), { key, typ: "livlina-narrow" });
}

/** What a loan says, unchecked. @param {Bytes} loan @returns {Loan} */
export function loanOf(loan) {
  const held = mapOf(decode(read(loan, "livlina-narrow").payload), [4, 5, 7, 8, OURS]);
  const ours = mapOf(held.get(OURS), [2, 6]);
  const [from, until, name, doors, parent] = [held.get(5), held.get(4), held.get(7), ours.get(2), ours.get(6)];
  must(count(from) && count(until) && from < until && bytes(name, 16) && bytes(parent, 32));
  must(Array.isArray(doors) && doors.length > 0 && doors.length <= 400 && doors.every(count));
  return { name, from, until, key: pointOf(held.get(8)), doors, parent };
}

/** Whether a colleague's loan would open: before one walks to the door. @param {Bytes} loan @param {Bytes} token @param {Bytes} issuer @param {number} now */
export async function verifyLoan(loan, token, issuer, now) {
  const [held, lent] = [await verifyToken(token, issuer, now), loanOf(loan)];
  must(LENT.includes(held.kind), "not_lent");
  must(same(lent.parent, await sha256(token)), "parent");
  await check(read(loan, "livlina-narrow"), held.key);
  must(lent.doors.every((door) => held.area !== "" || held.doors.has(door)), "wider");
  must(lent.from >= held.from && lent.until <= held.until, "longer");
  holds(lent.from, lent.until, now);
  return lent;
}

/** @param {{key: DoorKey, token: Bytes, now: number, reason: number}} seal `reason`: a number of REASONS but 0 */
export async function unseal({ key, token, now, reason }) {
  must(count(reason) && reason > 0 && reason < REASONS.length, "reason");
  return sign1(encode([claimsOf(token).name, now, reason]), { key, typ: "livlina-unseal" });
}

/** @param {{key: DoorKey, names: Bytes[], from: number, until: number}} led `names`: claimsOf(token).name of each */
export async function lead({ key, names, from, until }) {
  const order = [...names].sort((a, b) => (before(a, b) ? -1 : 1));
  return sign1(encode([key.point, order, from, until]), { key, typ: "livlina-lead" });
}

/** @param {Bytes} a @param {Bytes} b @returns {boolean} */
function before(a, b) {
  const at = [...a].findIndex((one, place) => one !== b[place]);
  return at >= 0 && a[at] < b[at];
}

/** Whether the municipality's receipt for a log is of this lock's: others would only weigh. @param {Bytes} ack @param {number} number */
function isFor(ack, number) {
  try {
    return decode(read(ack, "livlina-ack").payload)[0] === number;
  } catch {
    return false;
  }
}

/** @param {{nonce: Bytes, number: number, key: DoorKey, chain: Bytes[], now: number, reason?: number, action?: string, news?: News, unsealing?: Bytes, leading?: Bytes, after?: number}} ask */
export async function askDoor({ nonce, number, key, chain, now, reason = 0, action = "open", news = {}, unsealing, leading, after }) {
  /** @type {[number, any][]} */
  const parts = [[1, (news.lists ?? []).slice(0, 3)], [2, news.time], [3, (news.acks ?? []).filter((one) => isFor(one, number)).slice(-8)], [4, unsealing], [5, leading]];
  const extra = new Map(parts.filter(([, held]) => held?.length));
  if (after) extra.set(6, after);
  const does = ACTIONS.indexOf(action) + 1;
  const hashes = await Promise.all([sha256(encode(chain)), sha256(encode(extra))]);
  const proof = await signed(key, encode(["livlina door 1", nonce, number, hashes[0], does, reason, now, hashes[1]]));
  return encode([1, does, chain, reason, now, extra, proof]);
}

/** @param {Bytes} raw @returns {Answer} */
export function readAnswer(raw) {
  const said = decode(raw);
  must(Array.isArray(said) && said[0] === 1, "version");
  const [, outcome, fault, at, entries, left, flags, battery, question] = said;
  must(said.length === 9 && [outcome, fault, at, left, flags, battery].every(count) && bytes(question), "malformed");
  must(Array.isArray(entries) && entries.every((one) => bytes(one)) && outcome < OUTCOMES.length, "malformed");
  return { outcome: OUTCOMES[outcome], fault: CODES[fault] ?? "malformed", at, entries, left, flags, battery, question };
}

/** One line of a lock's log. @param {Bytes} raw @returns {Entry} */
export function readEntry(raw) {
  const said = decode(raw);
  must(Array.isArray(said) && said.length === 13, "malformed");
  const [door, number, , at, outcome, fault, reason, token, lent, phone, saidAt, flags] = said;
  must([door, number, at, outcome, fault, reason, saidAt, flags].every(count) && outcome < OUTCOMES.length - 1, "malformed");
  return { door, number, at, outcome: OUTCOMES[outcome], fault: CODES[fault] ?? "", reason, token, lent, phone, saidAt, flags };
}

/**
 * Open (or lock, or read) one door. Another phone at the same door may take the nonce: then it is tried once more.
 * @param {{bridge: Bridge, number: number, key: DoorKey, chain: Bytes[], now: number, reason?: number, action?: string, news?: News, unsealing?: Bytes, leading?: Bytes, after?: number}} asked
 * @returns {Promise<Answer>} throws DoorFault with the lock's code, and `answer` when the lock gave one
 */
export async function openDoor(asked) {
  for (let tries = 2; ; tries -= 1) {
    const answer = await once(asked);
    if (answer.outcome !== "refused") return answer;
    if (tries > 1 && ["challenge", "proof"].includes(answer.fault)) continue;
    throw Object.assign(new DoorFault(answer.fault), { answer });
  }
}

/** @param {Parameters<typeof openDoor>[0]} asked */
async function once({ bridge, number, ...rest }) {
  try {
    const nonce = await bridge.challenge(number);
    must(nonce.length === 16, "malformed");
    return readAnswer(await bridge.act(number, await askDoor({ ...rest, nonce, number })));
  } catch (fault) {
    if (fault instanceof DoorFault || !(fault instanceof Error) || fault.name !== "Unreachable") throw fault;
    throw new DoorFault("unreachable");
  }
}

/** Locks over HTTP: the simulator's way. A native shell speaks radio instead. @param {string} origin @returns {Bridge} */
export function httpBridge(origin) {
  /** @param {string} path @param {Bytes} body @returns {Promise<Bytes>} */
  const post = async (path, body) => {
    const given = { method: "POST", body, signal: AbortSignal.timeout(8000), credentials: /** @type {const} */ ("omit") };
    try {
      const answer = await fetch(`${origin}/locks/${path}`, given);
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    } catch { /* said below: no answer and a bad one are the same to her who stands there */ }
    throw Object.assign(new Error("The lock does not answer."), { name: "Unreachable" });
  };
  return {
    challenge: (number) => post(`${number}/challenge`, NONE),
    act: (number, message) => post(`${number}/act`, message),
  };
}

// Sends what waits, and believes only signed receipts. Begins when the app opens, the net comes back, the app is seen
// again, an event is made, and by a timer that grows patient; one tab at a time.
import { text, un64u } from "./bytes.js";
import { now, raise } from "./clock.js";
import { keepTimes, questions } from "./doortime.js";
import { Away, post, pretendsAway } from "./net.js";
import { forgetOld, onRecorded, receive, rows, sendAgainAfter } from "./outbox.js";
import { wipe } from "./pack.js";
import { verifies } from "./sealing.js";
import { alone, keep, kept, tell, write } from "./store.js";

const MOST = 200;
const HEAVIEST = 900_000; // bytes of one request
const SOONEST = 4_000;
const LATEST = 300_000;
const RESTING = 120_000; // when nothing waits: news of lost phones is fetched

let pause = SOONEST;
/** @type {number | undefined} */
let timer;
/** @type {Set<() => void>} */
const hearing = new Set();
/** @param {() => void} hear called when something was received, or could not be sent */
export const onSent = (hear) => void hearing.add(hear);

/** Send everything that waits. @returns {Promise<boolean>} whether the municipality answered */
export async function run() {
  let reached = false;
  try {
    await alone("sync", async () => {
      for (const one of await senders()) reached = (await sendAll(one)) || reached;
      await forgetOld();
    }, true);
  } catch (fault) {
    if (!(fault instanceof Away)) console.error(fault);
  }
  pause = reached ? SOONEST : Math.min(pause * 2, LATEST);
  await again();
  for (const hear of hearing) hear();
  if (reached) tell("outbox");
  return reached;
}

/** Whoever made what waits: this phone's carer, and carers before, whose sealed events are still here. */
async function senders() {
  const me = await kept("me");
  const found = new Map(me ? [[me.phone, { phone: me.phone, municipality: me.municipality, sign: me.sign }]] : []);
  for (const held of (await kept("before")) ?? []) if (!found.has(held.phone)) found.set(held.phone, held);
  return [...found.values()];
}

/** @param {{phone: string, municipality: number, sign: any}} one @returns {Promise<boolean>} */
async function sendAll(one) {
  for (let round = 0; round < 100; round += 1) {
    const mine = (await rows()).filter((row) => row.phone === one.phone && row.state === "waiting");
    const batch = fitting(mine.map((row) => row.sealed));
    const newest = ((await kept("newest")) ?? {})[one.phone] ?? { number: 0, hash: "" };
    const wiped = (await kept("wiped")) ?? null;
    const held = { newest: newest.number, newest_hash: newest.hash, waiting: mine.length, wiped };
    const put = one.phone === (await kept("me"))?.phone ? await questions() : [];
    const body = { municipality: one.municipality, phone: one.phone, ...held, events: batch, questions: put };
    const answer = await post("outbox", body);
    if (!answer.ok) return false;
    const before = mine.length;
    const told = await answer.json();
    await keepTimes(put, told.times ?? []);
    const again = await takeAnswer(one, told, wiped);
    const left = (await rows()).filter((row) => row.phone === one.phone && row.state === "waiting").length;
    if (!left || (left >= before && !again)) return true;
  }
  return true;
}

/** @param {any[]} events @returns {any[]} as many from the beginning as one request may carry */
function fitting(events) {
  let weight = 0;
  return events.slice(0, MOST).filter((event) => (weight += JSON.stringify(event).length) < HEAVIEST);
}

/** @param {any} one @param {any} answer @param {string | null} wiped @returns {Promise<boolean>} whether older events wait again */
async function takeAnswer(one, answer, wiped) {
  const receipts = [];
  for (const held of answer.receipts ?? []) {
    const receipt = await verified(one, answer.kid, held);
    if (receipt) receipts.push(receipt);
  }
  const back = answer.resend_after;
  if (typeof back === "number") await sendAgainAfter(one.phone, back);
  await receive(receipts);
  for (const receipt of receipts) await raise(receipt.at);
  await write(["keep"], (of) => {
    if (answer.revocations) of("keep").put(answer.revocations, "revocations");
    if (answer.door_time) of("keep").put(answer.door_time, "door_time");
    if (answer.acks?.length) of("keep").put(answer.acks, "acks");
    of("keep").put(now(), "heard");
    if (wiped) of("keep").delete("wiped");
  });
  const me = await kept("me");
  if (answer.revoked && me?.phone === one.phone && !me.revoked) {
    await wipe();
    await keep("me", { ...me, revoked: true });
  }
  return typeof back === "number";
}

/** @param {any} one @param {string} kid @param {{payload: string, signature: string, kid?: string}} held @returns {Promise<any>} null when it is not the municipality's */
async function verified(one, kid, held) {
  if ((held.kid ?? kid) !== one.sign.kid) return null;
  try {
    const bytes = un64u(held.payload);
    if (!(await verifies(one.sign.public, held.signature, bytes))) return null;
    const receipt = JSON.parse(text(bytes));
    return receipt.v === 1 && receipt.phone === one.phone ? receipt : null;
  } catch {
    return null;
  }
}

async function again() {
  clearTimeout(timer);
  const left = (await rows()).some((row) => row.state === "waiting");
  const wait = left || pause > SOONEST ? pause : RESTING;
  timer = setTimeout(soon, wait * (0.8 + Math.random() * 0.4));
}

const soon = () => void (pretendsAway() ? again() : run());

export function begin() {
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  onRecorded(soon);
  soon();
}

// Locks that have lost their time: the question each has put, to be carried to the municipality, and its signed answer,
// to be carried back. A lock waits an hour for it; no other lock takes it.
import { now } from "./clock.js";
import { asked, kept, write } from "./store.js";

const WAITS = 3600_000; // milliseconds
const MOST = 20; // of the newest: what one request may carry

/** @typedef {{lock: number, nonce: string}} Question the nonce in base64url */
/** @typedef {{lock: number, time: string}} Told the time in base64url */

/** @param {any[] | undefined} held @returns {any[]} */
const fresh = (held) => (held ?? []).filter((one) => Math.abs(now() - one.at) < WAITS).slice(-MOST);

/** A lock that asks has not taken the answer held for it: that goes. @param {number} lock @param {string} nonce */
export async function keepQuestion(lock, nonce) {
  await write(["keep"], async (of) => {
    const others = async (/** @type {string} */ name) => fresh(await asked(of("keep").get(name))).filter((one) => one.lock !== lock);
    of("keep").put([...(await others("questions")), { lock, nonce, at: now() }], "questions");
    of("keep").put(await others("times"), "times");
  });
}

/** What waits to be answered. @returns {Promise<Question[]>} */
export async function questions() {
  return fresh(await kept("questions")).map(({ lock, nonce }) => ({ lock, nonce }));
}

/** @param {Question[]} put the questions that were sent @param {Told[]} told what was answered */
export async function keepTimes(put, told) {
  if (!told.length) return;
  const answered = (/** @type {Question} */ one) => told.some((held) => held.lock === one.lock);
  const done = new Set(put.filter(answered).map((one) => one.nonce)); // a lock may have put another since
  await write(["keep"], async (of) => {
    const left = fresh(await asked(of("keep").get("questions"))).filter((one) => !done.has(one.nonce));
    const held = fresh(await asked(of("keep").get("times"))).filter((one) => !answered(one));
    of("keep").put(left, "questions");
    of("keep").put([...held, ...told.map((one) => ({ ...one, at: now() }))].slice(-MOST), "times");
  });
}

/** The municipality's answer to a lock's question, if there is one. @param {number} lock @returns {Promise<string | undefined>} */
export async function timeFor(lock) {
  return fresh(await kept("times")).find((one) => one.lock === lock)?.time;
}

/** The lock has taken it. @param {number} lock */
export async function dropTime(lock) {
  if ((await timeFor(lock)) === undefined) return;
  await write(["keep"], async (of) => {
    const held = fresh(await asked(of("keep").get("times")));
    of("keep").put(held.filter((one) => one.lock !== lock), "times");
  });
}

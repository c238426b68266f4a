// The phone's clock, and the newest time the municipality has signed: a clock set back below it opens nothing.
import { keep, kept } from "./store.js";

const PATIENCE = 120_000; // milliseconds a phone's clock may lag
let floor = 0;

export async function wind() {
  floor = Math.max(floor, (await kept("floor")) ?? 0);
}

/** @param {string} signed a time from something whose signature has been verified */
export async function raise(signed) {
  const at = Date.parse(signed);
  if (!(at > floor)) return;
  floor = at;
  await keep("floor", at);
}

export const now = () => Date.now();
export const stamp = (at = now()) => new Date(at).toISOString();
export const setBack = () => now() + PATIENCE < floor;

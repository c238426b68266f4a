// Half-done things, kept sealed from the first letter on: a phone that dies in the rain has lost nothing that was typed.
import { beside, dropBeside, putBeside } from "./pack.js";
import { session } from "./session.js";

const PAUSE = 400; // milliseconds after the last letter

/** @typedef {{value: any, set: (value: any) => void, drop: () => Promise<void>}} Draft */

/** @param {string} name @returns {Promise<Draft>} */
export async function drafts(name) {
  const key = `draft-${name}`;
  /** @type {number | undefined} */
  let timer;
  const data = session.opened?.data;
  const draft = {
    value: (data && (await beside(data, key))) ?? {},
    /** @param {any} value */
    set(value) {
      draft.value = value;
      clearTimeout(timer);
      timer = setTimeout(() => session.opened && putBeside(session.opened.data, key, value), PAUSE);
    },
    async drop() {
      clearTimeout(timer);
      await dropBeside(key);
    },
  };
  return draft;
}

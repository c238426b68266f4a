// The one way out to the municipality's system, and what is known of it: reached, no net, or no answer.

const PATIENCE = 20_000; // milliseconds
const SWITCH = "field-demo-away";

/** @type {{reach: "unknown" | "reached" | "no_net" | "no_answer", at: number}} */
export const state = { reach: "unknown", at: 0 };
const hearing = new Set();

/** @param {() => void} hear */
export const onReach = (hear) => void hearing.add(hear);

/** The system could not be reached. */
export class Away extends Error {}

/** @param {"reached" | "no_net" | "no_answer"} reach */
function learnt(reach) {
  const news = state.reach !== reach;
  Object.assign(state, { reach, at: Date.now() });
  if (news) for (const hear of hearing) hear();
}

/** The demo's switch that kills the network. */
export const pretendsAway = () => localStorage.getItem(SWITCH) === "1";
/** @param {boolean} away */
export function pretendAway(away) {
  if (away) localStorage.setItem(SWITCH, "1");
  else localStorage.removeItem(SWITCH);
  learnt(away ? "no_net" : "reached");
}

export const csrf = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

/** @param {string} path @param {RequestInit} options @returns {Promise<Response>} Throws Away. */
export async function ask(path, options = {}) {
  try {
    if (pretendsAway()) throw new TypeError("pretended");
    const answer = await fetch(path, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
    if ([502, 503, 504].includes(answer.status)) throw new Away(`${answer.status}`);
    learnt("reached");
    return answer;
  } catch (fault) {
    const offline = pretendsAway() || !navigator.onLine;
    learnt(offline ? "no_net" : "no_answer");
    throw new Away(fault instanceof Error ? fault.message : "");
  }
}

/** @param {string} path below /api/v1/field/ @param {unknown} body @returns {Promise<Response>} Throws Away. */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf() };
  return ask(`/api/v1/field/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

if (pretendsAway() || !navigator.onLine) state.reach = "no_net";
window.addEventListener("offline", () => learnt("no_net"));

// Every event of this phone: what is stored in the phone only, and what the municipality has signed that it holds.
import { button, h, notice } from "../dom.js";
import { rows } from "../outbox.js";
import { session } from "../session.js";
import { person } from "../shift.js";
import { run } from "../sync.js";
import { moment, t } from "../words.js";

/** @param {string[]} _ @param {{draw: () => Promise<void>}} with_ */
export async function waiting(_, { draw }) {
  const all = (await rows()).reverse();
  const left = all.filter((row) => row.state === "waiting");
  const got = all.filter((row) => row.state === "received");
  const list = (/** @type {any[]} */ held) => h("ul.events", {}, held.map(row));
  const body = [
    h("p.lead", {}, t("waiting.text")),
    h("h2", {}, t("waiting.here", { count: left.length })),
    left.length ? list(left) : notice(t("waiting.none"), "good"),
    h("h2", {}, t("waiting.there", { count: got.length })),
    got.length ? list(got) : h("p.quiet", {}, t("waiting.none_yet")),
  ];
  const send = async () => {
    await run();
    await draw();
  };
  return { title: t("waiting.title"), body, back: "#/today", actions: [button(t("waiting.send"), send)] };
}

/** @param {any} one */
function row(one) {
  const deed = session.deeds.find((held) => held.id === one.id);
  const about = deed?.person ? person(deed.person).name : "";
  const what = [t(`kind.${one.kind}`), about].filter(Boolean).join(", ");
  const bad = ["quarantined", "variant"].includes(one.receipt?.verdict);
  const state = one.state === "waiting" ? t("sent.waiting") : t(bad ? `verdict.${one.receipt.verdict}` : "sent.received");
  const words = one.receipt?.words ? h("p.quiet", {}, one.receipt.words) : null;
  const text = deed?.body.text ? h("p.quiet.short", {}, deed.body.text) : null;
  return h(`li.event${one.state === "waiting" ? ".waits" : ""}`, {}, h("strong", {}, what), h("span.quiet", {}, moment(one.at)), h(`span.state.${bad ? "missed" : one.state === "waiting" ? "begun" : "done"}`, {}, state), text, words);
}

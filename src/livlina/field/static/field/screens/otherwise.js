// What turned out otherwise than planned: not at home, not made, moved, or a visit nobody planned.
import { button, choose, h, labelled, value } from "../dom.js";
import { wellFormed } from "../bytes.js";
import { stamp } from "../clock.js";
import { record } from "../session.js";
import { everybody, person, reasons, visit as find } from "../shift.js";
import { t } from "../words.js";

/** @param {string[]} parts */
export async function otherwise([id]) {
  if (id === "extra") return extra();
  const one = find(id);
  if (!one) return { title: t("visit.gone"), body: [], back: "#/today" };
  const kinds = /** @type {[string, string][]} */ (["not_home", "missed", "moved"].map((kind) => [kind, t(`otherwise.${kind}`)]));
  const why = (/** @type {string} */ kind) => h(`div.for-${kind}`, {}, choose(t("otherwise.reason"), `why-${kind}`, reasons(kind)));
  const time = labelled(t("otherwise.new_time"), h("input", { type: "time", name: "time" }));
  const follow = labelled(t("otherwise.follow_up"), h("textarea", { name: "follow_up", rows: 3, dir: "auto" }), t("otherwise.follow_up_hint"));
  const form = h("form", {}, choose(t("otherwise.what"), "kind", kinds), why("not_home"), why("missed"), why("moved"), h("div.for-moved", {}, time), h("div.for-not_home.for-missed", {}, follow));
  const save = async () => {
    const kind = value(form, "kind");
    const reason = value(form, `why-${kind}`);
    const follow_up = wellFormed(value(form, "follow_up"));
    const lacking = !kind ? "kind" : !reason ? `why-${kind}` : kind === "moved" && !value(form, "time") ? "time" : kind !== "moved" && !follow_up ? "follow_up" : "";
    if (lacking) return (form.elements.namedItem(lacking)[0] ?? form.elements.namedItem(lacking)).focus();
    const body = kind === "moved" ? { starts_at: at(one.starts_at, value(form, "time")), reason } : { reason, follow_up };
    await record({ kind, person: one.person, visit: id, body });
    location.hash = kind === "moved" ? `#/visit/${id}` : "#/today";
    return undefined;
  };
  return { title: t("otherwise.title"), body: [h("p.lead", {}, person(one.person).name), form], back: `#/visit/${id}`, actions: [button(t("otherwise.save"), save)] };
}

/** The time of day `clock` (Swedish, as the phone's) on the day of `from`. @param {string} from @param {string} clock */
function at(from, clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  const moved = new Date(from);
  moved.setHours(hours, minutes, 0, 0);
  return stamp(moved.getTime());
}

async function extra() {
  const form = h("form", {}, choose(t("extra.who"), "who", everybody()), choose(t("extra.reason"), "reason", reasons("extra")), labelled(t("extra.minutes"), h("input", { name: "minutes", type: "number", inputmode: "numeric", min: 1, max: 240, value: 15 })));
  const save = async () => {
    const who = value(form, "who");
    const reason = value(form, "reason");
    const minutes = Math.round(Number(value(form, "minutes")));
    if (!who || !reason || !(minutes >= 1 && minutes <= 240)) return;
    const row = await record({ kind: "extra", person: who, visit: null, body: { minutes, reason, starts_at: stamp() } });
    location.hash = `#/visit/${row.id}`;
  };
  return { title: t("otherwise.extra"), body: [h("p", {}, t("extra.text")), form], back: "#/today", actions: [button(t("extra.save"), save)] };
}

// What the carer chooses herself, what the phone says of itself, and the demo's switch that kills the network.
import { button, h, labelled, link, notice } from "../dom.js";
import * as keys from "../keys.js";
import { Away, pretendAway, pretendsAway } from "../net.js";
import { rows } from "../outbox.js";
import { wipe } from "../pack.js";
import * as passkey from "../passkey.js";
import { fetchPack, lock, register, reload, session } from "../session.js";
import { persistent } from "../store.js";
import { LANGUAGES, language, speak, t } from "../words.js";

let said = "";

/** @param {string[]} parts @param {{draw: () => Promise<void>, how: string}} with_ */
export async function settings([part], { draw, how }) {
  const words = said;
  said = "";
  const note = words ? notice(words, "info", { role: "alert" }) : null;
  if (part === "sign-in") return { title: t("settings.sign_in"), body: [h("p", {}, t("settings.sign_in_text")), note, h("a.second", { href: "/account/password/?next=/field/" }, t("welcome.password"))], back: "#/today", actions: [button(t("settings.signed_in"), () => connect(draw), "second"), button(t("welcome.passkey"), () => signIn(draw))] };
  const body = [note, look(draw), await storage(), how === "open" ? await ways(draw) : null, session.demo ? demo(draw) : null, how === "open" ? dangerous(draw) : null];
  const actions = how === "open" ? [button(t("settings.lock"), () => (lock(), (location.hash = "#/today"), draw()))] : [];
  return { title: t("settings.title"), body, back: "#/today", actions };
}

/** @param {() => Promise<void>} draw */
function look(draw) {
  const choices = Object.entries(LANGUAGES).map(([code, one]) => button(one.name, () => (speak(code), draw()), "second", { lang: code, "aria-pressed": String(code === language()) }));
  const now = localStorage.getItem("field-look") ?? "";
  const looks = ["", "light", "dark"].map((one) => button(t(`look.${one || "auto"}`), () => (localStorage.setItem("field-look", one), (document.documentElement.dataset.look = one), draw()), "second", { "aria-pressed": String(one === now) }));
  return h("section", {}, h("h2", {}, t("settings.language")), h("div.rows", {}, choices), h("h2", {}, t("settings.look")), h("div.rows", {}, looks));
}

async function storage() {
  const safe = await persistent();
  const left = (await rows()).filter((row) => row.state === "waiting").length;
  const words = safe ? notice(t("settings.safe"), "good") : notice(t("bar.not_persistent"), "bad");
  return h("section", {}, h("h2", {}, t("settings.phone")), words, session.me ? h("p.quiet", {}, t("settings.facts", { phone: session.me.phone.slice(0, 8), left })) : null, h("div.rows", {}, session.opened ? link(t("lead.title"), "#/lead") : null, h("a.second", { href: "/field/lathund" }, t("today.lathund"))));
}

/** A second way in. @param {() => Promise<void>} draw */
async function ways(draw) {
  const held = await keys.ways();
  if (!held.passkey || held.code) return null;
  const code = h("input", { type: "password", inputmode: "numeric", autocomplete: "new-password", maxlength: 64 });
  const add = async () => {
    if (keys.tooSimple(code.value)) said = t("code.simple");
    else {
      try {
        const touch = await passkey.openHere(held.passkey.credential);
        if (!touch.secret) throw new Error("no secret");
        await keys.addWay("passkey", await keys.byPasskey(touch.secret, touch.credential), "code", await keys.byCode(code.value));
        said = t("code.kept");
      } catch {
        said = t("opening.failed");
      }
    }
    await draw();
  };
  return h("section", {}, h("h2", {}, t("code.title")), labelled(t("code.choose"), code, t("code.rules")), button(t("code.keep"), add, "second"));
}

/** @param {() => Promise<void>} draw */
function demo(draw) {
  const away = pretendsAway();
  return h("section", {}, h("h2", {}, t("demo.title")), h("p", {}, t("demo.text")), button(t(away ? "demo.back" : "demo.kill"), () => (pretendAway(!away), draw()), "second", { "aria-pressed": String(away) }));
}

/** @param {() => Promise<void>} draw */
function dangerous(draw) {
  const clear = async () => {
    if (!confirm(t("settings.wipe_sure"))) return;
    await wipe();
    await reload();
    location.hash = "#/today";
    await draw();
  };
  return h("section", {}, h("h2", {}, t("settings.wipe")), h("p", {}, t("settings.wipe_text")), button(t("settings.wipe"), clear, "second danger"), link(t("waiting.title"), "#/waiting"));
}

/** @param {() => Promise<void>} draw */
async function signIn(draw) {
  try {
    const touch = await passkey.signIn();
    if (touch.signedIn) return await connect(draw);
    said = t("opening.refused");
  } catch (fault) {
    said = t(fault instanceof Away ? "opening.away" : "opening.given_up");
  }
  return draw();
}

/** Let the municipality know the phone anew (its keys may have been changed), and fetch the shift. @param {() => Promise<void>} draw */
async function connect(draw) {
  try {
    const known = await register({});
    if (known === "ok" && (await fetchPack()) === "ok") location.hash = "#/today";
    else said = known === "signed_out" ? t("opening.signed_out") : session.why || t("today.no_shift");
  } catch (fault) {
    said = t(fault instanceof Away ? "opening.away" : "opening.failed");
  }
  await draw();
}

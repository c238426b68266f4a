// Opening the phone: the first time by signing in, later by passkey or code, with or without a net.
import { h, button, labelled, link, notice } from "../dom.js";
import * as keys from "../keys.js";
import { Away, pretendsAway } from "../net.js";
import { Forged } from "../pack.js";
import * as passkey from "../passkey.js";
import { enter, fetchPack, handOver, refresh, register, session } from "../session.js";
import { moment, t } from "../words.js";
import { facts } from "../pack.js";

/** @type {{passkey?: keys.Way} | null} a passkey that has signed in and awaits a code beside it */
let begun = null;
let said = "";

/** @param {string[]} _ @param {{draw: () => Promise<void>, how: string}} with_ */
export async function opening(_, { draw, how }) {
  if (how === "clock") return { title: t("clock.title"), kind: "plain", body: [notice(t("clock.text"), "bad")], actions: [button(t("clock.again"), draw)] };
  if (how === "revoked") return revoked(draw);
  if (how === "new") return begun ? chooseCode(draw) : welcome(draw);
  return locked(draw);
}

/** @param {string} words @param {() => Promise<void>} draw */
async function say(words, draw) {
  said = words;
  await draw();
}

const told = () => {
  const words = said;
  said = "";
  return words ? notice(words, "bad", { role: "alert" }) : null;
};

/** @param {() => Promise<void>} draw */
async function welcome(draw) {
  const body = [h("p.lead", {}, t("welcome.text")), told(), h("ul.plain", {}, ["one", "two", "three"].map((one) => h("li", {}, t(`welcome.${one}`))))];
  const session_ = button(t("welcome.signed_in"), () => afterPassword(draw), "second");
  const password = h("a.second", { href: "/account/password/?next=/field/" }, t("welcome.password"));
  const elsewhere = session.why === t("opening.not_carer") ? h("a.second", { href: "/start/" }, t("opening.to_start")) : null;
  const main = passkey.possible() ? [button(t("welcome.passkey"), () => firstPasskey(draw))] : [];
  return { title: t("welcome.title"), kind: "plain", body: [...body, h("div.rows", {}, elsewhere, password, session_, link(t("settings.title"), "#/settings"))], actions: main };
}

/** @param {() => Promise<void>} draw */
async function firstPasskey(draw) {
  try {
    const touch = await passkey.signIn();
    if (!touch.signedIn) return say(t("opening.refused"), draw);
    begun = touch.secret ? { passkey: await keys.byPasskey(touch.secret, touch.credential) } : {};
    await draw();
  } catch (fault) {
    await say(wrong(fault), draw);
  }
}

/** @param {() => Promise<void>} draw */
async function afterPassword(draw) {
  begun = {};
  await draw();
}

/** @param {() => Promise<void>} draw */
function chooseCode(draw) {
  const first = codeField("new-password");
  const second = codeField("new-password");
  const needed = !begun?.passkey;
  const go = async () => {
    if (keys.tooSimple(first.value)) return say(t("code.simple"), draw);
    if (first.value !== second.value) return say(t("code.differ"), draw);
    return setUp({ ...begun, code: await keys.byCode(first.value) }, draw);
  };
  const fields = h("form", { onsubmit: (/** @type {Event} */ event) => event.preventDefault() }, labelled(t("code.choose"), first, t("code.rules")), labelled(t("code.again"), second));
  const skip = needed ? null : button(t("code.skip"), () => setUp(begun ?? {}, draw), "second");
  const why = h("p", {}, t(needed ? "code.why_only" : "code.why_reserve"));
  return { title: t("code.title"), kind: "plain", body: [told(), why, fields], actions: [skip, button(t("code.keep"), go)] };
}

/** @param {string} autocomplete */
const codeField = (autocomplete) => h("input", { type: "password", inputmode: "numeric", autocomplete, minlength: keys.SHORTEST, maxlength: 64 });

/** @param {{passkey?: keys.Way, code?: keys.Way}} ways @param {() => Promise<void>} draw */
async function setUp(ways, draw) {
  try {
    const how = await register(ways);
    if (how !== "ok") {
      begun = null;
      return say(how === "signed_out" ? t("opening.signed_out") : session.why || t("opening.refused"), draw);
    }
    begun = null;
    await getShift();
  } catch (fault) {
    said = wrong(fault);
  }
  location.hash = "#/today";
  await draw();
}

async function getShift() {
  try {
    await fetchPack();
  } catch (fault) {
    if (!(fault instanceof Away)) throw fault;
  }
}

/** @param {() => Promise<void>} draw */
async function locked(draw) {
  const ways = await keys.ways();
  const held = await facts();
  const code = codeField("off");
  const byCode = async () => {
    try {
      await enter(await keys.openByCode(code.value));
    } catch (fault) {
      return say(wrong(fault), draw);
    }
    void refresh();
    await draw();
  };
  const form = h("form", { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), byCode()) }, labelled(t("opening.code"), code));
  const words = held ? t("opening.held", { at: moment(held.made) }) : t("opening.nothing_held");
  const other = button(t("opening.other"), () => another(draw), "second");
  const actions = [];
  if (ways.code) actions.push(button(t("opening.by_code"), byCode, ways.passkey ? "second" : "main"));
  if (ways.passkey) actions.push(button(t("opening.by_passkey"), () => byPasskey(ways.passkey.credential, draw)));
  const none = actions.length ? null : notice(t("opening.no_way"), "bad");
  return { title: t("opening.title"), kind: "plain", body: [told(), h("p", {}, words), none, ways.code ? form : null, h("div.rows", {}, link(t("waiting.title"), "#/waiting"), link(t("settings.title"), "#/settings"), other)], actions };
}

/** With a net one touch both signs in and opens; without, the phone asks by itself. @param {string} credential @param {() => Promise<void>} draw */
async function byPasskey(credential, draw) {
  try {
    const touch = await withNet(credential);
    if (!touch.secret) return say(t("opening.no_secret"), draw);
    await enter(await keys.openByPasskey(touch.secret, touch.credential));
    void refresh();
    await draw();
  } catch (fault) {
    await say(wrong(fault), draw);
  }
}

/** @param {string} credential @returns {Promise<passkey.Touch>} */
async function withNet(credential) {
  if (navigator.onLine && !pretendsAway()) {
    try {
      return await passkey.signIn(credential);
    } catch (fault) {
      if (!(fault instanceof Away)) throw fault;
    }
  }
  return passkey.openHere(credential);
}

/** @param {() => Promise<void>} draw */
async function another(draw) {
  if (!confirm(t("opening.other_sure"))) return;
  await handOver();
  await draw();
}

/** @param {() => Promise<void>} draw */
function revoked(draw) {
  const body = [notice(t("revoked.text"), "bad"), link(t("waiting.title"), "#/waiting")];
  return { title: t("revoked.title"), kind: "plain", body, actions: [button(t("opening.other"), () => another(draw), "second")] };
}

/** @param {unknown} fault @returns {string} */
function wrong(fault) {
  if (fault instanceof keys.WrongCode) return fault.left ? t("code.wrong", { left: fault.left }) : t("code.gone");
  if (fault instanceof Away) return t("opening.away");
  if (fault instanceof Forged) return t("opening.forged");
  if (fault instanceof DOMException && ["NotAllowedError", "AbortError"].includes(fault.name)) return t("opening.given_up");
  return t("opening.failed");
}

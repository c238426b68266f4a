// The words of the app. Swedish is the language it is written in; another that lacks a word shows the Swedish one.
import ar from "./words/ar.js";
import en from "./words/en.js";
import sv from "./words/sv.js";

const KEPT = "field-language";
/** @type {Record<string, {words: Record<string, string>, name: string, locale: string, dir: string}>} */
export const LANGUAGES = {
  sv: { words: sv, name: "Svenska", locale: "sv-SE", dir: "ltr" },
  en: { words: en, name: "English", locale: "en-GB", dir: "ltr" },
  ar: { words: ar, name: "العربية", locale: "ar-u-nu-latn", dir: "rtl" },
};

export const language = () => {
  const chosen = localStorage.getItem(KEPT) ?? "sv";
  return chosen in LANGUAGES ? chosen : "sv";
};

/** @param {string} code */
export function speak(code) {
  localStorage.setItem(KEPT, code);
  begin();
}

export function begin() {
  document.documentElement.lang = language();
  document.documentElement.dir = LANGUAGES[language()].dir;
}

/** @param {string} key @param {Record<string, string | number>} [held] what stands between braces */
export function t(key, held = {}) {
  const found = LANGUAGES[language()].words[key] ?? sv[/** @type {keyof typeof sv} */ (key)] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => String(held[name] ?? ""));
}

/** Words of the municipality's own: in another language the app's, if it has them. @param {string} key @param {string} swedish */
export const say = (key, swedish) => LANGUAGES[language()].words[key] ?? swedish;

/** One or many: `key.one` or `key.many`. @param {string} key @param {number} count @param {Record<string, string | number>} [held] */
export const count = (key, count, held = {}) => t(`${key}.${count === 1 ? "one" : "many"}`, { count, ...held });

const clockTime = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Europe/Stockholm" };
/** @param {string | number | Date} at */
export const time = (at) => new Intl.DateTimeFormat("sv-SE", /** @type {any} */ (clockTime)).format(new Date(at));
/** @param {string | number | Date} at */
export const day = (at) => {
  const parts = /** @type {any} */ ({ weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Stockholm" });
  return new Intl.DateTimeFormat(LANGUAGES[language()].locale, parts).format(new Date(at));
};
/** @param {string | number | Date} at */
export const moment = (at) => {
  const parts = /** @type {any} */ ({ day: "numeric", month: "short", ...clockTime });
  return new Intl.DateTimeFormat(LANGUAGES[language()].locale, parts).format(new Date(at));
};

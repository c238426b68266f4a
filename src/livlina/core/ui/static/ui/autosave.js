// Drafts: saved 1 s after the last key and on blur. The words under the field are always true; the text never leaves the page.
//
// <form data-autosave="ADDRESS" data-version="3"> … ui/components/saved.html … </form>
// POST of the form's fields and `version`. Answers, JSON: 200 {saved: "14:32:07", version: 4} · 409 {theirs: "text", version: 5}.
// Anything else, a redirect to sign-in too, is a failure: it is said in words and tried again.

const WAIT = 1000;
const AGAIN = 5000;
const states = new WeakMap();

const WORDS = {
  sv: { saving: "Sparar utkast …", saved: "Utkast sparat ", failed: "Utkastet är inte sparat. Texten ligger kvar här på sidan och nytt försök görs strax.",
    out: "Utkastet är inte sparat: du är utloggad. Texten ligger kvar. Logga in i en annan flik, så sparas den.", conflict: "Utkastet är inte sparat: det finns två texter. Välj nedan." },
  en: { saving: "Saving draft …", saved: "Draft saved ", failed: "The draft is not saved. Your text is still on this page and we will try again shortly.",
    out: "The draft is not saved: you are signed out. Your text is still here. Sign in from another tab and it will be saved.", conflict: "The draft is not saved: there are two texts. Choose below." },
};
const words = WORDS[document.documentElement.lang] ?? WORDS.sv;

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, dirty: false, busy: false, paused: false });
  return states.get(form);
}

function say(form, state, text) {
  const status = form.querySelector("[data-autosave-status]");
  if (!status) return;
  status.dataset.state = state;
  status.textContent = text;
}

function later(form, milliseconds) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), milliseconds);
}

async function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = 0;
  if (!state.dirty || state.busy || state.paused || !form.isConnected) return;
  state.busy = true;
  state.dirty = false;
  say(form, "saving", words.saving);
  const body = new URLSearchParams(new FormData(form));
  body.set("version", form.dataset.version ?? "");
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(10000),
    });
    if (answer.status === 409) conflict(form, await answer.json());
    else if (answer.ok) done(form, await answer.json());
    else throw new Error(answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403 ? "out" : "failed");
  } catch (fault) {
    state.dirty = true;
    say(form, "failed", fault.message === "out" ? words.out : words.failed);
    later(form, AGAIN);
  } finally {
    state.busy = false;
  }
  if (state.dirty && !state.timer) later(form, WAIT);
}

function done(form, answer) {
  form.dataset.version = answer.version;
  say(form, "saved", words.saved + answer.saved);
}

function conflict(form, answer) {
  const state = stateOf(form);
  const box = form.querySelector("[data-autosave-conflict]");
  state.dirty = state.paused = true;
  form.dataset.version = answer.version;
  box.querySelector("[data-autosave-theirs]").textContent = answer.theirs;
  box.hidden = false;
  say(form, "conflict", words.conflict);
}

function choose(button) {
  const form = button.closest("form");
  const box = button.closest("[data-autosave-conflict]");
  const field = form.querySelector("textarea");
  if (button.dataset.autosaveKeep === "both") field.value += `\n\n${box.querySelector("[data-autosave-theirs]").textContent}`;
  box.hidden = true;
  stateOf(form).paused = false;
  field.focus();
  save(form);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  stateOf(form).dirty = true;
  later(form, WAIT);
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form) save(form);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-autosave-keep]");
  if (button) choose(button);
});
document.addEventListener("submit", (event) => { if (event.target.matches("[data-autosave]")) clearTimeout(stateOf(event.target).timer); });
window.addEventListener("online", () => document.querySelectorAll("form[data-autosave]").forEach(save));
window.addEventListener("beforeunload", (event) => {
  const sending = document.querySelector("form[data-sent-at]");
  const lost = [...document.querySelectorAll("form[data-autosave]")].some((form) => stateOf(form).dirty);
  if (lost && !sending) event.preventDefault();
});

// What every page needs: focus on the error summary, one send per press, the echo of a date, menus that close.

function focusErrors() {
  const summary = document.querySelector("[data-error-summary]:not([data-seen])");
  if (!summary) return;
  summary.dataset.seen = "";
  summary.focus();
  summary.scrollIntoView({ block: "start" }); // scroll-padding keeps it clear of the sticky person header
}

// The same rules as dates.py; the server has the last word.
function understood(text, today) {
  const whole = /^(\d{4})[-./ ]?(\d{2})[-./ ]?(\d{2})$/.exec(text.trim());
  const short = /^(\d{1,2})\s?[/.]\s?(\d{1,2})$/.exec(text.trim());
  if (whole) return real(+whole[1], +whole[2], +whole[3]);
  if (!short) return null;
  const year = today.getUTCFullYear();
  const near = [];
  for (let y = year - 4; y <= year + 4; y++) near.push(real(y, +short[2], +short[1]));
  return near.filter(Boolean).sort((a, b) => Math.abs(a - today) - Math.abs(b - today) || a - b)[0] ?? null;
}

function real(year, month, day) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0 ? date : null;
}

function inWords(date) {
  const language = document.documentElement.lang === "en" ? "en-GB" : "sv-SE";
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(date);
}

function echo(field) {
  const output = field.parentElement?.querySelector("[data-date-echo]");
  if (!output) return;
  const date = understood(field.value, new Date(output.dataset.dateEcho));
  output.textContent = date ? inWords(date) : "";
}

// A second press within five seconds is the same press. The button is never disabled: a dead network must not leave a dead page.
function guard(event) {
  const form = event.target;
  if (form.method === "get" || form.method === "dialog") return;
  const sent = Number(form.dataset.sentAt ?? 0);
  if (sent && performance.now() - sent < 5000) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sentAt = performance.now();
  event.submitter?.setAttribute("data-sent", "");
}

function release() {
  for (const form of document.querySelectorAll("form[data-sent-at]")) delete form.dataset.sentAt;
  for (const button of document.querySelectorAll("[data-sent]")) button.removeAttribute("data-sent");
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (menu !== except) menu.open = false;
}

function bar(shown) {
  const offline = document.querySelector("[data-offline-bar]");
  if (offline) offline.hidden = !shown;
}

document.addEventListener("submit", guard, true);
document.addEventListener("input", (event) => echo(event.target));
document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-menu]")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("htmx:after:swap", () => { release(); focusErrors(); });
document.addEventListener("htmx:error", () => release());
window.addEventListener("pageshow", () => release()); // back button shows the page as it was left
window.addEventListener("offline", () => bar(true));
window.addEventListener("online", () => bar(false));
focusErrors();

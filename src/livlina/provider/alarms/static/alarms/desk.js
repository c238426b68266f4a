// The alarm desk: fetches its list when told to and by the clock, counts the waiting, sounds, and says when it is old.

const desk = document.querySelector("[data-alarm-desk]");
const told = document.querySelector("[data-alarm-told]");
const OLD = 15_000, POLL = 3_000, CALM = 8_000; // milliseconds
const heading = document.title.replace(/^\(\d+\) /, "");
let fresh = performance.now(), asked = 0, fetching = false, again = false, pressed = false;
let known = new Set(ids());

function ids() { return [...desk.querySelectorAll("[data-alarm]")].map((row) => row.dataset.alarm); }
function box() { return desk.querySelector("[data-alarms]"); }

// ---- Fetching -------------------------------------------------------------------------------------------------------

async function fetchList() {
  if (fetching) { again = true; return; }
  fetching = true;
  asked = performance.now();
  try {
    const answer = await fetch(desk.dataset.alarmDesk, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.ok && !answer.redirected) take(await answer.text());
  } catch { /* the clock tells how old the page is */ }
  fetching = false;
  if (again) { again = false; setTimeout(fetchList, 200); }
}

function take(text) {
  const made = document.createElement("template");
  made.innerHTML = text;
  const next = made.content.querySelector("[data-alarms]"), now = box();
  if (!next || Number(next.dataset.at) < Number(now.dataset.at)) return;
  fresh = performance.now();
  now.querySelector("[data-fresh]").replaceWith(next.querySelector("[data-fresh]"));
  const changed = next.dataset.version !== now.dataset.version;
  if (changed && pressed) { again = true; return; } // a button under somebody's finger is not taken away
  const focused = document.activeElement?.id;
  if (changed) now.querySelector("[data-list]").replaceWith(next.querySelector("[data-list]"));
  for (const name of ["at", "version", "waiting", "top", "live"]) now.dataset[name] = next.dataset[name];
  if (changed && focused && !document.activeElement?.id) document.getElementById(focused)?.focus();
  if (changed) sayNew();
  tick();
  listen();
}

function sayNew() {
  const rows = [...desk.querySelectorAll("[data-alarm]")].filter((row) => row.dataset.alarm !== desk.dataset.shown);
  const news = rows.filter((row) => !known.has(row.dataset.alarm));
  if (news.length) told.textContent = news.map((row) => `Nytt larm: ${row.dataset.who}`).join(". ");
  if (news.length) quietUntil = 0;
  known = new Set(rows.map((row) => row.dataset.alarm));
}

// ---- The live process tells that there is something to fetch; without it the clock does ----------------------------

let stream = null, streamFrom = -Infinity;

function listen() {
  const address = box().dataset.live;
  if (stream || !address || performance.now() - streamFrom < 2000) return;
  streamFrom = performance.now();
  const own = new EventSource(address);
  let opened = false;
  stream = own;
  own.addEventListener("open", () => { opened = true; });
  own.addEventListener("changed", fetchList);
  own.onerror = () => { // its time is over, or the process is gone: the list brings a new ticket, now if it worked so far
    own.close();
    stream = null;
    if (opened) { streamFrom = -Infinity; fetchList(); }
  };
}

// ---- The clock ------------------------------------------------------------------------------------------------------

function words(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} tim ${Math.floor((seconds % 3600) / 60)} min`;
}

function tick() {
  const old = performance.now() - fresh > OLD, waiting = Number(box().dataset.waiting);
  const now = Number(box().dataset.at) + (performance.now() - fresh) / 1000; // by the server's clock, not this machine's
  for (const time of desk.querySelectorAll("[data-since]")) time.textContent = words(Math.max(0, Math.floor(now - time.dataset.since)));
  desk.querySelector("[data-fresh]").toggleAttribute("data-old", old);
  document.title = old ? "INTE AKTUELL – Larm" : (waiting ? `(${waiting}) ` : "") + heading;
  if (performance.now() - asked > (stream?.readyState === EventSource.OPEN ? CALM : POLL)) fetchList();
  sound(old, waiting);
}

document.addEventListener("pointerdown", () => { pressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => setTimeout(() => { pressed = false; if (again) fetchList(); }, 300), true);

// ---- Sound: bursts after IEC 60601-1-8, until the alarm is taken ----------------------------------------------------

const bar = document.querySelector("[data-alarm-sound]");
const REPEAT = 6000, HUSH = 60_000;
const BURSTS = { 1: [0, .15, .3, .65, .8, 1.4, 1.55, 1.7, 2.05, 2.2], 2: [0, .2, .4], 3: [0] };
let audio = null, wanted = stored() === "on", tried = "", sounded = 0, quietUntil = 0;

function stored(value) {
  try {
    if (value) localStorage.setItem("livlina-alarm-sound", value);
    return localStorage.getItem("livlina-alarm-sound");
  } catch { return null; }
}

function burst(priority) {
  for (const start of BURSTS[priority] ?? BURSTS[2]) {
    const tone = audio.createOscillator(), level = audio.createGain(), at = audio.currentTime + start;
    tone.frequency.value = priority === 1 ? 880 : 660;
    level.gain.setValueAtTime(0, at);
    level.gain.linearRampToValueAtTime(.4, at + .02);
    level.gain.linearRampToValueAtTime(0, at + .12);
    tone.connect(level).connect(audio.destination);
    tone.start(at);
    tone.stop(at + .13);
  }
}

async function begin() {
  audio ??= new AudioContext();
  await audio.resume();
  tried = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit" }).format(new Date()).replace(":", ".");
  burst(3);
  show();
}

function sound(old, waiting) {
  const due = performance.now() - sounded > REPEAT && performance.now() > quietUntil;
  if (wanted && audio?.state === "running" && due && (old || waiting)) {
    sounded = performance.now();
    burst(old ? 1 : Number(box().dataset.top) || 2);
  }
  bar.querySelector("[data-sound-hush]").hidden = !(wanted && waiting && performance.now() > quietUntil);
}

function show() {
  const on = wanted && audio?.state === "running";
  bar.hidden = false;
  bar.querySelector("[data-sound-words]").textContent = on ? `Ljudet är på, provat ${tried}.` : wanted ? "Ljudet väntar: tryck någonstans på sidan." : "Ljudet är av.";
  bar.querySelector("[data-sound-switch]").textContent = wanted ? "Stäng av ljudet" : "Slå på ljudet";
}

bar.querySelector("[data-sound-switch]").addEventListener("click", () => {
  wanted = !wanted;
  stored(wanted ? "on" : "off");
  if (wanted) begin(); else show();
});
bar.querySelector("[data-sound-hush]").addEventListener("click", () => { quietUntil = performance.now() + HUSH; tick(); });
if (wanted) document.addEventListener("pointerdown", () => audio?.state === "running" || (wanted && begin()), { once: true });

show();
tick();
listen();
setInterval(tick, 1000);
document.addEventListener("visibilitychange", () => document.hidden || fetchList());

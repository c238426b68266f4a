// The list asks for itself every two seconds, and says so when it gets no answer. Without this the page is simply loaded anew.
"use strict";
(() => {
  const list = document.getElementById("lista"), fresh = document.getElementById("farsk");
  const bare = document.body.classList.contains("bare");
  let ahead = 0, last = Date.now(), shown = "", waiting = -1, sound = null;

  const span = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 120) return `${s} s`;
    if (s < 7200) return `${Math.floor(s / 60)} min`;
    if (s < 172800) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
    return `${Math.floor(s / 86400)} dygn`;
  };
  const count = () => {
    for (const one of document.querySelectorAll("time[data-since]"))
      one.textContent = span((Date.now() + ahead) / 1000 - Number(one.dataset.since));
  };
  const clock = (at) => new Date(at).toLocaleTimeString("sv-SE").replaceAll(":", ".");

  const beep = () => {
    if (!sound) return;
    for (const [at, tone] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const note = sound.createOscillator();
      note.frequency.value = tone;
      note.connect(sound.destination);
      note.start(sound.currentTime + at);
      note.stop(sound.currentTime + at + 0.2);
    }
  };

  const swap = (text) => {
    if (text === shown) return;
    shown = text;
    const held = document.activeElement && document.activeElement.id;
    list.innerHTML = text;
    if (held) document.getElementById(held)?.focus();
    const now = Number(document.getElementById("antal").dataset.waiting);
    if (now > waiting && waiting >= 0) beep();
    if (now !== waiting) document.getElementById("sagt").textContent = document.getElementById("antal").textContent;
    waiting = now;
    document.title = `${now ? `(${now}) ` : ""}Larm – larmmottagaren`;
  };

  const ask = async () => {
    try {
      const sent = Date.now();
      const answer = await fetch("/lista", { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (answer.status === 401) return location.assign("/");
      if (!answer.ok) return;
      swap(await answer.text());
      ahead = Number(answer.headers.get("X-Now")) * 1000 - sent || 0;
      last = Date.now();
    } catch { /* told below */ }
  };

  const tell = () => {
    const old = Date.now() - last > 7000;
    document.body.classList.toggle("stale", old);
    fresh.hidden = false;
    fresh.setAttribute("role", old ? "alert" : "note");
    const text = old ? `✕ SIDAN ÄR INTE FÄRSK. Senaste svar ${clock(last)}. Ladda om, eller ring jouren.` : "✓ Sidan är färsk.";
    if (fresh.textContent !== text) fresh.textContent = text;
  };

  count();
  setInterval(count, 1000);
  if (bare) setTimeout(() => location.reload(), 5000);
  if (!list || !fresh) return;
  const button = document.getElementById("ljud");
  button.hidden = false;
  button.addEventListener("click", () => {
    sound = sound ? null : new AudioContext();
    button.textContent = sound ? "Stäng av ljud" : "Slå på ljud";
    beep();
  });
  const again = async () => { await ask(); count(); tell(); setTimeout(again, 2000); };
  setInterval(tell, 1000);
  again();
})();

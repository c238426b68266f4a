"use strict";
(() => {
  const ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551n;
  const IDLE = 15 * 60 * 1000;
  const sealed = JSON.parse(document.getElementById("sealed").textContent);
  const at = (id) => document.getElementById(id);
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const url64 = (data) => btoa(String.fromCharCode(...data)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const utf8 = new TextEncoder();

  function age() {
    const minutes = Math.round((Date.now() - Date.parse(sealed.at)) / 60000);
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
    const say = (n, one, many) => (n ? [`${n} ${n === 1 ? one : many}`] : []);
    const parts = [...say(days, "dygn", "dygn"), ...say(hours, "timme", "timmar"), ...(days ? [] : say(rest, "minut", "minuter"))];
    const words = minutes < -2 ? "Klockan i den här enheten går fel" : minutes < 1 ? "Alldeles nytt" : `${parts.join(" och ")} gammalt`;
    if (at("age").textContent !== words) at("age").textContent = words;
    at("age").classList.toggle("old", minutes > 30 || minutes < -2);
  }
  age();
  setInterval(age, 10000);

  // The code is the key: docs of the same steps stand in sealing.py.
  async function opened(code) {
    const plain = code.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V");
    const subtle = crypto.subtle;
    const base = await subtle.importKey("raw", utf8.encode(plain), "PBKDF2", false, ["deriveBits"]);
    const made = await subtle.deriveBits(
      { name: "PBKDF2", hash: "SHA-256", salt: bytes(sealed.salt), iterations: sealed.rounds }, base, 384);
    const hex = [...new Uint8Array(made)].map((one) => one.toString(16).padStart(2, "0")).join("");
    const d = ((BigInt("0x" + hex) % (ORDER - 1n)) + 1n).toString(16).padStart(64, "0");
    const to = bytes(sealed.to), curve = { name: "ECDH", namedCurve: "P-256" };
    const jwk = { kty: "EC", crv: "P-256", x: url64(to.slice(1, 33)), y: url64(to.slice(33)), d: url64(Uint8Array.from(d.match(/../g), (two) => parseInt(two, 16))) };
    const own = await subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]);
    const once = await subtle.importKey("raw", bytes(sealed.once), curve, false, []);
    const shared = await subtle.deriveBits({ name: "ECDH", public: once }, own, 256);
    const secret = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const key = await subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: bytes(sealed.once), info: utf8.encode("livlina pack 1") },
      secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const bound = utf8.encode(JSON.stringify([sealed.v, sealed.unit, sealed.at, sealed.key]));
    const content = await subtle.decrypt({ name: "AES-GCM", iv: bytes(sealed.nonce), additionalData: bound }, key, bytes(sealed.sealed));
    return JSON.parse(new TextDecoder().decode(content));
  }

  function make(tag, words, kind) {
    const one = document.createElement(tag);
    if (kind) one.className = kind;
    if (words) one.textContent = words;
    return one;
  }

  // Telephone numbers can be pressed: on the phone that rings them.
  function told(tag, words, kind) {
    const one = make(tag, "", kind);
    let from = 0;
    for (const found of words.matchAll(/(?:\+\d|\b0\d)[\d\s-]{5,}\d|^(?:112|1177)$/g)) {
      one.append(words.slice(from, found.index));
      const link = make("a", found[0]);
      link.href = "tel:" + found[0].replace(/[^\d+]/g, "");
      one.append(link);
      from = found.index + found[0].length;
    }
    one.append(words.slice(from));
    return one;
  }

  function section(nav, id, title) {
    const one = make("section");
    one.id = id;
    one.append(make("h2", title));
    const link = make("a", title);
    link.href = "#" + id;
    nav.append(link);
    return one;
  }

  function row(when, who, lines, kind) {
    const one = make("div", "", "row" + (kind || ""));
    one.append(make("span", when, "at"), make("b", who));
    lines.filter(Boolean).forEach((line) => one.append(told("p", line)));
    return one;
  }

  function card(person) {
    const one = make("article");
    one.id = "p" + person.key;
    one.append(make("h3", person.name), make("p", person.born), make("p", person.address), told("p", person.phone || "Inget nummer"));
    person.warnings.forEach((said) => one.append(make("p", "Obs! " + said, "warning")));
    const list = make("dl");
    const parts = [["Mål", [person.goal]], ["Önskemål", [person.wishes]], ["Besök", person.visits], ["Så gör du", person.tasks],
      ["Läkemedel", person.medicines], ["Anhöriga", person.near], ["Nycklar", person.keys]];
    for (const [title, rows] of parts) {
      if (!rows.some(Boolean)) continue;
      list.append(make("dt", title));
      rows.forEach((said) => list.append(title === "Anhöriga" ? told("dd", said) : make("dd", said)));
    }
    one.append(list);
    return one;
  }

  function tools(pack, all) {
    const bar = make("div", "", "tools");
    const paper = make("a", "Skriv ut: öppna som PDF", "button");
    paper.href = URL.createObjectURL(new Blob([bytes(pack.pdf)], { type: "application/pdf" }));
    paper.target = "_blank";
    paper.download = "";
    const close = make("button", "Stäng paketet", "second");
    close.type = "button";
    close.addEventListener("click", () => location.reload());
    bar.append(paper, close);
    const find = make("label", "Sök i paketet", "find");
    const field = make("input");
    field.type = "search";
    field.autocomplete = "off";
    find.append(field);
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      all.querySelectorAll("article, .row").forEach((one) => { one.hidden = wanted !== "" && !one.textContent.toLowerCase().includes(wanted); });
      all.querySelectorAll("h3.carer").forEach((one) => { one.hidden = wanted !== ""; });
    });
    return [bar, find];
  }

  function days(pack, nav, all) {
    pack.days.filter((day) => day.rounds.length).forEach((day, number) => {
      const part = section(nav, "day" + number, "Besök " + day.title);
      day.rounds.forEach((round) => {
        part.append(make("h3", round.carer, "carer"));
        round.stops.forEach((stop) => {
          const one = row(`${stop.at}, ${stop.minutes} min`, stop.who, [stop.what, stop.others && "Tillsammans med " + stop.others, stop.there], stop.done ? " done" : "");
          if (stop.key) {
            const more = make("a", "Allt om personen");
            more.href = "#p" + stop.key;
            const line = make("p");
            line.append(more);
            one.append(line);
          }
          part.append(one);
        });
      });
      all.append(part);
    });
  }

  function lists(pack, nav, all) {
    const persons = section(nav, "persons", `Personer (${pack.cards.length})`);
    pack.cards.forEach((person) => persons.append(card(person)));
    if (pack.cards.length) all.append(persons); else nav.lastChild.remove();
    const parts = [
      ["ring", `Ringlista (${pack.ring.length})`, pack.ring.map((one) => row(one.about, one.name, [one.phones.join(", "), one.address, one.risks && "Risker: " + one.risks, one.near.length ? "Anhöriga: " + one.near.join("; ") : ""]))],
      ["keys", `Nycklar (${pack.keys.length})`, pack.keys.map((one) => row(one[0], one[3], [one[1], one[2]]))],
      ["numbers", "Telefonnummer", [...pack.numbers.map((one) => row("", one[0], [one[1]])), ...pack.on_call.map((one) => row(one[0], one[2], ["Jour: " + one[1].toLowerCase(), one[3]])), ...pack.colleagues.map((one) => row(one[0], one[1], [one[2], one[3]]))]],
    ];
    for (const [id, title, rows] of parts) {
      if (!rows.length) continue;
      const part = section(nav, id, title);
      part.append(...rows);
      all.append(part);
    }
  }

  function show(pack) {
    const all = at("open"), nav = make("nav");
    nav.setAttribute("aria-label", "Delar");
    all.append(...tools(pack, all), nav);
    days(pack, nav, all);
    lists(pack, nav, all);
    at("lock").remove();
    all.hidden = false;
    let last = Date.now();
    ["pointerdown", "keydown", "scroll"].forEach((kind) => addEventListener(kind, () => { last = Date.now(); }, { passive: true }));
    setInterval(() => { if (Date.now() - last > IDLE) location.reload(); }, 5000);
  }

  at("lock").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.target.querySelector("button");
    at("fault").textContent = "";
    button.textContent = "Öppnar …";
    button.disabled = true;
    try {
      show(await opened(at("code").value));
    } catch (fault) {
      button.textContent = "Öppna";
      button.disabled = false;
      at("fault").textContent = crypto.subtle
        ? "Koden stämmer inte. Läs av kuvertet en gång till. Är kuvertet äldre än paketet kan en ny kod ha gjorts."
        : "Webbläsaren vill inte öppna paketet härifrån. Spara filen på datorn eller telefonen och öppna den där.";
      at("code").focus();
    }
  });
})();

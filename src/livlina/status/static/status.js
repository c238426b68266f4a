// Fetches the page anew every half minute and changes only what differs, so that whoever reads or listens is not disturbed.
const words = document.querySelector("[data-lost]");
setInterval(async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const here = document.querySelector("main"), there = fresh.querySelector("main");
    if (!answer.ok || !there) throw new Error("no page");
    if (here.innerHTML !== there.innerHTML) here.replaceChildren(...there.childNodes);
    words.hidden = true;
  } catch {
    words.hidden = false;
  }
}, 30000);

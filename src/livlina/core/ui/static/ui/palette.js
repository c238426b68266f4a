// Ctrl K: one field to go to a person, a case or an action. POST of `q`, so that a number never stands in an address.
// The server answers JSON: {results: [{label, hint, url}]}.

const dialog = document.querySelector("[data-palette]");
const openers = document.querySelectorAll("[data-palette-open]");

if (dialog) {
  const field = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[data-palette-status]");
  const help = status.textContent;
  let chosen = -1;
  let asked = 0;
  let timer = 0;

  const open = () => {
    if (dialog.open) return;
    field.value = "";
    show([]);
    status.textContent = help;
    dialog.showModal();
    field.focus();
  };

  const show = (results) => {
    list.replaceChildren(...results.map((result, index) => {
      const option = document.createElement("li");
      option.id = `palette-${index}`;
      option.setAttribute("role", "option");
      option.dataset.url = result.url;
      option.append(result.label);
      if (result.hint) option.append(Object.assign(document.createElement("small"), { textContent: result.hint }));
      return option;
    }));
    field.setAttribute("aria-expanded", String(results.length > 0));
    choose(results.length ? 0 : -1);
  };

  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", `palette-${index}`);
    list.children[index].scrollIntoView({ block: "nearest" });
  };

  const go = (option) => { if (option) location.assign(option.dataset.url); };

  const ask = async () => {
    const turn = ++asked;
    const q = field.value.trim();
    if (q.length < 2) { show([]); status.textContent = help; return; }
    try {
      const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
      const answer = await fetch(dialog.dataset.palette, {
        method: "POST", body: new URLSearchParams({ q }), headers: { Accept: "application/json", "X-CSRFToken": token }, signal: AbortSignal.timeout(5000),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { results } = await answer.json();
      if (turn !== asked) return; // a later question has been asked
      show(results);
      status.textContent = results.length ? `${results.length} ${results.length === 1 ? "träff" : "träffar"}` : "Ingen träff.";
    } catch {
      if (turn !== asked) return;
      show([]);
      status.textContent = "Sökningen svarar inte just nu. Använd menyn, eller försök igen.";
    }
  };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "ArrowDown" && count) choose((chosen + 1) % count);
    else if (event.key === "ArrowUp" && count) choose((chosen - 1 + count) % count);
    else if (event.key === "Enter") go(list.children[chosen]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
  openers.forEach((button) => { button.hidden = false; button.addEventListener("click", open); });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
}

// Asks the browser for a passkey and sends its answer as an ordinary form. The form says which:
//   data-passkey="login"    the question is fetched from the form's own address
//   data-passkey="confirm"  the question lies in the page (#passkey-question)
//   data-passkey="add"      a new passkey, always one that signs in by itself
const question = () => JSON.parse(document.getElementById("passkey-question").textContent);

async function ask(form) {
  if (form.dataset.passkey === "add") {
    const wanted = question().creation_options;
    const choice = wanted.publicKey.authenticatorSelection;
    Object.assign(choice, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    return create(wanted);
  }
  if (form.dataset.passkey === "confirm") return window.webauthnJSON.get(question().request_options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no question");
  return window.webauthnJSON.get((await answer.json()).request_options);
}

// The phone app (field/) seals its shift with a secret that the passkey derives: such a passkey is asked for where the
// browser knows how; the small library knows nothing of that extension.
async function create(wanted) {
  if (!PublicKeyCredential.parseCreationOptionsFromJSON) return window.webauthnJSON.create(wanted);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(wanted.publicKey);
  publicKey.extensions = { ...publicKey.extensions, prf: {} };
  return (await navigator.credentials.create({ publicKey })).toJSON();
}

function say(form, fault) {
  const given_up = fault.name === "NotAllowedError" || fault.name === "AbortError";
  const known = fault.name === "InvalidStateError";
  const box = tell(form, known ? "known" : given_up ? "givenUp" : "broken");
  box.focus();
}

function tell(form, word) {
  const box = form.querySelector("[data-passkey-fault]");
  box.textContent = box.dataset[word];
  box.hidden = false;
  return box;
}

// The button is disabled in the page: pressed before this script had come, it would send an empty answer.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    tell(form, "unable");
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("[data-passkey-fault]").hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      HTMLFormElement.prototype.submit.call(form);
    } catch (fault) {
      say(form, fault);
    }
  });
  form.querySelector("[data-passkey-ask]").disabled = false;
}

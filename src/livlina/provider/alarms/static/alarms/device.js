// "Slå på notiser": asks the browser to take notices of alarms, and sends where they are to be pushed.

const form = document.querySelector("[data-push-key]");
const words = form?.querySelector("[data-push-words]");

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  const worker = await navigator.serviceWorker.register(form.dataset.pushWorker);
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) };
  const made = (await worker.pushManager.getSubscription()) ?? (await worker.pushManager.subscribe(options));
  const { endpoint, keys } = made.toJSON();
  form.querySelector("[name=address]").value = `${endpoint} ${keys.p256dh} ${keys.auth}`;
}

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.querySelector("button").addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await subscribe();
      form.submit();
    } catch {
      words.textContent = "Webbläsaren tillåter inte notiser. Ändra det i webbläsarens inställningar för sidan.";
    }
  });
}

// The service worker of alarm notices: shows what comes, and opens the alarm when it is pressed. Knows nothing else.

self.addEventListener("push", (event) => {
  const text = event.data?.text() ?? "Larm väntar.";
  const link = /https?:\/\/\S+$/.exec(text)?.[0];
  const body = text.replace(/\s*https?:\/\/\S+$/, "");
  event.waitUntil(self.registration.showNotification("Larm", { body, tag: link, renotify: Boolean(link), requireInteraction: true, vibrate: [300, 100, 300, 100, 300], data: link }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = event.notification.data;
  if (link && new URL(link).origin === self.location.origin) event.waitUntil(self.clients.openWindow(link));
});

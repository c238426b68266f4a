// The service worker. The server writes VERSION and FILES before this: every file of the app, and a version made of
// their content. All of it lies on the phone, so the app opens with no server. What belongs to the interface towards
// the municipality, or to signing in, is never touched and never kept.
/* global VERSION, FILES */
/// <reference lib="webworker" />
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELL = "/field/";
const NAME = `field-${VERSION}`;

worker.addEventListener("install", (event) => {
  const fresh = FILES.map((path) => new Request(path, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const old = (/** @type {string[]} */ names) => names.filter((name) => name.startsWith("field-") && name !== NAME);
  const cleared = caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name))));
  event.waitUntil(cleared.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  const known = FILES.includes(address.pathname);
  const opening = request.mode === "navigate" && address.pathname.startsWith(SHELL);
  if (known || opening) event.respondWith(held(known ? address.pathname : SHELL, request));
});

/** @param {string} path @param {Request} request @returns {Promise<Response>} */
async function held(path, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(path, { ignoreVary: true, ignoreSearch: true })) ?? fetch(request);
}

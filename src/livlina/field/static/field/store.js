// What the phone keeps (IndexedDB). A write has been made when the disk has it (durability "strict"), never before.

/** @typedef {"keep" | "outbox" | "pack"} Name */

const DATABASE = "livlina-field";
const VERSION = 1;
/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keep");
      request.result.createObjectStore("outbox", { keyPath: "id" });
      request.result.createObjectStore("pack");
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      done(request.result);
    };
    request.onerror = () => {
      opened = null;
      failed(request.error);
    };
  });
  return opened;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/** @param {Name} name @param {string} key @returns {Promise<any>} undefined when there is none */
export async function read(name, key) {
  return settled((await database()).transaction(name).objectStore(name).get(key));
}

/** @param {Name} name @returns {Promise<any[]>} */
export async function all(name) {
  return settled((await database()).transaction(name).objectStore(name).getAll());
}

/**
 * Make several writes or none. `change` may only ask the stores it gets, and await nothing else.
 * @param {Name[]} names
 * @param {(of: (name: Name) => IDBObjectStore) => void | Promise<void>} change
 * @returns {Promise<void>} when the disk has it
 */
export async function write(names, change) {
  const transaction = (await database()).transaction(names, "readwrite", { durability: "strict" });
  const ended = new Promise((done, failed) => {
    transaction.oncomplete = () => done(undefined);
    transaction.onabort = () => failed(transaction.error ?? new Error("aborted"));
  });
  ended.catch(() => {}); // told by the await below
  try {
    await change((name) => transaction.objectStore(name));
  } catch (fault) {
    try {
      transaction.abort();
    } catch {} // it had ended already
    throw fault;
  }
  await ended;
}

/** @param {string} key @param {any} value */
export async function keep(key, value) {
  await write(["keep"], (of) => void of("keep").put(value, key));
}

/** @param {string} key @returns {Promise<any>} */
export async function kept(key) {
  return read("keep", key);
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} for use inside `write` */
export const asked = settled;

/** Ask the browser never to clear what is kept; true when it has promised. @returns {Promise<boolean>} */
export async function persistent() {
  if (!navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

/** Do `work` with no other tab doing the same; `ifFree` gives up at once when another does. @template T
 * @param {string} name @param {() => Promise<T>} work @param {boolean} [ifFree] @returns {Promise<T | undefined>} */
export async function alone(name, work, ifFree = false) {
  return navigator.locks.request(`field-${name}`, { ifAvailable: ifFree }, async (lock) => (lock ? work() : undefined));
}

const others = new BroadcastChannel("field");
/** Tell the other tabs that something has changed. @param {string} what */
export const tell = (what) => others.postMessage(what);
/** @param {(what: string) => void} hear */
export const onTold = (hear) => others.addEventListener("message", (event) => hear(event.data));

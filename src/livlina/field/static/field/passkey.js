// The carer's passkey: it signs in at the municipality and, by its PRF secret, opens what the phone keeps. Without a net
// it does only the latter, over a question the phone makes up itself: the secret is the same, the signature goes nowhere.
import { b64u, random, un64u, utf8 } from "./bytes.js";
import { ask, csrf } from "./net.js";

const SALT = "livlina field prf 1";
const SIGN_IN = "/account/passkey/";

/** @typedef {{secret: ArrayBuffer | null, credential: string, signedIn: boolean}} Touch */

/** @param {BufferSource} challenge @param {Record<string, any>} more @returns {Promise<any>} */
async function touch(challenge, more) {
  const first = await crypto.subtle.digest("SHA-256", utf8(SALT));
  /** @type {any} */
  const publicKey = { userVerification: "required", timeout: 60_000, ...more, challenge, extensions: { prf: { eval: { first } } } };
  return navigator.credentials.get({ publicKey });
}

/** @param {any} credential @returns {Touch} */
function seen(credential, signedIn = false) {
  const secret = credential.getClientExtensionResults().prf?.results?.first ?? null;
  return { secret, credential: credential.id, signedIn };
}

/** Open this phone with the passkey it was set up with; no net is needed. @param {string} credential @returns {Promise<Touch>} */
export async function openHere(credential) {
  return seen(await touch(random(32), { allowCredentials: [{ type: "public-key", id: un64u(credential) }] }));
}

/** Sign in at the municipality. Throws when it cannot be reached; `signedIn` is false when it said no.
 * @param {string | null} credential ask for this one only @returns {Promise<Touch>} */
export async function signIn(credential = null) {
  const question = await ask(SIGN_IN, { headers: { Accept: "application/json" } });
  const wanted = (await question.json().catch(() => ({}))).request_options?.publicKey;
  const only = credential ? [{ type: "public-key", id: un64u(credential) }] : [];
  if (!wanted) return seen(await touch(random(32), { allowCredentials: only }), true); // signed in already: it is not asked
  const found = await touch(un64u(wanted.challenge), { rpId: wanted.rpId, allowCredentials: only });
  const body = new URLSearchParams({ credential: JSON.stringify(asJson(found)), csrfmiddlewaretoken: csrf() });
  const answer = await ask(SIGN_IN, { method: "POST", body, redirect: "manual" });
  return seen(found, answer.type === "opaqueredirect");
}

/** @param {any} found the credential as the server reads it; the PRF secret never leaves the phone */
function asJson(found) {
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return {
    type: found.type,
    id: found.id,
    rawId: b64u(found.rawId),
    authenticatorAttachment: found.authenticatorAttachment,
    clientExtensionResults: {},
    response: {
      clientDataJSON: b64u(clientDataJSON),
      authenticatorData: b64u(authenticatorData),
      signature: b64u(signature),
      userHandle: userHandle ? b64u(userHandle) : null,
    },
  };
}

export const possible = () => "credentials" in navigator && "PublicKeyCredential" in window;

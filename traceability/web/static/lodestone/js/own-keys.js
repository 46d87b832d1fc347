// Keys of an organisation that live in this browser: made by WebCrypto, not extractable, kept in IndexedDB.
// Without this file the pages offer lodestone-sign alone. This script comes from the site: who must not trust the site
// signs with lodestone-sign, which shows the same digest.
const TYPE = "application/vnd.lodestone.statement+json";
const encoder = new TextEncoder();

// --- Bytes

const fromBase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const toBase64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (one) => String.fromCharCode(one)).join(""));
const toBase64Url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
const sha256 = (bytes) => crypto.subtle.digest("SHA-256", bytes);
const digestOf = async (bytes) => `sha256:${hex(await sha256(bytes))}`;

// RFC 8785 of what the record allows: whole numbers, names sorted by UTF-16 units, as JavaScript sorts.
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
};

const pae = (payload) => {
  const start = encoder.encode(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `);
  const whole = new Uint8Array(start.length + payload.length);
  whole.set(start);
  whole.set(payload, start.length);
  return whole;
};

// --- The keys of this browser

const store = (mode) =>
  new Promise((found, lost) => {
    const opening = indexedDB.open("lodestone-keys", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "id" });
    opening.onerror = () => lost(opening.error);
    opening.onsuccess = () => found(opening.result.transaction("keys", mode).objectStore("keys"));
  });
const done = (request) =>
  new Promise((found, lost) => {
    request.onsuccess = () => found(request.result);
    request.onerror = () => lost(request.error);
  });
const kept = async (id) => done((await store("readonly")).get(id));
const keep = async (key) => done((await store("readwrite")).put(key));

const makeKey = async (name) => {
  const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return { id: await digestOf(raw), name, raw, privateKey: pair.privateKey, publicKey: pair.publicKey };
};

const supported = async () => {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    await store("readonly");
    return true;
  } catch {
    return false;
  }
};

// --- What is to be signed

const refuse = (words) => {
  throw new Error(words);
};

// The values of a statement with what is closed opened; every digest must have its value, and every value a digest.
const opened = async (statement, disclosures, words) => {
  const values = new Map();
  for (const text of disclosures) {
    const digest = toBase64Url(await sha256(encoder.encode(text)));
    const padded = text.replaceAll("-", "+").replaceAll("_", "/");
    values.set(digest, JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64(padded))));
  }
  const take = (digest) => {
    const found = values.get(digest) ?? refuse(words.hidden);
    values.delete(digest);
    return found;
  };
  const open = (value) => {
    if (Array.isArray(value)) return value.map((row) => (row?.closed_row ? take(row.closed_row).at(-1) : open(row)));
    if (value === null || typeof value !== "object") return value;
    const { closed = {}, ...rest } = value;
    const shown = Object.fromEntries(Object.entries(rest).map(([name, inner]) => [name, open(inner)]));
    for (const [name, digest] of Object.entries(closed)) {
      const [, named, inner] = take(digest);
      if (named !== name) refuse(words.hidden);
      shown[`${name} (${words.confidential})`] = inner;
    }
    return shown;
  };
  const shown = open(statement);
  if (values.size) refuse(words.hidden);
  return shown;
};

const read = async ({ envelope, disclosures }, words) => {
  const payload = fromBase64(envelope.payload);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
  const statement = JSON.parse(text);
  if (canonical(statement) !== text) refuse(words.bytes);
  const shown = await opened(statement, disclosures, words);
  return { envelope, disclosures, payload, statement, shown, digest: await digestOf(payload) };
};

const sign = async ({ envelope, disclosures, payload, statement }, keys, words) => {
  const wanted = [statement.key, ...(statement.cosigners ?? []).map((one) => one.key)];
  const signatures = [...envelope.signatures];
  for (const keyid of wanted.slice(signatures.length)) {
    const key = keys.find((one) => one.id === keyid) ?? (await kept(keyid)) ?? refuse(words.elsewhere);
    signatures.push({ keyid, sig: toBase64(await crypto.subtle.sign("Ed25519", key.privateKey, pae(payload))) });
  }
  return { envelope: { ...envelope, signatures }, disclosures };
};

// --- The site

const ask = async (address, body, words) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const sent = body && {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
  };
  const answer = await fetch(address, { credentials: "same-origin", ...sent });
  const found = await answer.json().catch(() => ({}));
  return answer.ok ? found : refuse(found.detail ?? found.title ?? words.lost);
};

const bring = (task, signed, words) =>
  ask(task.send_to, { format: "lodestone-signed/1", statements: signed }, words);

// --- The pages

const say = (place, text) => {
  place.hidden = false;
  place.textContent = text;
};

// Shows what a task asks to sign, with its digests; the second button signs exactly that.
const offer = async (part, load) => {
  const words = part.dataset;
  const problem = part.querySelector("[data-problem]");
  problem.hidden = true;
  try {
    const { task, keys } = await load();
    const found = await Promise.all(task.statements.map((one) => read(one, words)));
    part.querySelector("[data-digest]").textContent = found.map((one) => one.digest).join("\n");
    part.querySelector("[data-shown]").textContent = found.map((one) => JSON.stringify(one.shown, null, 1)).join("\n");
    part.querySelector("[data-look]").hidden = false;
    const button = part.querySelector("button[data-sign]");
    button.onclick = async () => {
      button.disabled = true;
      try {
        await bring(task, await Promise.all(found.map((one) => sign(one, keys, words))), words);
        location.assign(words.done);
      } catch (error) {
        button.disabled = false;
        say(problem, error.message);
      }
    };
    button.focus();
  } catch (error) {
    say(problem, error.message);
  }
};

for (const part of document.querySelectorAll("[data-own-keys]")) {
  const words = part.dataset;
  const here = await supported();
  part.querySelector("[data-no-script]").hidden = true;
  part.querySelector("[data-missing]").hidden = here;
  for (const row of part.querySelectorAll("[data-key]")) {
    const key = here && (await kept(row.dataset.key));
    row.querySelector("[data-here]").hidden = !key;
    row.querySelector("[data-elsewhere]").hidden = Boolean(key);
    row.querySelector("button").onclick = () => {
      const body = words.body && { ...JSON.parse(words.body), sign_with: key.id };
      const address = body ? words.toSign : words.toSign + encodeURIComponent(key.id);
      offer(part, async () => ({ task: await ask(address, body, words), keys: [key] }));
    };
  }
  const make = part.querySelector("form[data-make]");
  if (!make) continue;
  make.hidden = !here;
  make.onsubmit = (event) => {
    event.preventDefault();
    offer(part, async () => {
      const key = await makeKey(make.elements.name.value.trim());
      const said = { public_key: toBase64Url(key.raw), name: key.name };
      if (make.elements.replaces.value) said.replaces = make.elements.replaces.value;
      else if (words.first) {
        const mine = (await Promise.all(words.first.split(" ").map(kept))).find(Boolean);
        said.sign_with = (mine ?? refuse(words.elsewhere)).id;
      }
      const task = await ask(words.toSign, Object.fromEntries(Object.entries(said).filter(([, one]) => one)), words);
      const [one] = task.statements;
      const { body } = JSON.parse(new TextDecoder().decode(fromBase64(one.envelope.payload)));
      if (body.public_key !== said.public_key || body.custody !== "holder") refuse(words.bytes);
      await keep(key); // before anything is recorded: a key that speaks is never lost on the way
      await navigator.storage?.persist?.();
      return { task, keys: [key] };
    });
  };
}

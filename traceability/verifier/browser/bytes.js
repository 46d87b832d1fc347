// Bytes and their writings: SHA-256, hexadecimal, base64, digests, moments; and the one error of the record.

/** A refusal: `code` never changes, `path` says where, the sentence says what to do (ledger/errors.py). */
class RecordError extends Error {
  constructor(code, sentence, path = "") {
    super(sentence);
    Object.assign(this, { code, sentence, path });
  }
}

const utf8 = new TextEncoder();
const ascii = (bytes) => String.fromCharCode(...bytes);

/** The text of UTF-8 bytes; null where they are none. A byte order mark stays. */
function utf8Text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Below, at or above zero, as bytes sort. */
function compare(one, other) {
  const shorter = Math.min(one.length, other.length);
  for (let n = 0; n < shorter; n++) if (one[n] !== other[n]) return one[n] - other[n];
  return one.length - other.length;
}

const same = (one, other) => compare(one, other) === 0;

/** The number as bytes, most significant first. */
function bigEndian(number, size) {
  const bytes = new Uint8Array(size);
  let rest = BigInt(number);
  for (let n = size - 1; n >= 0; n--, rest >>= 8n) bytes[n] = Number(rest & 255n);
  return bytes;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

// --- SHA-256 (FIPS 180-4): thousands of short hashes, for which the browser's own one is too slow to be asked ---------

const K256 = new Int32Array(64);
const H256 = new Int32Array(8);
{
  // The first 32 bits of the fractional parts of the cube and square roots of the first 64 primes.
  const fraction = (root) => ((root - Math.floor(root)) * 0x100000000) | 0;
  for (let candidate = 2, n = 0; n < 64; candidate++) {
    let prime = true;
    for (let by = 2; by * by <= candidate; by++) if (candidate % by === 0) prime = false;
    if (!prime) continue;
    if (n < 8) H256[n] = fraction(Math.sqrt(candidate));
    K256[n++] = fraction(Math.cbrt(candidate));
  }
}

function sha256(...parts) {
  const message = parts.length === 1 ? parts[0] : concat(...parts);
  const state = H256.slice();
  const words = new Int32Array(64);
  const whole = message.length - (message.length % 64);
  for (let at = 0; at < whole; at += 64) sha256Block(state, words, message, at);
  const rest = message.length - whole;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(message.subarray(whole));
  tail[rest] = 0x80;
  tail.set(bigEndian(message.length * 8, 8), tail.length - 8);
  for (let at = 0; at < tail.length; at += 64) sha256Block(state, words, tail, at);
  const digest = new Uint8Array(32);
  for (let n = 0; n < 32; n++) digest[n] = state[n >> 2] >>> (24 - 8 * (n & 3));
  return digest;
}

function sha256Block(state, w, message, at) {
  for (let n = 0; n < 16; n++, at += 4) {
    w[n] = (message[at] << 24) | (message[at + 1] << 16) | (message[at + 2] << 8) | message[at + 3];
  }
  for (let n = 16; n < 64; n++) {
    const x = w[n - 15];
    const y = w[n - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[n] = (w[n - 16] + s0 + w[n - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let n = 0; n < 64; n++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[n] + w[n]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

// --- Texts of bytes: one writing each -----------------------------------------------------------------------------

/** The bytes of standard base64 with padding; null where the text is not their one writing. */
function fromBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const binary = atob(text);
  if (btoa(binary.slice(-((binary.length % 3) || 3))) !== text.slice(-4) && text !== "") return null;
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function base64Decode(text, path = "") {
  const bytes = typeof text === "string" ? fromBase64(text) : null;
  if (!bytes) throw new RecordError("bad_base64", "This is not the one standard base64 text with padding.", path);
  return bytes;
}

function base64Encode(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += ascii(bytes.subarray(at, at + 8192));
  return btoa(binary);
}

function base64urlDecode(text, { size = null, path = "" } = {}) {
  const written = typeof text === "string" && /^[A-Za-z0-9_-]*$/.test(text);
  const padding = written ? "===".slice(0, (4 - (text.length % 4)) % 4) : "";
  const bytes = written ? fromBase64(text.replaceAll("-", "+").replaceAll("_", "/") + padding) : null;
  if (bytes && (size === null || bytes.length === size)) return bytes;
  const wanted = size === null ? "" : ` of ${size} bytes`;
  throw new RecordError("bad_base64", `This is not the one base64url text without padding${wanted}.`, path);
}

const base64urlEncode = (bytes) =>
  base64Encode(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const isUrn = (text) => typeof text === "string" && /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const isDigest = (text) => typeof text === "string" && /^sha256:[0-9a-f]{64}$/.test(text);
const digestOf = (bytes) => `sha256:${hex(sha256(bytes))}`;

function digestBytes(digest, path = "") {
  if (!isDigest(digest)) {
    const sentence = "Write the digest as sha256: with 64 lower-case hexadecimal digits.";
    throw new RecordError("bad_digest", sentence, path);
  }
  return unhex(digest.slice(7));
}

/** POSIX seconds of `YYYY-MM-DDThh:mm:ssZ` in the years 2000 to 2099. */
function parseMoment(text, path = "") {
  const written = typeof text === "string" && /^20\d\d-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(text);
  const seconds = written ? Date.parse(text) / 1000 : NaN;
  if (Number.isNaN(seconds) || moment(seconds) !== text) {
    const sentence = "Write the moment in UTC as 2026-11-05T08:30:00Z, in the years 2000 to 2099.";
    throw new RecordError("bad_moment", sentence, path);
  }
  return seconds;
}

const moment = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

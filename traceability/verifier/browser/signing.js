// Strict Ed25519 (ledger/signing.py; section 6): one encoding of each point, no small order, S below L.
// The signature itself is checked by the browser (WebCrypto).

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const SIGN_BIT = 1n << 255n;
const Y_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
const SMALL_ORDER_Y = [0n, 1n, P - 1n, Y_ORDER_8, P - Y_ORDER_8];

function mod(number) {
  return ((number % P) + P) % P;
}

function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e; b = (b * b) % P, e >>= 1n) if (e & 1n) result = (result * b) % P;
  return result;
}

const littleEndian = (bytes) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
const yOf = (point) => littleEndian(point) & (SIGN_BIT - 1n);

/** Whether the 32 bytes have y below p, and no sign where x is 0 (RFC 8032 section 5.1.3). */
function isCanonicalPoint(bytes) {
  const encoded = littleEndian(bytes);
  const y = encoded & (SIGN_BIT - 1n);
  return y < P && !(encoded >= SIGN_BIT && (y === 1n || y === P - 1n));
}

function isOnCurve(y) {
  return [0n, 1n].includes(power((y * y - 1n) * (D * y * y + 1n), (P - 1n) / 2n));
}

const checked = new Set(); // the check costs more than a signature, and few keys make many statements

function checkPublicKey(key, path = "") {
  if (checked.has(hex(key))) return key;
  if (key.length !== 32 || !isCanonicalPoint(key) || !isOnCurve(yOf(key))) {
    throw new RecordError("bad_public_key", "The key is not the one encoding of an Ed25519 public key.", path);
  }
  if (SMALL_ORDER_Y.includes(yOf(key))) {
    throw new RecordError("small_order_key", "The key is of small order: make a new one.", path);
  }
  checked.add(hex(key));
  return key;
}

const imported = new Map();

/** The browser's form of a public key, once; null where the browser does not know the algorithm. */
function importKey(algorithm, key) {
  const name = `${algorithm} ${hex(key)}`;
  if (!imported.has(name)) imported.set(name, loadKey(algorithm, key));
  return imported.get(name);
}

async function loadKey(algorithm, key) {
  const form = algorithm === "Ed25519" ? "raw" : "raw-public";
  try {
    return await crypto.subtle.importKey(form, key, algorithm, false, ["verify"]);
  } catch {
    return null;
  }
}

/** A key of a fixed test vector (RFC 8032 section 7.1, test 1): whether this browser can check Ed25519 at all. */
const knowsEd25519 = () =>
  importKey("Ed25519", unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

/** Refuses a signature that is not of this message under this key. */
async function verifyEd25519(key, message, signature) {
  checkPublicKey(key);
  if (signature.length !== 64) throw new RecordError("signature_not_canonical", "A signature has 64 bytes.");
  const r = signature.subarray(0, 32);
  if (littleEndian(signature.subarray(32)) >= L || !isCanonicalPoint(r) || SMALL_ORDER_Y.includes(yOf(r))) {
    throw new RecordError("signature_not_canonical", "The signature is not in its one canonical form.");
  }
  const loaded = await importKey("Ed25519", key);
  if (!loaded || !(await crypto.subtle.verify("Ed25519", loaded, signature, message))) {
    throw new RecordError("bad_signature", "The signature does not match the message and the key.");
  }
}

/** True or false; null where this browser cannot tell. */
async function verifyMlDsa44(key, message, signature) {
  const loaded = await importKey("ML-DSA-44", key);
  return loaded && crypto.subtle.verify("ML-DSA-44", loaded, signature, message);
}

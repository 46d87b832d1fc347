// Signed notes, checkpoints and policies (ledger/notes.py, checkpoint.py, policy.py; C2SP signed-note, tlog-*).

const [ED25519, COSIGNATURE, ML_DSA_44] = [1, 4, 6];
const KEY_BYTES = { [ED25519]: 32, [COSIGNATURE]: 32, [ML_DSA_44]: 1312 };
const DASH = "— ";
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\ud800-\udfff]/;
const MAX_NOTE_BYTES = 512 * 1024;

function parseNumber(text, path = "") {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) >= 2n ** 63n) {
    const sentence = "Write a number from 0 to 2^63-1 in decimal, without sign or leading zeros.";
    throw new RecordError("bad_number", sentence, path);
  }
  return BigInt(text);
}

function checkNoteName(name) {
  if (!name || name.includes("+") || /\s|\u0085/u.test(name) || CONTROLS.test(name)) {
    const sentence = "The name of a key is not empty and has no spaces, plus or control characters.";
    throw new RecordError("bad_note_key", sentence);
  }
}

/** The verifier key `name+hexadecimal id+base64(type | public key)`. */
function parseVkey(text) {
  const [name, id, ...rest] = text.split("+");
  if (!rest.length) throw new RecordError("bad_note_key", "Write a key as name+id+base64.");
  const coded = base64Decode(rest.join("+"));
  if (!coded.length) throw new RecordError("bad_note_key", "The key has no type.");
  const [type, key] = [coded[0], coded.subarray(1)];
  checkNoteName(name);
  const word = `0x${type.toString(16).padStart(2, "0")}`;
  if (!KEY_BYTES[type]) {
    throw new RecordError("unknown_note_key_type", `Keys of type ${word} cannot be checked here. Leave the line out.`);
  }
  if (key.length !== KEY_BYTES[type]) {
    throw new RecordError("bad_note_key", `A public key of type ${word} has ${KEY_BYTES[type]} bytes.`);
  }
  if (type !== ML_DSA_44) checkPublicKey(key);
  const keyId = hex(sha256(utf8.encode(`${name}\n`), coded).subarray(0, 4));
  if (keyId !== id) {
    const sentence = "The id is not the one of this name and key. Ask its owner for the key again.";
    throw new RecordError("bad_note_key", sentence);
  }
  return { name, type, key, keyId };
}

/** The note in these bytes; the last blank line ends its text. None of it is believed before `verifyCheckpoint`. */
function parseNote(bytes) {
  if (bytes.length > MAX_NOTE_BYTES) throw new RecordError("bad_note", `A note has at most ${MAX_NOTE_BYTES} bytes.`);
  const whole = utf8Text(bytes);
  if (whole === null) throw new RecordError("bad_note", "A note is UTF-8.");
  const blank = whole.lastIndexOf("\n\n");
  if (blank < 0 || !whole.endsWith("\n") || blank + 2 === whole.length) {
    const sentence = "A note is a text, a blank line and signature lines, each with its newline.";
    throw new RecordError("bad_note", sentence);
  }
  const lines = whole.slice(blank + 2, -1).split("\n").map(parseNoteLine);
  const text = whole.slice(0, blank + 1);
  if (CONTROLS.test(text)) {
    throw new RecordError("bad_note", "The text of a note ends in a newline and has no other control characters.");
  }
  if (lines.length > 64) throw new RecordError("bad_note", "A note has 1 to 64 signatures.");
  return { text, lines };
}

function parseNoteLine(line) {
  const space = line.indexOf(" ", DASH.length);
  if (!line.startsWith(DASH) || space < 0) {
    throw new RecordError("bad_note", "A signature line is a dash, a name and base64, with one space between them.");
  }
  const name = line.slice(DASH.length, space);
  const blob = base64Decode(line.slice(space + 1));
  checkNoteName(name);
  if (blob.length < 5) throw new RecordError("bad_note", "A signature line holds a key id of 4 bytes and a signature.");
  return { name, keyId: hex(blob.subarray(0, 4)), signature: blob.subarray(4) };
}

/** Origin, size and root of the three lines of a checkpoint. */
function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.pop() || lines.includes("")) {
    const sentence = "A checkpoint has an origin, a size and a root, each on its line, and no blank line.";
    throw new RecordError("bad_note", sentence);
  }
  const [origin, size, root] = [lines[0], parseNumber(lines[1], "/size"), base64Decode(lines[2], "/root")];
  if (root.length !== 32) throw new RecordError("bad_hash", `A hash has 32 bytes, this one has ${root.length}.`, "/0");
  if (!size && !same(root, EMPTY_ROOT)) {
    throw new RecordError("bad_checkpoint", "The root of a tree without leaves is SHA-256 of nothing.", "/root");
  }
  if (lines.length > 3) {
    throw new RecordError("bad_checkpoint", "A checkpoint of this format has no lines after its root.");
  }
  return { origin, size: Number(size), root };
}

/**
 * The checkpoint in a note, who of the policy signed it, and which lines are of unknown keys.
 * `unchecked` are ML-DSA-44 lines of known keys that this browser cannot check.
 */
async function verifyCheckpoint(bytes, policy) {
  const { text, lines } = parseNote(bytes);
  const known = [...policy.logs, ...policy.witnesses.values()];
  const [signatures, unchecked, unknown] = [[], [], []];
  for (const line of lines) {
    const key = known.find((one) => one.name === line.name && one.keyId === line.keyId);
    if (!key) unknown.push(line);
    else await takeNoteSignature(key, line.signature, text, signatures, unchecked);
  }
  if (!signatures.length && !unchecked.length) {
    throw new RecordError("no_known_signature", "None of the keys that you trust signed this note.");
  }
  const checkpoint = parseCheckpoint(text);
  const byLog = [...signatures, ...unchecked].some(
    ({ key }) => policy.logs.includes(key) && key.name === checkpoint.origin,
  );
  if (!byLog) {
    const sentence = `No known key of ${checkpoint.origin} signed this checkpoint.`;
    throw new RecordError("checkpoint_not_signed_by_log", sentence, "/origin");
  }
  const times = signatures.map((one) => one.time).filter(Boolean);
  return {
    checkpoint, signatures, unchecked, unknown,
    firstCosignedAt: times.length ? Math.min(...times) : null,
    cosignedAt: times.length ? Math.max(...times) : null,
  };
}

async function takeNoteSignature(key, blob, text, signatures, unchecked) {
  const timed = key.type !== ED25519;
  const time = timed ? new DataView(concat(blob.subarray(0, 8), new Uint8Array(8)).buffer).getBigUint64(0) : 0n;
  const raw = timed ? blob.subarray(8) : blob;
  let right = false;
  try {
    if (time < 2n ** 63n) right = await checkNoteSignature(key, raw, text, time);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
  }
  if (right === null) return unchecked.push({ key });
  if (!right) throw new RecordError("wrong_note_signature", `The signature of ${key.name} is not of this note.`);
  return signatures.push({ key, time: Number(time) || null });
}

async function checkNoteSignature(key, raw, text, time) {
  if (key.type === ML_DSA_44) return verifyMlDsa44(key.key, mlDsaMessage(key, text, time), raw);
  const message = key.type === ED25519 ? text : `cosignature/v1\ntime ${time}\n${text}`;
  await verifyEd25519(key.key, utf8.encode(message), raw);
  return true;
}

/** The structure `cosigned_message` of tlog-cosignature: name, time, origin, 0, size, root. */
function mlDsaMessage(key, text, time) {
  const { origin, size, root } = parseCheckpoint(`${text.split("\n").slice(0, 3).join("\n")}\n`);
  const prefixed = (words) => concat(Uint8Array.of(utf8.encode(words).length), utf8.encode(words));
  const start = [utf8.encode("subtree/v1\n\0"), prefixed(key.name), bigEndian(time, 8), prefixed(origin)];
  return concat(...start, bigEndian(0, 8), bigEndian(size, 8), root);
}

// --- Policy ---------------------------------------------------------------------------------------------------------

/** The policy in these bytes (C2SP tlog-policy): logs, witnesses and groups by name, the quorum. */
function parsePolicy(bytes) {
  if (bytes.length > MAX_NOTE_BYTES || bytes.some((byte) => (byte < 32 && byte !== 9 && byte !== 10) || byte === 127)) {
    const sentence = `A policy has at most ${MAX_NOTE_BYTES} bytes and no control characters but tab and newline.`;
    throw new RecordError("bad_policy", sentence);
  }
  if (bytes.length && bytes.at(-1) !== 10) throw new RecordError("bad_policy", "Each line of a policy ends in a newline.");
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
  new TextDecoder().decode(bytes).split("\n").forEach((line, n) => {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (words.length && !words[0].startsWith("#")) takePolicyLine(policy, words, `/${n + 1}`);
  });
  if (!policy.quorum) throw new RecordError("bad_policy", "A policy has a quorum line.");
  return policy;
}

function takePolicyLine(policy, words, path) {
  const { logs, witnesses, groups } = policy;
  const defined = (name) => witnesses.has(name) || groups.has(name);
  const refuse = (code, sentence) => {
    throw new RecordError(code, sentence, path);
  };
  const checkNew = (name) => {
    if (name === "none" || defined(name)) refuse("duplicate_in_policy", "This name is defined already.");
  };
  const checkDefined = (name) => {
    if (!defined(name)) refuse("unknown_policy_name", "Define the witness or group on a line before this one.");
  };
  const [kind, name, value, ...rest] = words;
  if (kind === "log" && [2, 3].includes(words.length)) {
    logs.push(policyKey(name, [ED25519, ML_DSA_44], logs, path));
  } else if (kind === "witness" && [3, 4].includes(words.length)) {
    checkNew(name);
    witnesses.set(name, policyKey(value, [COSIGNATURE, ML_DSA_44], [...witnesses.values()], path));
  } else if (kind === "group" && rest.length) {
    checkNew(name);
    rest.forEach(checkDefined);
    const listed = [...rest, ...[...groups.values()].flatMap((group) => group.members)];
    if (new Set(listed).size < listed.length) refuse("duplicate_in_policy", "A name is a member of one group, once.");
    const threshold = { all: rest.length, any: 1 }[value] ?? Number(parseNumber(value, path));
    if (threshold < 1 || threshold > rest.length) {
      refuse("bad_policy", `A group of ${rest.length} asks for 1 to ${rest.length} of them.`);
    }
    groups.set(name, { threshold, members: rest });
  } else if (kind === "quorum" && words.length === 2) {
    if (policy.quorum) refuse("duplicate_in_policy", "A policy has one quorum line.");
    if (name !== "none") checkDefined(name);
    policy.quorum = name;
  } else {
    refuse("bad_policy", "A line is a log, a witness, a group or the quorum.");
  }
  if (Math.max(logs.length, witnesses.size, groups.size) > 128) {
    refuse("bad_policy", "A policy has at most 128 logs, witnesses and groups each.");
  }
}

function policyKey(text, types, others, path) {
  let key;
  try {
    key = parseVkey(text);
  } catch (error) {
    throw new RecordError("bad_policy", `This key cannot be used. ${error.message}`, path);
  }
  if (!types.includes(key.type)) {
    const sentence = "Logs sign with keys of type 0x01 or 0x06, witnesses with 0x04 or 0x06.";
    throw new RecordError("bad_policy", sentence, path);
  }
  if (others.some((other) => same(other.key, key.key))) {
    throw new RecordError("duplicate_in_policy", "This public key is listed already.", path);
  }
  return key;
}

/** The names of witnesses whose lines can count for the quorum. */
function askedWitnesses(policy, name = policy.quorum) {
  if (name === "none") return [];
  const group = policy.groups.get(name);
  return group ? group.members.flatMap((member) => askedWitnesses(policy, member)) : [policy.witnesses.get(name)];
}

function quorumReached(policy, keys, name = policy.quorum) {
  if (name === "none") return true;
  const group = policy.groups.get(name);
  if (!group) return keys.includes(policy.witnesses.get(name));
  return group.members.filter((member) => quorumReached(policy, keys, member)).length >= group.threshold;
}

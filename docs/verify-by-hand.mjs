// A second reader of a custody bundle, written for people who want to see how little it takes: Node 20, nothing else.
//
//     node docs/verify-by-hand.mjs LOT.custody.zip [VKEY of the log, as the policy names it]
//
// It checks the manifest, every envelope's first signature, the checkpoint's signature by the log's Ed25519 key, that every
// statement is a leaf of that checkpoint's tree, and that each chain's custody hashes follow one another. It is no verifier:
// it knows no keys by log index, no heads, no rules, and no trust.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const fail = (sentence) => {
  console.error(`FAILED: ${sentence}`);
  process.exit(1);
};
const check = (holds, sentence) => holds || fail(sentence);

/** The stored members of the archive: local headers one after the other, until the directory begins. */
function members(zip) {
  const found = new Map();
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const [size, length] = [zip.readUInt32LE(at + 22), zip.readUInt16LE(at + 26)];
    const name = zip.toString("ascii", at + 30, at + 30 + length);
    check(zip.readUInt16LE(at + 8) === 0, `${name} is compressed`);
    found.set(name, zip.subarray(at + 30 + length, at + 30 + length + size));
    at += 30 + length + size;
  }
  return found;
}

/** An Ed25519 public key of 32 raw bytes, as RFC 8410 wraps it. */
const publicKey = (raw) =>
  createPublicKey({ key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]), format: "der", type: "spki" });

function checkManifest(files) {
  const manifest = JSON.parse(files.get("manifest.json"));
  for (const { name, sha256: digest } of manifest.members) {
    check(files.has(name), `${name} is not in the archive`);
    check(`sha256:${sha256(files.get(name)).toString("hex")}` === digest, `${name} is not the one of the manifest`);
  }
  check(manifest.members.length === files.size - 1, "the archive holds a member that the manifest does not list");
  return manifest;
}

/** DSSE: what is signed is the pre-authentication encoding; a key is found by the SHA-256 of its bytes. */
function readStatements(files) {
  const keys = new Map();
  const leaves = new Map();
  const statements = [];
  for (const [name, bytes] of files) {
    if (!name.startsWith("statements/")) continue;
    const { payload, payloadType, signatures } = JSON.parse(bytes);
    const content = Buffer.from(payload, "base64");
    const said = JSON.parse(content);
    for (const offered of [said.body.public_key, said.body.recovery_public_key]) {
      const raw = Buffer.from(offered ?? "", "base64url");
      if (offered) keys.set(`sha256:${sha256(raw).toString("hex")}`, raw);
    }
    const message = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${content.length} `), content]);
    const [{ keyid, sig }] = signatures;
    check(keyid === said.key && keys.has(keyid), `${name} is signed by a key that nobody stated`);
    check(verify(null, message, publicKey(keys.get(keyid)), Buffer.from(sig, "base64")), `${name} has a wrong signature`);
    const all = Buffer.concat(signatures.map((one) => Buffer.from(one.sig, "base64")));
    const leaf = Buffer.concat([sha256(content), sha256(keys.get(keyid)), sha256(all)]);
    leaves.set(Number(name.slice(11, 23)), sha256(Buffer.from([0]), leaf));
    statements.push({ said, digest: sha256(content).toString("hex"), name });
  }
  return { leaves, statements };
}

/** C2SP tlog-checkpoint: origin, size, root, a blank line, and signatures "— name base64(id | signature)". */
function readCheckpoint(files, vkey) {
  const name = [...files.keys()].filter((one) => one.startsWith("checkpoints/")).sort().at(-1);
  const note = files.get(name).toString("utf8");
  const end = note.lastIndexOf("\n\n") + 1;
  const [origin, size, root] = note.slice(0, end).split("\n");
  if (vkey) {
    const [, keyName, id, coded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? fail("write the key as name+id+base64");
    const key = Buffer.from(coded, "base64");
    check(key[0] === 1, "name an Ed25519 key of the log: type 0x01");
    const line = note.slice(end + 1).split("\n").find((one) => {
      return one.startsWith(`— ${keyName} `) && Buffer.from(one.split(" ")[2], "base64").toString("hex", 0, 4) === id;
    });
    check(line && keyName === origin, "the log's key did not sign the checkpoint");
    const signature = Buffer.from(line.split(" ")[2], "base64").subarray(4);
    const right = verify(null, Buffer.from(note.slice(0, end)), publicKey(key.subarray(1)), signature);
    check(right, "the signature of the log is not of this checkpoint");
  }
  return { origin, size: Number(size), root };
}

/** RFC 6962: the root over the statements' leaves and the hashes of the ranges between them, left first. */
function rootOf(size, leaves, hashes) {
  const listed = [...leaves.keys()];
  const root = (start, end) => {
    if (!listed.some((index) => start <= index && index < end)) return hashes.shift() ?? fail("a hash of the proof is missing");
    if (end - start === 1) return leaves.get(start);
    let half = 1;
    while (half * 2 < end - start) half *= 2;
    return sha256(Buffer.from([1]), root(start, start + half), root(start + half, end));
  };
  return root(0, size);
}

function checkInclusion(files, leaves, checkpoint) {
  const proof = JSON.parse(files.get("proofs/inclusion.json"));
  const hashes = (proof.hashes ?? []).map((one) => Buffer.from(one, "base64url"));
  check(proof.indexes.join() === [...leaves.keys()].join(), "the proof is not of these statements");
  const root = rootOf(checkpoint.size, leaves, hashes).toString("base64");
  check(root === checkpoint.root && !hashes.length, "the statements do not lead to the root of the checkpoint");
}

/** What each statement names as `previous` is the custody hash that the one before it made on the same subject. */
function checkChains(statements, manifest) {
  const heads = new Map();
  for (const { said, digest, name } of statements) {
    for (const { subject, seq, previous } of said.chains) {
      if (heads.has(subject)) check(heads.get(subject) === previous, `${name} does not follow the statement before it`);
      const made = sha256(`lodestone-custody/1\n${subject}\n${seq}\n${digest}\n`).toString("hex");
      heads.set(subject, `sha256:${made}`);
    }
  }
  check(heads.get(manifest.target) === manifest.custody_hash, "the newest custody hash is not the one of the manifest");
}

const [bundle, vkey] = process.argv.slice(2);
const files = members(readFileSync(bundle ?? fail("name a bundle")));
const manifest = checkManifest(files);
const { leaves, statements } = readStatements(files);
const checkpoint = readCheckpoint(files, vkey);
checkInclusion(files, leaves, checkpoint);
checkChains(statements, manifest);
console.log(`${statements.length} statements, in the log of ${checkpoint.origin} at ${checkpoint.size} leaves`);
console.log(`${manifest.target} ${manifest.custody_hash}`);
console.log(vkey ? "signed by the log's key that you named" : "nobody named the log's key: its signature was not checked");

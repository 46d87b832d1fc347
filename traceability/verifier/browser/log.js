// The log as the bundle shows it (verifier/log.py): THE checkpoint, inclusion, heads, earlier states, times.

/** THE checkpoint is the one of the greatest size; the others show when statements were first covered. */
async function readCheckpoints(facts) {
  const names = facts.names("checkpoints");
  if (!names.length) return facts.say("log", INVALID, "checkpoint_missing", "checkpoints", "The bundle has no checkpoint.");
  const newest = names.pop();
  facts.used.add(newest);
  const signed = await readCheckpoint(facts, newest);
  if (signed) {
    facts.checkpoint = signed.checkpoint;
    if (facts.policy) facts.signed = signed;
  }
  if (facts.policy && signed) checkWitnesses(facts, signed, newest);
  for (const name of names) {
    const earlier = await readCheckpoint(facts, name);
    if (earlier) facts.earlier.set(earlier.checkpoint.size, earlier);
  }
  return undefined;
}

async function readCheckpoint(facts, name) {
  const size = Number(name.slice(12, 24));
  let signed;
  try {
    signed = facts.policy
      ? await verifyCheckpoint(facts.read(name), facts.policy)
      : { checkpoint: parseCheckpoint(parseNote(facts.read(name)).text), signatures: [], unchecked: [], unknown: [] };
    if (signed.signatures.some(({ time }) => time !== null && !(time >= 946_684_800 && time <= 4_102_444_799))) {
      throw new RecordError("bad_checkpoint", "A key states a time outside the years 2000 to 2099.");
    }
    if (signed.checkpoint.size !== size) {
      const sentence = `The checkpoint is for a tree of ${signed.checkpoint.size} leaves, its name says ${size}.`;
      throw new RecordError("bad_checkpoint", sentence);
    }
    if (facts.checkpoint && signed.checkpoint.origin !== facts.checkpoint.origin) {
      throw new RecordError("bad_checkpoint", "This checkpoint is of another log than the newest one.");
    }
  } catch (error) {
    facts.fail("log", error, name);
    return null;
  }
  if (facts.policy) noteKeys(facts, signed, name);
  return signed;
}

/** Lines of keys that the policy does not name, and keys without a line; each key is told once. */
function noteKeys(facts, signed, name) {
  const { logs, witnesses } = facts.policy;
  const { origin } = signed.checkpoint;
  const present = [...signed.signatures, ...signed.unchecked].map(({ key }) => key);
  for (const line of signed.unknown) {
    const sentence = `A key named ${line.name} signed too; your policy does not name it, so it counts for nothing.`;
    facts.sayOnce("witness", WARNING, "unknown_note_key", name, sentence);
  }
  for (const { key } of signed.unchecked) {
    const sentence = `This browser cannot check the ML-DSA-44 signature of ${key.name}: it counts for nothing here.`;
    facts.sayOnce("log", NOTE, "ml_dsa_not_checked", name, sentence);
  }
  for (const key of logs) {
    if (key.name === origin && !present.includes(key)) {
      const sentence = `A key of ${key.name} that your policy names did not sign: id ${key.keyId}.`;
      facts.sayOnce("log", WARNING, "log_key_did_not_sign", name, sentence);
    }
  }
  const others = logs.filter((one) => one.name !== origin).map((one) => `${one.name}/`);
  const asked = askedWitnesses(facts.policy);
  for (const key of witnesses.values()) {
    if (present.includes(key) || others.some((start) => key.name.startsWith(start))) continue;
    const told = facts.checkpoint === null ? !asked.includes(key) : key.name.startsWith(`${origin}/`);
    const sentence = `The witness ${key.name} that your policy names did not sign: id ${key.keyId}.`;
    if (told) facts.sayOnce("witness", WARNING, "witness_did_not_sign", name, sentence);
  }
}

function checkWitnesses(facts, signed, name) {
  const keys = signed.signatures.map(({ key }) => key);
  const cosigners = [...facts.policy.witnesses.values()].filter((key) => keys.includes(key));
  if (!quorumReached(facts.policy, keys)) {
    const sentence = `${cosigners.length} witnesses cosigned this checkpoint; your policy asks for more.`;
    facts.say("witness", INCOMPLETE, "quorum_not_reached", name, sentence);
  }
  if (signed.cosignedAt === null) {
    const sentence = "No key of your policy states a time, so it is not known how the log stood when.";
    facts.say("current", INCOMPLETE, "time_not_established", name, sentence);
  }
  if (!facts.policy.logs.some((key) => keys.includes(key))) {
    const sentence = "The log signed with a key that this browser cannot check.";
    facts.say("log", INCOMPLETE, "log_signature_not_checked", name, sentence);
  }
}

/** The one multi-proof leads from every statement, at its index, to the root of THE checkpoint. */
function checkInclusion(facts) {
  try {
    facts.used.add(INCLUSION);
    if (!facts.bundle.members.has(INCLUSION)) {
      throw new RecordError("missing_member", "The bundle does not hold this member.", INCLUSION);
    }
    const proof = readMultiproof(facts.json(INCLUSION));
    const { checkpoint, leaves } = facts;
    if (!checkpoint) return;
    if (proof.size !== checkpoint.size) {
      const sentence = `The proof is for ${proof.size} leaves, the checkpoint for ${checkpoint.size}.`;
      throw new RecordError("bad_multiproof", sentence);
    }
    const missing = proof.indexes.find((index) => !leaves.has(index));
    if (missing !== undefined) {
      const sentence = `The proof covers the statement at index ${missing}, which is not in the bundle.`;
      throw new RecordError("statement_missing", sentence);
    }
    const listed = new Set(proof.indexes);
    const bare = [...leaves.keys()].find((index) => !listed.has(index));
    if (bare !== undefined) {
      throw new RecordError("statement_without_proof", `The proof does not cover the statement at index ${bare}.`);
    }
    if (!same(rootFromMultiproof(proof.size, leaves, proof.hashes), checkpoint.root)) {
      const sentence = "The statements do not lead to the root of the checkpoint: one is not that leaf.";
      throw new RecordError("root_mismatch", sentence);
    }
  } catch (error) {
    facts.fail("log", error, INCLUSION);
  }
}

/** The last leaf is the operator's `log.heads` of exactly this tree; then the map is read. */
function checkHeadsLeaf(facts) {
  if (!facts.checkpoint) return;
  const { size } = facts.checkpoint;
  const last = facts.entries.get(size - 1);
  if (last?.statement.kind !== "log.heads" || last.statement.body.size !== last.index) {
    const sentence = "The last leaf of the tree must be the heads of all chains before it.";
    facts.say("log", INVALID, "heads_not_last_leaf", checkpointName(size), sentence);
    return;
  }
  facts.used.add(last.name);
  if (operatorOf(facts) !== last.statement.issuer) {
    const sentence = "The heads must be said by the operator, whose register is leaf 0 of the log.";
    facts.say("log", INVALID, "heads_issuer", last.name, sentence);
  }
  if (!facts.bundle.members.has(HEADS)) return; // no chain is shown to be whole, which is said of each
  facts.used.add(HEADS);
  try {
    facts.mapHeads = verifyHeads(readMapProof(facts.json(HEADS)), digestBytes(last.statement.body.root));
  } catch (error) {
    facts.fail("log", error, HEADS);
  }
}

/** What each statement saw, and each earlier checkpoint, is the beginning of THE tree. */
function checkEarlier(facts) {
  const { checkpoint } = facts;
  if (!checkpoint) return;
  const bound = new Map();
  for (const { statement, name, index } of facts.entries.values()) {
    const { origin, size, root } = statement.seen;
    const where = `${name}/seen`;
    if (origin !== checkpoint.origin) {
      const sentence = "The statement was made for another log; it was replayed into this one.";
      facts.say("log", INVALID, "foreign_log", where, sentence);
    } else if (size > index) {
      const sentence = `It claims to have seen ${size} leaves, but stands itself at index ${index}.`;
      facts.say("log", INVALID, "seen_after_index", where, sentence);
    } else isBeginning(facts, { size, root: digestBytes(root) }, bound, where);
  }
  for (const [size, signed] of [...facts.earlier]) {
    if (!isBeginning(facts, signed.checkpoint, bound, checkpointName(size))) {
      facts.earlier.delete(size);
      facts.used.add(checkpointName(size));
    }
  }
  checkTimes(facts);
}

/** Whether the tree grew out of the old one; says why not. Each size is proved once. */
function isBeginning(facts, old, bound, where) {
  const { checkpoint } = facts;
  const name = `consistency/${old.size}.json`;
  const known = !old.size ? EMPTY_ROOT : old.size === checkpoint.size ? checkpoint.root : bound.get(old.size);
  try {
    if (known) {
      if (!same(old.root, known)) {
        const sentence = `This is not the root of the log at ${old.size} leaves: the log was forked.`;
        throw new RecordError("root_mismatch", sentence);
      }
      return true;
    }
    if (!facts.bundle.members.has(name)) {
      const sentence = `No proof shows that the tree of ${old.size} leaves is the beginning of this one.`;
      facts.say("log", INCOMPLETE, "consistency_not_established", where, sentence);
      return false;
    }
    facts.used.add(name);
    const value = facts.json(name);
    if (fieldsOf(value) !== "hashes" || !Array.isArray(value.hashes)) {
      throw new RecordError("bad_multiproof", "A consistency proof has exactly hashes.");
    }
    verifyConsistency(old, checkpoint, value.hashes.map((each, n) => hashOf(each, `/hashes/${n}`)));
    bound.set(old.size, old.root);
    return true;
  } catch (error) {
    facts.fail("log", error, where, error.code === "root_mismatch" ? "not_consistent" : "");
    return false;
  }
}

/** No statement claims to be younger than the first cosigned time over it; older ones are marked with the delay. */
function checkTimes(facts) {
  const checkpoints = new Map(facts.earlier);
  if (facts.signed) checkpoints.set(facts.signed.checkpoint.size, facts.signed);
  const sizes = [...checkpoints.keys()].sort((one, other) => one - other);
  checkFirstCheckpoints(facts, sizes);
  const first = sizes.map((_, n) => {
    const times = sizes.slice(n).map((size) => checkpoints.get(size).firstCosignedAt).filter(Boolean);
    return times.length ? Math.min(...times) : null;
  });
  for (const { statement, name, index } of facts.entries.values()) {
    const place = firstAt(sizes, index + 1);
    if (place === sizes.length) continue;
    facts.used.add(checkpointName(sizes[place]));
    const time = first[place];
    if (time === null) continue;
    const days = Math.floor((time - statement.occurredTo) / DAY_S);
    if (statement.issuedAt > time + LATE_S) {
      const claimed = moment(statement.issuedAt).slice(0, 16).replace("T", " ");
      const sentence = `It claims to be signed at ${claimed} UTC, after it stood in the log.`;
      facts.say("log", WARNING, "claimed_time_after_log", name, sentence);
    } else if (days >= 1) {
      facts.say("log", NOTE, "late_entry", name, `It came into the log ${days} days after what it tells.`);
    }
  }
}

/** No checkpoint that a statement saw, and that would be the first one over another, was left out. */
function checkFirstCheckpoints(facts, sizes) {
  const seen = [...new Set([...facts.entries.values()].map(({ statement }) => statement.seen.size))];
  seen.sort((one, other) => one - other);
  const missing = new Set();
  for (const index of facts.entries.keys()) {
    const [place, carried] = [firstAt(seen, index + 1), firstAt(sizes, index + 1)];
    if (place < seen.length && carried < sizes.length && seen[place] < sizes[carried]) missing.add(seen[place]);
  }
  for (const size of [...missing].sort((one, other) => one - other)) {
    const sentence = `The checkpoint of ${size} leaves was left out: it would show how early statements stood in the log.`;
    facts.say("log", INCOMPLETE, "first_checkpoint_missing", checkpointName(size), sentence);
  }
}

// The stages in their order, and the answer: what is said here has the codes of the Python verifier (verifier/checks.py).

async function readStatements(facts) {
  const offered = new Map();
  const ids = new Map();
  for (const name of facts.names("statements")) {
    const index = Number(name.slice(11, 23));
    let sealed;
    try {
      sealed = parseEnvelope(facts.read(name));
    } catch (error) {
      facts.used.add(name);
      facts.fail("signatures", error, name);
      continue;
    }
    facts.leaves.set(index, leafOf(sealed));
    let entry;
    try {
      entry = readStatement(facts, index, name, sealed.payload);
    } catch (error) {
      facts.used.add(name);
      facts.fail("chains", error, name);
      continue;
    }
    checkDigests(facts, entry);
    const id = `${entry.statement.issuer} ${entry.statement.id}`;
    if (!ids.has(id)) ids.set(id, index);
    else {
      const sentence = `The issuer used this id before, at index ${ids.get(id)}: one of the two was never accepted.`;
      facts.say("chains", INVALID, "id_taken", name, sentence);
    }
    await checkSignatures(facts, entry, sealed, offered);
    facts.entries.set(index, entry);
    facts.byDigest.set(entry.statement.digest, entry);
  }
}

function readStatement(facts, index, name, payload) {
  const disclosures = disclosuresOf(facts, payload);
  const statement = parseStatement(payload);
  if (!statement.known) {
    const sentence = `This version does not know ${statement.kind || "the format"}. Use a newer verifier.`;
    facts.say("chains", INCOMPLETE, "unknown_kind", name, sentence);
  }
  const opening = new Opening(disclosures);
  const opened = opening.open(statement.content, "");
  const { digests, withheld } = opening;
  const body = isObject(opened.body) ? opened.body : {};
  return { index, name, statement, known: statement.known, opened, body, digests, withheld };
}

function disclosuresOf(facts, payload) {
  const found = new Map();
  for (const [, digest] of new TextDecoder("latin1").decode(payload).matchAll(/"([A-Za-z0-9_-]{43})"/g)) {
    const name = `disclosures/${digest}.txt`;
    if (!facts.bundle.members.has(name)) continue;
    const one = parseDisclosure(new TextDecoder("latin1").decode(facts.read(name)));
    if (one.digest !== digest) {
      throw new RecordError("disclosure_mismatch", "The disclosure has another digest than its name says.", ` ${name}`);
    }
    found.set(digest, one);
  }
  return found;
}

/** A digest occurs once in a log; a correction keeps those of the fields that it does not change. */
function checkDigests(facts, { index, name, statement, digests }) {
  const plain = (place) => place.replace("/body/as/", "/");
  let before = null;
  for (const [place, digest] of digests) {
    if (!facts.closedAt.has(digest)) facts.closedAt.set(digest, index);
    if (facts.closedAt.get(digest) === index) continue;
    const version = statement.kind === "statement.correct" ? facts.byDigest.get(statement.body.newest) : null;
    before ??= new Map([...(version?.digests ?? [])].map(([one, kept]) => [plain(one), kept]));
    if (before.get(plain(place)) !== digest) {
      const sentence = "The digest of a confidential value stands in another statement too: it was copied.";
      facts.say("withheld", INVALID, "digest_twice", name + place, sentence);
    }
  }
}

/** Every signature is the one of its key, and the keys are those that the header names. */
async function checkSignatures(facts, entry, sealed, offered) {
  const { statement } = entry;
  if (entry.known && [...ABOUT_KEYS, "lot.import"].includes(statement.kind)) {
    for (const name of ["public_key", "recovery_public_key"]) learnKey(statement.body[name], offered);
  }
  const named = [statement.key, ...statement.cosigners.map(({ key }) => key)];
  try {
    if (sealed.signatures.map(({ keyid }) => keyid).join() !== named.join()) {
      const sentence = "The signatures are not those of the keys that the statement names.";
      throw new RecordError("wrong_signers", sentence);
    }
    for (const { keyid, sig } of sealed.signatures) {
      if (!offered.has(keyid)) return; // the replay says what is wrong with a key that nobody registered
      await verifyEd25519(offered.get(keyid), signedBytes(sealed.payload), sig);
      facts.count("signatures");
    }
    entry.signed = true;
  } catch (error) {
    facts.fail("signatures", error, entry.name);
  }
}

function learnKey(text, offered) {
  try {
    const key = base64urlDecode(text);
    offered.set(digestOf(key), key);
  } catch {
    // not a key: the replay refuses the statement
  }
}

// --- Documents and members -----------------------------------------------------------------------------------------

function checkDocuments(facts) {
  for (const { reached, opened, name, statement } of facts.entries.values()) {
    if (statement.kind === "lot.import") {
      for (const digest of Object.values(statement.body).filter(isDigest)) facts.used.add(`evidence/${digest.slice(7)}`);
    }
    const rows = [opened.evidence, opened.body?.as?.evidence].flatMap((some) => (Array.isArray(some) ? some : []));
    for (const row of reached ? rows : []) if (isObject(row) && isDigest(row.sha256)) checkDocument(facts, name, row);
  }
}

function checkDocument(facts, where, row) {
  const name = `evidence/${row.sha256.slice(7)}`;
  const member = facts.bundle.members.get(name);
  if (!member) {
    const sentence = `The document ${row.name ?? ""} is named, but not in the bundle.`;
    facts.say("documents", WARNING, "document_missing", where, sentence);
    return;
  }
  facts.used.add(name);
  if (`sha256:${hex(member.sha256)}` !== row.sha256 || member.size !== row.bytes) {
    const sentence = `The document ${row.name ?? ""} is not the one that was signed for.`;
    facts.say("documents", INVALID, "document_mismatch", name, sentence);
  }
}

/** Every member is reached from a signature, a digest or a proof; factors and tables belong to figures, not judged here. */
function checkMembers(facts) {
  if (!facts.checkpoint) return;
  const elsewhere = /^(?:factors|tables|declarations)\//;
  for (const name of facts.bundle.members.keys()) {
    if ([MANIFEST, README, INCLUSION].includes(name) || facts.used.has(name) || elsewhere.test(name)) continue;
    const digest = /^disclosures\/(.*)\.txt$/.exec(name)?.[1];
    const index = name.startsWith("statements/") ? Number(name.slice(11, 23)) : facts.closedAt.get(digest);
    if (!facts.entries.get(index)?.reached) {
      const sentence = "Nothing that is signed leads to this member: it does not belong here.";
      facts.say("documents", INVALID, "spare_member", name, sentence);
    }
  }
  for (const subject of [...facts.mapHeads.keys()].filter((one) => !facts.required.has(one)).sort()) {
    const sentence = "The heads proof covers a subject that has nothing to do with the lot.";
    facts.say("documents", INVALID, "spare_hash", subject, sentence);
  }
}

// --- The reader ----------------------------------------------------------------------------------------------------

function checkTrust(facts) {
  for (const [name, given] of [["policy", facts.policy], ["trust file", facts.trust]]) {
    if (!given) {
      const sentence = `Self-asserted trust: you gave no ${name}, so the bundle vouches for itself.`;
      facts.say("issuers", INCOMPLETE, "trust_self_asserted", name, sentence);
    }
  }
  const { operators, organisations } = facts.trust ?? {};
  if (operators && !operators.has(facts.operator)) {
    const sentence = "Your trust file does not accept the operator of this log.";
    facts.say("issuers", INCOMPLETE, "operator_not_accepted", facts.operator || "leaf 0", sentence);
  }
  const speaking = [...facts.entries.values()].filter((one) => one.reached && !one.refused);
  const issuers = speaking.filter(({ statement }) => statement.kind.startsWith("lot.")).map((one) => one.statement.issuer);
  for (const organisation of organisations ? [...new Set(issuers)].sort() : []) {
    if (organisations.has(organisation)) continue;
    const sentence = "Your trust file does not accept this organisation, which speaks of the lots.";
    facts.say("issuers", INCOMPLETE, "organisation_not_accepted", organisation, sentence);
  }
}

/** How old the log's state is at the reader's moment; without one it is not judged. */
function checkAge(facts) {
  const { at } = facts.asked;
  const asOf = facts.signed?.cosignedAt;
  if (at === undefined || !asOf) return;
  const days = facts.trust?.greatestAgeDays ?? 31;
  if (asOf > at + LATE_S) {
    const sentence = `The log was signed at ${moment(asOf)}, after your moment.`;
    facts.say("current", INVALID, "checkpoint_from_future", "checkpoints", sentence);
  } else if (asOf + days * DAY_S < at) {
    const sentence = `The log stood so at ${moment(asOf)}: older than the ${days} days that you accept.`;
    facts.say("current", WARNING, "stale", "checkpoints", sentence);
  }
}

/**
 * What the bundle shows. `policy` and `trust` are the reader's parsed files or null; `asked` may hold his moment `at`
 * in POSIX seconds and the custody hash that he expects, `expect`. Reads no clock and no network.
 */
async function verify(file, policy, trust, asked = {}) {
  let bundle;
  try {
    bundle = readBundle(file);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    return toReport(null, [{ topic: "archive", level: INVALID, code: error.code, where: error.path, sentence: error.sentence }]);
  }
  const facts = new Facts(bundle, policy, trust, asked);
  await readCheckpoints(facts);
  await readStatements(facts);
  findReach(facts);
  for (const stage of [
    checkInclusion, checkHeadsLeaf, checkEarlier, replay, checkTrust, checkKeyCustody, checkTarget, checkDocuments,
    checkAge, checkMembers,
  ]) {
    stage(facts);
  }
  return toReport(facts, facts.findings);
}

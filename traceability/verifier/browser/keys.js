// Which key may speak for whom, by order in the log (ledger/keys.py; section 6).

const ABOUT_KEYS = ["organisation.register", "key.add", "key.rotate", "key.revoke"];
const newRing = (organisation, operatorRecovery) => ({ organisation, operatorRecovery, keys: new Map() });

const fail = (code, sentence, path) => {
  throw new RecordError(code, sentence, path);
};

/** Refuses a statement that is not signed by keys in force for those who speak. */
function checkSigners(statement, rings) {
  const { kind, body } = statement;
  if (kind === "organisation.register") offeredKey(body, "public_key", statement.key);
  else {
    const ring = rings.get(statement.issuer);
    if (!ring) fail("key_unknown", "The issuer is not registered in this log.", "/issuer");
    if (activeKey(ring, statement.key).recovery && !ABOUT_KEYS.includes(kind)) {
      fail("key_not_active", "The recovery key signs nothing but statements about keys.", "/key");
    }
  }
  statement.cosigners.forEach((cosigner, n) => {
    if (kind === "organisation.register") return offeredKey(body, "recovery_public_key", cosigner.key);
    if (["key.add", "key.rotate", "lot.import"].includes(kind)) return offeredKey(body, "public_key", cosigner.key);
    const ring = rings.get(cosigner.organisation);
    if (!ring) fail("key_unknown", "A cosigner is not registered in this log.", `/cosigners/${n}`);
    if (activeKey(ring, cosigner.key).recovery) {
      fail("key_not_active", "The recovery key does not cosign.", `/cosigners/${n}/key`);
    }
    return undefined;
  });
}

function activeKey(ring, key) {
  const record = ring.keys.get(key);
  if (!record) fail("key_unknown", "This key was never registered for this organisation.", "/key");
  if (record.ended !== null) {
    fail("key_not_active", "This key was revoked or replaced. Sign with the current one.", "/key");
  }
  return record;
}

function publicKey(text, name) {
  try {
    return checkPublicKey(base64urlDecode(text));
  } catch (error) {
    throw new RecordError(error.code, error.sentence, `/body/${name}`);
  }
}

function offeredKey(body, name, key) {
  if (typeof body[name] !== "string") fail("proof_of_possession", `${name} is missing in the body.`, `/body/${name}`);
  if (digestOf(publicKey(body[name], name)) !== key) {
    fail("proof_of_possession", "The header names another key than the body offers.", `/body/${name}`);
  }
}

/** The rings after a statement about keys at this log index. */
function advanceKeys(statement, index, rings, operator) {
  const { kind, body, issuer } = statement;
  if (!ABOUT_KEYS.includes(kind)) return;
  const organisation = statement.chains[0]?.subject;
  const byOperator = issuer === operator && organisation !== operator;
  if (issuer !== organisation && !(byOperator && ["key.add", "key.revoke"].includes(kind))) {
    fail("not_the_organisation", "Only the organisation itself can say this about its keys.", "/issuer");
  }
  const ring = rings.get(organisation);
  const fresh = (name, custody) => newKey(body, name, index, custody, rings);
  if (kind === "organisation.register") {
    if (ring) fail("already_registered", "This organisation is registered already. Use key.add or key.rotate.", "/kind");
    rings.set(organisation, registered(statement, fresh));
    return;
  }
  if (!ring) fail("key_unknown", "The organisation is not registered in this log.", "/chains/0/subject");
  if (kind === "key.revoke") revokeKey(statement, index, ring, byOperator);
  else addKey(statement, index, ring, byOperator, fresh("public_key", body.custody));
}

function newKey(body, name, index, custody, rings) {
  const key = digestOf(publicKey(body[name], name));
  if ([...rings.values()].some((ring) => ring.keys.has(key))) {
    const sentence = "This key is or was in use. A key belongs to one organisation and never returns.";
    fail("key_taken", sentence, `/body/${name}`);
  }
  return { key, custody, since: index, broughtBy: "", byOperator: false, recovery: false, ended: null, doubtFrom: null };
}

function registered(statement, fresh) {
  const { body } = statement;
  const ring = newRing(statement.issuer, body.operator_recovery !== false);
  const first = fresh("public_key", body.custody);
  ring.keys.set(first.key, first);
  if (!("recovery_public_key" in body)) {
    checkCosigners(statement, []);
    return ring;
  }
  const recovery = fresh("recovery_public_key", "holder");
  if (recovery.key === first.key) {
    fail("proof_of_possession", "The recovery key must be another key.", "/body/recovery_public_key");
  }
  checkCosigners(statement, [[statement.issuer, recovery.key]]);
  ring.keys.set(recovery.key, { ...recovery, recovery: true });
  return ring;
}

function checkCosigners(statement, expected) {
  const given = statement.cosigners.map(({ organisation, key }) => [organisation, key]);
  if (JSON.stringify(given) !== JSON.stringify(expected)) {
    fail("proof_of_possession", "The new key must sign second, for this organisation.", "/cosigners");
  }
}

function addKey(statement, index, ring, byOperator, record) {
  const { kind, body } = statement;
  const signer = ring.keys.get(statement.key);
  if (kind === "key.add") {
    if (byOperator && !ring.operatorRecovery) {
      fail("recovery_forbidden", "This organisation ruled out recovery by the operator.", "/issuer");
    }
    if (byOperator && !("by" in body && "reason" in body && statement.content.evidence)) {
      const sentence = "A key added by the operator says so (by), why (reason), and shows evidence.";
      fail("recovery_forbidden", sentence, "/body/by");
    }
    if (!byOperator && "by" in body) {
      fail("not_the_organisation", "This key is not added by the operator. Leave by out.", "/body/by");
    }
  }
  checkCosigners(statement, [[ring.organisation, record.key]]);
  Object.assign(record, { broughtBy: statement.key, byOperator: byOperator || Boolean(signer?.byOperator) });
  if (kind === "key.rotate") {
    const old = activeKey(ring, statement.key);
    record.recovery = old.recovery;
    old.ended = index;
  }
  ring.keys.set(record.key, record);
}

function revokeKey(statement, index, ring, byOperator) {
  const { key, compromised_from_index: from } = statement.body;
  if (!(from <= index)) {
    fail("compromise_in_future", "compromised_from_index lies after this statement.", "/body/compromised_from_index");
  }
  const victim = ring.keys.get(key);
  if (!victim) fail("key_unknown", "This key was never registered for this organisation.", "/body/key");
  if (victim.recovery && (byOperator || statement.key !== key)) {
    fail("not_allowed_to_revoke", "No other key may revoke the recovery key.", "/body/key");
  }
  if (victim.doubtFrom !== null && victim.revokedByRecovery) {
    fail("first_revocation_decides", "The recovery key revoked this key already.", "/body/key");
  }
  const byRecovery = !byOperator && ring.keys.get(statement.key).recovery;
  const fallen = [victim];
  for (const one of fallen) {
    for (const other of ring.keys.values()) {
      const falls = other.broughtBy === one.key && other.since >= from && !other.recovery;
      if (falls && !fallen.includes(other)) fallen.push(other);
    }
  }
  for (const one of fallen) {
    if (one.doubtFrom !== null && one.revokedByRecovery) continue;
    one.doubtFrom = one.doubtFrom === null ? from : Math.min(from, one.doubtFrom);
    one.ended ??= index;
    one.revokedByRecovery ||= byRecovery;
  }
}

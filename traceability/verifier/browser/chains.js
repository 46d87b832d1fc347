// Which chains belong to the story of a lot, and whether each ends as the log signed it (verifier/reach.py, replay.py).
// Custody and matter are not judged here: of a statement that broke such a rule this file says what the heads say of it.

const DRAWS = ["input", "input_rest"];
const REFERENCE = "declaration.reference";
const texts = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
const chainOf = (statement, subject) => statement.chains.find((chain) => chain.subject === subject);

/** Marks the statements that are reached from the target, and names the lots and the subjects that must be whole. */
function findReach(facts) {
  const reach = { on: new Map(), about: new Map(), voided: new Set() };
  const put = (map, name, entry) => map.set(name, [...(map.get(name) ?? []), entry]);
  for (const entry of facts.entries.values()) {
    for (const chain of entry.statement.chains) put(reach.on, chain.subject, entry);
    for (const named of spokenOf(entry)) put(reach.about, named, entry);
    if (entry.statement.kind === "statement.void") reach.voided.add(entry.statement.body.voids);
  }
  facts.lots = reachedLots(reach, facts.target);
  const entries = [...facts.entries.values()];
  const operators = entries.filter(({ statement }) => statement.kind === "log.heads").map(({ statement }) => statement.issuer);
  const claims = (reach.on.get(facts.target) ?? []).filter(({ statement }) => statement.kind === "account.claim");
  const accounts = claims.flatMap(({ statement }) => statement.chains.filter(({ role }) => role === "subject"));
  const start = [facts.target, ...facts.lots, ...operators, ...accounts.map(({ subject }) => subject)];
  facts.required = reachedSubjects(reach, start);
  for (const entry of entries) entry.reached = entry.statement.chains.some(({ subject }) => facts.required.has(subject));
}

function reachedLots({ on, voided }, target) {
  const seen = new Set([target]);
  const lots = [];
  for (const lot of seen) {
    const entries = on.get(lot) ?? [];
    if (!entries.some(({ statement }) => statement.kind === REFERENCE)) lots.push(lot);
    for (const { statement } of entries) {
      if (statement.kind === REFERENCE) {
        const named = texts(statement.body.computed_from?.statements);
        const others = [...on.values()].flat().filter((other) => named.includes(other.statement.digest));
        for (const other of others) {
          for (const chain of other.statement.chains) if (["output", "lot"].includes(chain.role)) seen.add(chain.subject);
        }
        continue;
      }
      const { role } = chainOf(statement, lot);
      const wanted = role === "output" ? DRAWS : DRAWS.includes(role) && voided.has(statement.digest) ? ["output"] : [];
      for (const chain of statement.chains) if (wanted.includes(chain.role)) seen.add(chain.subject);
    }
  }
  return lots;
}

function reachedSubjects({ on, about }, start) {
  const found = new Set(start); // a set that grows while it is walked
  const speakers = (name) => {
    for (const { statement } of about.get(name) ?? []) for (const { subject } of statement.chains) found.add(subject);
  };
  for (const subject of found) {
    speakers(subject);
    for (const { statement, body } of on.get(subject) ?? []) {
      found.add(statement.issuer);
      if (statement.kind !== "lot.import") for (const { organisation } of statement.cosigners) found.add(organisation);
      const cited = statement.kind === "declaration.publish" && statement.body.reference?.declaration;
      if (typeof cited === "string") found.add(cited);
      speakers(statement.digest);
      for (const set of [body.factors, body.as?.body?.factors]) if (typeof set === "string") speakers(`factors ${set}`);
    }
  }
  return found;
}

/** For whose sake a statement on a subject of its own is carried: the digests or subjects that it speaks of. */
function spokenOf({ statement: { kind, body, digest } }) {
  if (kind === "statement.attest") return texts(body.statements);
  if (kind === "organisation.attest") return [body.organisation];
  if (kind === "declaration.publish") return [body.lot];
  return ["factors.publish", "statement.correct"].includes(kind) ? [`factors ${digest}`] : [];
}

/** Says every reached statement once more, in the order of the log; then compares the heads with those signed. */
function replay(facts) {
  facts.operator = operatorOf(facts);
  const counted = new Map([...facts.required].map((subject) => [subject, countedHashes(facts, subject)]));
  const refused = [];
  for (const entry of facts.entries.values()) {
    const signersOnly = !entry.reached && entry.statement.kind === "log.heads";
    if (!entry.reached && !signersOnly) continue;
    try {
      if (signersOnly) checkSigners(entry.statement, facts.rings);
      else takeStatement(facts, entry, counted);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      if (signersOnly) facts.fail("keys", error, entry.name);
      else refused.push([(entry.refused = true) && entry, error]);
    }
  }
  compareHeads(facts);
  for (const [entry, error] of refused) judgeRefused(facts, entry, error);
}

function operatorOf(facts) {
  const first = facts.entries.get(0)?.statement;
  return first?.kind === "organisation.register" ? first.issuer : "";
}

/**
 * The custody hashes that the signed head of a chain counts, walked back from it; null where the walk does not reach
 * the first one: then the statements are taken as they come, to say what is wrong.
 */
function countedHashes(facts, subject) {
  const head = facts.mapHeads.get(subject);
  if (!head) return null;
  const links = new Map();
  for (const { statement } of facts.entries.values()) {
    const chain = chainOf(statement, subject);
    if (chain) links.set(custodyHash(subject, chain.seq, statement.digest), chain);
  }
  const counted = new Set();
  for (let [hash, seq] = [head.custodyHash, head.count - 1]; ; seq--) {
    const chain = links.get(hash);
    if (!chain || chain.seq !== seq) return null;
    counted.add(hash);
    if (seq === 0) return counted;
    hash = chain.previous;
  }
}

function takeStatement(facts, entry, counted) {
  const { statement, index } = entry;
  const chains = statement.chains.filter(({ subject }) => facts.required.has(subject));
  if (entry.known) {
    checkSigners(statement, facts.rings);
    if (statement.seen.origin !== facts.checkpoint?.origin) {
      fail("foreign_log", "This statement was made for another log and cannot be replayed here.", "/seen/origin");
    }
  }
  const after = chains.map((chain) => nextHead(facts, statement, chain));
  for (const { subject, custodyHash: hash } of after) {
    if (counted.get(subject) && !counted.get(subject).has(hash)) {
      fail("leaf_not_counted", "The heads of the log do not count it.", "/chains");
    }
  }
  if (entry.known) {
    if (!entry.signed) fail("bad_signature", "The signatures of this statement do not hold.");
    noteKeyCustody(facts, statement);
    advanceKeys(statement, index, facts.rings, facts.operator);
  }
  for (const head of after) facts.heads.set(head.subject, head);
}

function nextHead(facts, statement, { subject, seq, previous }) {
  const head = facts.heads.get(subject);
  const expected = head ? head.count : 0;
  if (seq !== expected || previous !== head?.custodyHash) {
    const code = seq === expected ? "chain_broken" : seq > expected ? "chain_gap" : "chain_fork";
    fail(code, "Somebody added to this chain first. Read its new head and sign again.", "/chains");
  }
  const openedBy = head?.openedBy ?? statement.kind;
  return { subject, count: seq + 1, custodyHash: custodyHash(subject, seq, statement.digest), openedBy };
}

function noteKeyCustody(facts, statement) {
  const ring = facts.rings.get(statement.issuer);
  const active = ring ? [...ring.keys.values()].filter(({ ended }) => ended === null) : [];
  const held = ring
    ? active.every(({ custody, recovery }) => custody === "holder" || recovery)
    : statement.body.custody === "holder";
  if (!held) facts.count(`platform keys of ${statement.issuer}`);
  if (active.some(({ byOperator }) => byOperator)) facts.count(`operator key of ${statement.issuer}`);
}

function compareHeads(facts) {
  for (const subject of [...facts.required].sort()) {
    if (!facts.mapHeads.has(subject)) {
      const sentence = "No proof shows that this chain ends here: later statements may have been left out.";
      facts.say("source", INCOMPLETE, "completeness_not_established", subject, sentence);
    } else if (!agrees(facts, subject)) {
      const have = facts.heads.get(subject)?.count ?? 0;
      const count = facts.mapHeads.get(subject)?.count ?? 0;
      const [code, sentence] =
        count > have
          ? ["chain_cut", `The log has ${count} statements on this chain, the bundle shows ${have}.`]
          : count < have
            ? ["heads_differ", `The bundle shows ${have} statements on this chain, the heads of the log say ${count}.`]
            : ["heads_differ", "The newest statement is another one than the heads of the log say."];
      facts.say("chains", INVALID, code, subject, sentence);
    }
  }
}

function agrees(facts, subject) {
  const [here, signed] = [facts.heads.get(subject), facts.mapHeads.get(subject)];
  return here?.count === signed?.count && here?.custodyHash === signed?.custodyHash;
}

function judgeRefused(facts, entry, error) {
  if (error.code === "bad_signature") return undefined; // said already, where the signature was checked
  const subjects = entry.statement.chains.map(({ subject }) => subject).filter((one) => facts.required.has(one));
  if (subjects.every((subject) => facts.mapHeads.has(subject) && agrees(facts, subject))) {
    if (error.code === "leaf_not_counted") {
      const sentence = "It stands in the log, but its heads do not count it: it breaks a rule, or the heads are false. " +
        "Which of both is not established here.";
      return facts.say("chains", INCOMPLETE, error.code, entry.name, sentence);
    }
    const sentence = `It stands in the log, but has no effect, because it breaks a rule. ${error.sentence}`;
    facts.say("chains", WARNING, "refused_leaf", entry.name, sentence);
  } else {
    const chain = ["chain_gap", "chain_fork", "chain_broken", "leaf_not_counted"].includes(error.code);
    facts.fail(chain ? "chains" : "keys", error, entry.name);
  }
  return undefined;
}

/** Whose statements the operator could have signed, and statements in the window of a key that was revoked later. */
function checkKeyCustody(facts) {
  const level = facts.trust?.holderKeysRequired ? INCOMPLETE : NOTE;
  for (const organisation of [...facts.rings.keys()].sort()) {
    const platform = facts.counts.get(`platform keys of ${organisation}`);
    if (platform) {
      const sentence = `${platform} statements under platform keys: the operator could have made these signatures.`;
      facts.say("keys", level, "platform_keys", organisation, sentence);
    }
    if (facts.counts.get(`operator key of ${organisation}`)) {
      const sentence = "The operator added a key for this organisation; statements after it may be his.";
      facts.say("keys", level, "operator_added_key", organisation, sentence);
    }
  }
  for (const { statement, index, name, refused } of facts.entries.values()) {
    const signers = [[statement.issuer, statement.key], ...statement.cosigners.map((one) => [one.organisation, one.key])];
    const records = signers.map(([organisation, key]) => facts.rings.get(organisation)?.keys.get(key));
    if (!refused && records.some((record) => record && record.doubtFrom !== null && record.doubtFrom <= index)) {
      const sentence = "It was signed in the time in which its key may have been in the hands of a thief. " +
        "Who confirmed it is not looked at here.";
      facts.say("keys", WARNING, "signed_in_compromise_window", name, sentence);
    }
  }
}

/** The manifest names the newest custody hash of its lot, and the reader expected this one. */
function checkTarget(facts) {
  const head = facts.heads.get(facts.target);
  if (!head || !(facts.lots.includes(facts.target) ? MAKING.includes(head.openedBy) : head.openedBy === REFERENCE)) {
    const sentence = "The bundle does not tell how its lot came about.";
    return facts.say("chains", INVALID, "target_missing", facts.target, sentence);
  }
  if (head.custodyHash !== facts.bundle.custodyHash) {
    const sentence = "The manifest names another custody hash than the newest statement on the lot makes.";
    facts.say("chains", INVALID, "custody_hash_mismatch", MANIFEST, sentence);
  }
  const { expect } = facts.asked;
  if (!expect || expect === head.custodyHash) return undefined;
  const earlier = [...facts.entries.values()].some(({ statement, refused }) => {
    const chain = chainOf(statement, facts.target);
    return !refused && chain && custodyHash(facts.target, chain.seq, statement.digest) === expect;
  });
  if (earlier) {
    const sentence = "The custody hash that you expect is an earlier one of this lot; more was said of it since.";
    return facts.say("chains", NOTE, "expected_earlier_hash", facts.target, sentence);
  }
  const sentence = "This is another lot, or another history of it, than the custody hash says that you expect.";
  return facts.say("chains", INVALID, "not_expected_hash", facts.target, sentence);
}

const MAKING = ["lot.source", "lot.import", "lot.transform"];

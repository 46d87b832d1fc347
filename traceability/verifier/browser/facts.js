// What is known of a bundle while it is verified (verifier/facts.py): each stage adds what it read and found.

const [NOTE, WARNING, INCOMPLETE, INVALID] = [0, 1, 2, 3];
const LEVELS = ["note", "warning", "incomplete", "invalid"];
const LATE_S = 600;
const DAY_S = 86_400;
const PROOFS = { maxBytes: 256 * KIB ** 2, maxDepth: 4 };

/** Everything that the stages look at, and what they found. */
class Facts {
  constructor(bundle, policy, trust, asked) {
    Object.assign(this, { bundle, policy, trust, asked, target: bundle.target, checkpoint: null, signed: null });
    for (const name of ["entries", "closedAt", "leaves", "earlier", "mapHeads", "heads", "rings", "counts", "byDigest"]) {
      this[name] = new Map();
    }
    Object.assign(this, { used: new Set(), required: new Set(), lots: [], findings: [], operator: "" });
  }

  say(topic, level, code, where, sentence) {
    this.findings.push({ topic, level, code, where, sentence });
  }

  sayOnce(topic, level, code, where, sentence) {
    if (!this.findings.some((one) => one.topic === topic && one.sentence === sentence)) {
      this.say(topic, level, code, where, sentence);
    }
  }

  fail(topic, error, where, code = "") {
    if (!(error instanceof RecordError)) throw error;
    this.say(topic, INVALID, code || error.code, where + error.path, error.sentence);
  }

  count(name) {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  read(name) {
    return this.bundle.members.get(name).content;
  }

  names(folder) {
    return [...this.bundle.members.keys()].filter((name) => name.startsWith(`${folder}/`));
  }

  json(name) {
    return parseCanonical(this.read(name), PROOFS);
  }
}

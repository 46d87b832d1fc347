// The sixteen checks of docs/formats/answer.md: some are made here, the others are named as not established here.

const UNJUDGED = "Not established here: the Python verifier makes this check.";
const NOT_HERE = ["current", "valid", "figures", "balance", "complete", "origin", "recycled", "verified", "method"];
const OF_BUYER = ["not_expected_hash", "expected_earlier_hash"];
const words = { [NOTE]: "pass", [WARNING]: "warning", [INCOMPLETE]: "not_established", [INVALID]: "fail" };

/** Under which of the sixteen a finding counts. */
function checkOf({ topic, code }) {
  if (OF_BUYER.includes(code)) return "purchase";
  if (code === "trust_self_asserted") return "anchors";
  const byTopic = { archive: "signed", signatures: "signed", documents: "signed", keys: "keys", issuers: "issuer" };
  const later = { current: code === "time_not_established" ? "log" : "valid", source: "complete", withheld: "complete" };
  return byTopic[topic] ?? later[topic] ?? "log";
}

function toReport(facts, findings) {
  const broken = findings.some((one) => checkOf(one) === "signed" && one.level === INVALID);
  const checks = FORMAT.checks.map(({ id, name }, n) => {
    const own = findings.filter((one) => checkOf(one) === id);
    const said = broken && id !== "signed" ? ["not_established", "Not looked at: bytes or signatures are wrong."] : null;
    const [result, message] = said ?? wordOf(id, own, facts);
    const evidence = broken && id !== "signed" ? [] : own.map(toFinding);
    return { number: n + 1, id, name, result, message, evidence };
  });
  const level = Math.max(NOTE, ...findings.map((one) => one.level));
  const asOf = facts?.signed?.cosignedAt;
  return {
    format: "lodestone-browser-report/1",
    verdict: level === INVALID ? "INVALID" : "INCOMPLETE", // the checks that are not made here are not established
    holds: level <= WARNING, // of the checks that are made here
    first_line: `as the log stood at ${asOf ? moment(asOf) : "an unknown time"}; anything later is not in this bundle`,
    target: facts?.target ?? "",
    custody_hash: facts?.bundle.custodyHash ?? "",
    log: { origin: facts?.checkpoint?.origin ?? "", size: facts?.checkpoint?.size ?? null },
    counts: { statements: facts?.entries.size ?? 0, signatures: facts?.counts.get("signatures") ?? 0 },
    checks,
    findings: findings.map(toFinding),
    not_detectable: FORMAT.notDetectable,
  };
}

const toFinding = ({ code, where, sentence, level }) => ({ code, where, sentence, level: LEVELS[level] });

/** The word of a check: that of its heaviest finding, else what was looked at. */
function wordOf(id, findings, facts) {
  const level = Math.max(NOTE, ...findings.map((one) => one.level));
  if (level > NOTE) {
    const heaviest = findings.filter((one) => one.level === level);
    const more = heaviest.length > 1 ? ` And ${heaviest.length - 1} more.` : "";
    const result = NOT_HERE.includes(id) && level < INCOMPLETE ? "not_established" : words[level];
    return [result, heaviest[0].sentence + more];
  }
  const { counts, entries, checkpoint, lots, rings, trust, policy, asked } = facts;
  const outside = policy && policy.quorum !== "none"
    ? "The witnesses that your policy asks for cosigned."
    : "Your policy asks for no witness, so nobody outside vouches for this checkpoint.";
  const closed = [...entries.values()].reduce((sum, one) => sum + one.digests.size - one.withheld.length, 0);
  const said = {
    signed: `The archive is exact. ${counts.get("signatures") ?? 0} signatures match their bytes and keys, ` +
      `${closed} disclosed values their salted digests.`,
    keys: "Each key was in force at the log position of what it signed.",
    anchors: "Judged by your own policy and your own trust file.",
    log: `${lots.length} lots, each statement names the one before. Inclusion of ${entries.size} statements recomputed ` +
      `against checkpoint ${checkpoint?.size}. Every chain ends as the log says. ${outside}`,
    offline: "Everything here follows from the bundle and your own files.",
  };
  if (id === "issuer") {
    return trust?.organisations
      ? ["pass", `${rings.size} organisations registered before they signed. Your trust file names them.`]
      : ["not_established", "Who stands behind the names is not established: your trust file lists no organisations."];
  }
  if (id === "purchase") {
    if (!asked.expect) return ["not_applicable", "You did not say what you bought."];
    return ["pass", "The custody hash is the one that you expect. Nothing else of a purchase is compared here."];
  }
  return said[id] ? ["pass", said[id]] : ["not_established", UNJUDGED];
}

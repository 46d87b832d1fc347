// Whom the reader accepts (verifier/trust.py): the part of his trust file that is looked at here.

const TRUST_LISTS = ["organisations", "auditors", "verifiers", "factor_publishers", "operators", "programme_operators"];

/** The reader's trust file (docs/formats/trust.md), of which the browser needs a part. */
function parseTrust(bytes) {
  const value = loadJson(bytes, 1 << 20, MAX_DEPTH);
  if (!isObject(value)) throw new RecordError("bad_trust", "The trust file is an object.");
  checkProfile(value, { maxDepth: MAX_DEPTH, mayBeEmpty: [] });
  const members = optional(list(object({ urn: urnShape, name: optional(text(200)) }), 10_000));
  const flag = (found, path) => typeof found === "boolean" || wrong("Use true or false.")(path);
  object({
    format: word("lodestone-trust/1"),
    ...Object.fromEntries(TRUST_LISTS.map((name) => [name, members])),
    greatest_age_days: optional(whole),
    holder_keys_required: optional(flag),
    least_verification: optional(word("none", "attested", "verified")),
  })(value, "");
  const urns = (rows) => (rows ? new Set(rows.map(({ urn }) => urn)) : null);
  return {
    organisations: urns(value.organisations), operators: urns(value.operators),
    holderKeysRequired: value.holder_keys_required === true, greatestAgeDays: value.greatest_age_days ?? 31,
  };
}

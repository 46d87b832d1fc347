// Statements: the envelope, the header, confidential values and the leaf (ledger/envelope.py, statement.py, closed.py).
// The bodies of the kinds are not compared with their schemas here.

const PAYLOAD_TYPE = "application/vnd.lodestone.statement+json";
const MAX_ENVELOPE_BYTES = 512 * 1024;
const SIGNATURE = '\\{"keyid":"(sha256:[0-9a-f]{64})","sig":"([A-Za-z0-9+/]{86}==)"\\}';
const ENVELOPE = new RegExp(
  `^\\{"payload":"([^"]*)","payloadType":"${PAYLOAD_TYPE.replace("+", "\\+")}","signatures":` +
    `\\[(${SIGNATURE}(?:,${SIGNATURE})*)\\]\\}$`,
);

function parseEnvelope(bytes) {
  if (bytes.length > MAX_ENVELOPE_BYTES) {
    throw new RecordError("too_large", `An envelope has at most ${MAX_ENVELOPE_BYTES} bytes.`);
  }
  const found = ENVELOPE.exec(new TextDecoder("latin1").decode(bytes));
  if (!found) throw whatIsWrong(bytes);
  const payload = base64Decode(found[1], "/payload");
  if (payload.length > MAX_BYTES) {
    throw new RecordError("too_large", `A statement has at most ${MAX_BYTES} bytes.`, "/payload");
  }
  const signatures = Array.from(found[2].matchAll(new RegExp(SIGNATURE, "g")), ([, keyid, sig]) => ({
    keyid,
    sig: base64Decode(sig, "/signatures"),
  }));
  return { payload, signatures };
}

function whatIsWrong(bytes) {
  let value;
  try {
    value = JSON.parse(utf8Text(bytes));
  } catch {
    return new RecordError("bad_envelope", "This is not JSON.");
  }
  if (!isObject(value) || fieldsOf(value) !== "payload payloadType signatures") {
    const sentence = "An envelope has the members payload, payloadType and signatures and no others.";
    return new RecordError("bad_envelope", sentence);
  }
  if (value.payloadType !== PAYLOAD_TYPE) {
    const sentence = `The payload type of a statement is ${PAYLOAD_TYPE}.`;
    return new RecordError("wrong_payload_type", sentence, "/payloadType");
  }
  const sentence = "Write the envelope as RFC 8785 JSON with standard base64, padded, and sha256: names of keys.";
  return new RecordError("envelope_not_canonical", sentence);
}

/** What is signed: the pre-authentication encoding of DSSE v1. */
const signedBytes = (payload) =>
  concat(utf8.encode(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload);

/** The leaf hash: of the digests of the payload, of the first signer's key and of all signatures (section 4). */
function leafOf({ payload, signatures }) {
  const all = sha256(concat(...signatures.map((one) => one.sig)));
  return leafHash(concat(sha256(payload), digestBytes(signatures[0].keyid), all));
}

const custodyHash = (urn, seq, digest) =>
  digestOf(utf8.encode(`lodestone-custody/1\n${urn}\n${seq}\n${digest.slice(7)}\n`));

// --- The header -----------------------------------------------------------------------------------------------------

const wrong = (sentence) => (path) => {
  throw new RecordError("wrong_type", sentence, path);
};
const text = (longest, pattern, example) => (value, path) => {
  if (typeof value !== "string") wrong('Use a text; quantities are texts too, as in "12.5".')(path);
  const length = Array.from(value).length;
  if (length < 1 || length > longest) throw new RecordError("out_of_range", `Use 1 to ${longest} characters.`, path);
  if (!value.trim()) throw new RecordError("out_of_range", "Write more than blanks.", path);
  if (pattern && !pattern.test(value)) wrong(`Write it like ${example}.`)(path);
};
const fits = (test, sentence) => (value, path) => {
  if (typeof value !== "string") wrong('Use a text; quantities are texts too, as in "12.5".')(path);
  if (!test(value)) wrong(sentence)(path);
};
const urnShape = fits(isUrn, "Use a urn:uuid: in lower case.");
const digestShape = fits(isDigest, "Use sha256: and 64 lower-case hex digits.");
const newUrn = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const whole = (value, path) => {
  if (!Number.isInteger(value)) wrong("Use a whole number.")(path);
  if (value < 0) throw new RecordError("out_of_range", `Use a whole number from 0 to ${2 ** 53 - 1}.`, path);
};
const word = (...words) => (value, path) => {
  if (typeof value !== "string") wrong('Use a text; quantities are texts too, as in "12.5".')(path);
  if (!words.includes(value)) throw new RecordError("out_of_range", `Use one of: ${words.join(", ")}.`, path);
};
const optional = (shape) => Object.assign((value, path) => shape(value, path), { optional: true });
const object = (fields) => (value, path) => {
  if (!isObject(value)) wrong("Use an object.")(path);
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) {
      throw new RecordError("unknown_field", `There is no field ${name} here. Remove it.`, pointer(path, name));
    }
    fields[name](value[name], `${path}/${name}`);
  }
  for (const name of Object.keys(fields)) {
    if (!(name in value) && !fields[name].optional) {
      throw new RecordError("missing_field", `${name} is missing.`, `${path}/${name}`);
    }
  }
};
const list = (item, most) => (value, path) => {
  if (!Array.isArray(value)) wrong("Use a list.")(path);
  if (value.length < 1 || value.length > most) {
    throw new RecordError("out_of_range", `Use a list of 1 to ${most} items.`, path);
  }
  value.forEach((row, n) => item(row, `${path}/${n}`));
};
const offset = (value, path) => {
  if (typeof value !== "string" || !/^(?!-00:00)[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/.test(value)) {
    const sentence = "Write the offset from UTC as +02:00 or -07:00; UTC itself is +00:00.";
    throw new RecordError("bad_utc_offset", sentence, path);
  }
};

const HEADER = object({
  format: word("lodestone-statement/1"),
  id: fits((value) => newUrn.test(value), "Use a urn:uuid: in lower case with a UUID of version 7."),
  nonce: (value, path) => base64urlDecode(value, { size: 16, path }),
  kind: text(60, /^[a-z]+[.][a-z_]+$/, "lot.source"),
  issuer: urnShape,
  key: digestShape,
  cosigners: optional(list(object({ organisation: urnShape, key: digestShape }), 1)),
  occurred_from: parseMoment,
  occurred_to: parseMoment,
  utc_offset: offset,
  issued_at: parseMoment,
  seen: object({ origin: text(200), size: whole, root: digestShape }),
});
const ROLES = ["output", "input", "input_rest", "lot", "subject"];
const CHAINS = list(
  object({ subject: urnShape, role: word(...ROLES), seq: whole, previous: optional(digestShape) }),
  500,
);
const BESIDE_HEADER = ["chains", "process", "body", "evidence"];

/** The statement in these payload bytes; `known` is whether this version knows its format and kind. */
function parseStatement(payload) {
  const content = parseCanonical(payload);
  const known = content.format === "lodestone-statement/1" && FORMAT.kinds.includes(content.kind);
  const header = Object.fromEntries(Object.entries(content).filter(([name]) => !BESIDE_HEADER.includes(name)));
  HEADER(known ? header : { ...header, format: "lodestone-statement/1" }, "");
  if (known && !("body" in content && "chains" in content)) {
    throw new RecordError("bad_header", "A statement has chains and a body.");
  }
  const empty = Array.isArray(content.chains) && !content.chains.length;
  if (!empty || (known && content.kind !== "log.heads")) CHAINS(content.chains, "/chains");
  if (known && !isObject(content.body)) wrong("Use an object.")("/body");
  const [from, to, issued] = [content.occurred_from, content.occurred_to, content.issued_at].map((one) => parseMoment(one));
  if (known && !(from <= to && to <= issued)) {
    const sentence = "It must start before it ends, and end before it is signed.";
    throw new RecordError("time_order", sentence, "/occurred_from");
  }
  checkChainOrder(content.chains);
  const signers = content.cosigners ?? [];
  return {
    ...content, content, known, cosigners: signers, digest: digestOf(payload), occurredTo: to, issuedAt: issued,
    body: isObject(content.body) ? content.body : {},
  };
}

function checkChainOrder(chains) {
  if (chains.some((chain, n) => n && chains[n - 1].subject >= chain.subject)) {
    throw new RecordError("bad_chains", "Name each subject once, in ascending order.", "/chains");
  }
  chains.forEach((chain, n) => {
    if ((chain.seq === 0) !== !("previous" in chain)) {
      const sentence = "previous is absent at seq 0 and present after it.";
      throw new RecordError("bad_chains", sentence, `/chains/${n}/previous`);
    }
  });
}

// --- Confidential values --------------------------------------------------------------------------------------------

const HIDING = ["closed", "closed_row"];
const MAX_DISCLOSURE_BYTES = 16 * 1024;

/** The disclosure in a base64url text: its digest, its name (null for a row) and its value. */
function parseDisclosure(text) {
  if (text.length > MAX_DISCLOSURE_BYTES) {
    throw new RecordError("too_large", `A disclosure has at most ${MAX_DISCLOSURE_BYTES} bytes.`);
  }
  const parts = parseCanonicalList(base64urlDecode(text), 6);
  if (![2, 3].includes(parts.length)) {
    const sentence = "A disclosure holds a salt, the name of the field unless it is a row, and the value.";
    throw new RecordError("bad_disclosure", sentence);
  }
  base64urlDecode(parts[0], { size: 16 });
  refuseClosedInside(parts.at(-1));
  const name = parts.length === 3 ? parts[1] : null;
  if (name !== null && (typeof name !== "string" || !FIELD_NAME.test(name) || HIDING.includes(name))) {
    throw new RecordError("bad_disclosure", "A disclosure names a field of the record.");
  }
  return { digest: base64urlEncode(sha256(utf8.encode(text))), name, value: parts.at(-1) };
}

function refuseClosedInside(value) {
  if (isObject(value) && HIDING.some((name) => name in value)) {
    const sentence = "A confidential value is closed whole: nothing inside it is closed again.";
    throw new RecordError("closed_inside_value", sentence);
  }
  if (typeof value === "object") Object.values(value).forEach(refuseClosedInside);
}

/** One walk over a signed form: what it says once opened, the digest at each closed place, what stays withheld. */
class Opening {
  constructor(disclosures) {
    Object.assign(this, { disclosures, digests: new Map(), withheld: [], seen: new Set() });
  }

  open(members, path) {
    const refuse = (code, sentence, place = path) => {
      throw new RecordError(code, sentence, place);
    };
    if ("closed_row" in members) refuse("bad_closed", "`closed_row` stands alone in an object of a list.");
    const opened = {};
    for (const [name, value] of Object.entries(members)) {
      if (name !== "closed") opened[name] = this.value(value, pointer(path, name));
    }
    const hidden = members.closed ?? {};
    if (!isObject(hidden)) refuse("bad_closed", "`closed` is an object of names and digests.");
    for (const [name, digest] of Object.entries(hidden)) {
      const place = pointer(path, name);
      if (HIDING.includes(name)) refuse("bad_closed", `No field is called ${name}.`, place);
      if (name in members) {
        refuse("name_open_and_closed", "The field stands in the open and under `closed` too.", place);
      }
      const disclosure = this.take(digest, place);
      if (disclosure && disclosure.name !== name) {
        refuse("disclosure_mismatch", "The disclosure is for another field.", place);
      }
      if (disclosure) opened[name] = disclosure.value;
    }
    return opened;
  }

  value(value, path) {
    if (isObject(value)) return this.open(value, path);
    return Array.isArray(value) ? this.rows(value, path) : value;
  }

  rows(rows, path) {
    return rows.flatMap((row, n) => {
      const place = pointer(path, n);
      if (!isObject(row) || !("closed_row" in row)) return [this.value(row, place)];
      if (Object.keys(row).length > 1) {
        throw new RecordError("bad_closed", "`closed_row` stands alone in its object.", place);
      }
      const disclosure = this.take(row.closed_row, place);
      if (disclosure && disclosure.name !== null) {
        throw new RecordError("disclosure_mismatch", "The disclosure is for a field, not for a row.", place);
      }
      return disclosure ? [disclosure.value] : [];
    });
  }

  take(digest, place) {
    if (typeof digest === "string") base64urlDecode(digest, { path: place });
    if (typeof digest !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(digest)) {
      throw new RecordError("bad_closed", "A digest is base64url of 32 bytes.", place);
    }
    if (this.seen.has(digest)) {
      throw new RecordError("digest_twice", "The digest occurs twice in this payload.", place);
    }
    this.seen.add(digest);
    this.digests.set(place, digest);
    const disclosure = this.disclosures.get(digest);
    if (!disclosure) this.withheld.push(place);
    return disclosure;
  }
}

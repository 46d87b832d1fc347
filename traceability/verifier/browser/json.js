// Canonical JSON of the record (ledger/canonical.py): RFC 8785 within the profile of section 1, nothing repaired.

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 12;
const MAX_STRING = 2000;
const FIELD_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const EXTENSION_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})+/[a-z][a-z0-9_]{0,63}$`);

const pointer = (path, step) => `${path}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const fieldsOf = (value) => Object.keys(value).sort().join(" ");

/** The object in canonical bytes; `mayBeEmpty` names the top-level fields that may hold nothing. */
function parseCanonical(bytes, { maxBytes = MAX_BYTES, maxDepth = MAX_DEPTH, mayBeEmpty = ["chains"] } = {}) {
  const value = loadJson(bytes, maxBytes, maxDepth);
  if (!isObject(value)) throw new RecordError("bad_type", "The outermost value is an object.");
  return demandCanonical(value, bytes, maxDepth, mayBeEmpty);
}

function parseCanonicalList(bytes, maxDepth) {
  const value = loadJson(bytes, MAX_BYTES, maxDepth);
  if (!Array.isArray(value)) throw new RecordError("bad_type", "The outermost value is a list.");
  return demandCanonical(value, bytes, maxDepth, []);
}

function demandCanonical(value, bytes, maxDepth, mayBeEmpty) {
  checkProfile(value, { maxDepth, mayBeEmpty });
  if (!same(utf8.encode(writeCanonical(value)), bytes)) {
    const sentence = "Write the JSON as RFC 8785 says: sorted fields, no spaces, the shortest escapes.";
    throw new RecordError("not_canonical", sentence);
  }
  return value;
}

/** The RFC 8785 text of a value within the profile: field names are ASCII, so they sort as UTF-16 does. */
function writeCanonical(value) {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${writeCanonical(value[name])}`);
  return `{${members.join(",")}}`;
}

/** The JSON value in bytes of any writing, with the refusals that a value in memory no longer shows. */
function loadJson(bytes, maxBytes, maxDepth) {
  if (bytes.length > maxBytes) throw new RecordError("too_large", `At most ${maxBytes} bytes are allowed here.`);
  const text = utf8Text(bytes);
  if (text === null) throw new RecordError("not_utf8", "The bytes are not UTF-8.");
  return new JsonReader(text, maxDepth).whole();
}

/** A reader of JSON that refuses a name that stands twice, a fraction, and nesting without end. */
class JsonReader {
  constructor(text, maxDepth) {
    Object.assign(this, { text, maxDepth, at: 0, refusal: null });
  }

  whole() {
    this.checkDepth();
    const value = this.value("");
    this.blanks();
    if (this.at < this.text.length) this.fail();
    if (this.refusal) throw this.refusal; // the text is JSON: then the first refusal in it is told
    return value;
  }

  /** Before anything is parsed; a container counts with the value inside it, for none is empty. */
  checkDepth() {
    let depth = 1;
    for (const [bracket] of this.text.replace(/"(?:[^"\\]|\\[^])*"?/g, "").matchAll(/[[\]{}]/g)) {
      depth += bracket === "[" || bracket === "{" ? 1 : -1;
      if (depth > this.maxDepth) throw new RecordError("too_deep", `Values nest at most ${this.maxDepth} deep.`);
    }
  }

  refuse(code, sentence, path) {
    this.refusal ??= new RecordError(code, sentence, path);
  }

  fail() {
    throw new RecordError("not_json", `This is not JSON: something else was expected at character ${this.at}.`);
  }

  blanks() {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at++;
  }

  take(wanted) {
    if (!this.text.startsWith(wanted, this.at)) this.fail();
    this.at += wanted.length;
  }

  next() {
    this.blanks();
    return this.text[this.at];
  }

  value(path) {
    switch (this.next()) {
      case "{":
        return this.object(path);
      case "[":
        return this.list(path);
      case '"':
        return this.string();
    }
    for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number(path);
  }

  object(path) {
    const members = Object.create(null);
    this.take("{");
    if (this.next() !== "}") {
      for (;;) {
        if (this.next() !== '"') this.fail();
        const name = this.string();
        this.blanks();
        this.take(":");
        if (name in members) {
          const sentence = `The field ${JSON.stringify(name).slice(0, 80)} stands twice in one object.`;
          this.refuse("duplicate_field", sentence, pointer(path, name));
        }
        members[name] = this.value(pointer(path, name));
        if (this.next() !== ",") break;
        this.at++;
      }
    }
    this.take("}");
    return members;
  }

  list(path) {
    const rows = [];
    this.take("[");
    if (this.next() !== "]") {
      for (;;) {
        rows.push(this.value(pointer(path, rows.length)));
        if (this.next() !== ",") break;
        this.at++;
      }
    }
    this.take("]");
    return rows;
  }

  string() {
    const pattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) this.fail();
    this.at = pattern.lastIndex;
    return JSON.parse(found[0]);
  }

  number(path) {
    const pattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?|NaN|-?Infinity/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) this.fail();
    this.at = pattern.lastIndex;
    const [written, fraction, exponent] = found;
    if (fraction || exponent || /[a-zA-Z]/.test(written)) {
      this.refuse("float_refused", `Write ${written.slice(0, 40)} as a decimal string.`, path);
      return 0;
    }
    if (!Number.isSafeInteger(Number(written))) {
      this.refuse("integer_out_of_range", "An integer lies within 2^53 - 1 of zero.", path);
      return 0;
    }
    return Number(written);
  }
}

// --- The profile ---------------------------------------------------------------------------------------------------

function checkProfile(value, rules, path = "", depth = 1) {
  if (typeof value === "string") return checkString(value, path);
  if (value === null) throw new RecordError("null_refused", "Leave out a field that has no value.", path);
  if (typeof value !== "object") return undefined;
  const names = Array.isArray(value) ? null : Object.keys(value);
  if (depth >= rules.maxDepth) throw new RecordError("too_deep", `Values nest at most ${rules.maxDepth} deep.`, path);
  const mayBeEmpty = rules.mayBeEmpty.some((name) => path === `/${name}`);
  if (!(names ?? value).length && !mayBeEmpty) {
    throw new RecordError("empty_container", "Leave out an object or list that holds nothing.", path);
  }
  if (!names) return value.forEach((row, n) => checkProfile(row, rules, pointer(path, n), depth + 1));
  const allowed = path.endsWith("/ext") ? EXTENSION_NAME : FIELD_NAME;
  for (const name of names) {
    if (!allowed.test(name)) {
      const sentence = `The field name ${JSON.stringify(name).slice(0, 80)} is not allowed here.`;
      throw new RecordError("bad_field_name", sentence, path);
    }
    checkProfile(value[name], rules, pointer(path, name), depth + 1);
  }
  return undefined;
}

function checkString(text, path) {
  if (/^[ -~]*$/.test(text) && text.length <= MAX_STRING) return;
  const letters = Array.from(text);
  if (letters.length > MAX_STRING) {
    throw new RecordError("string_too_long", `A string has at most ${MAX_STRING} characters.`, path);
  }
  const refused = letters.find((letter) => isRefused(letter.codePointAt(0)));
  if (refused !== undefined) {
    const number = refused.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    const sentence = `The character U+${number} is not allowed: it is invisible, private or not assigned.`;
    throw new RecordError("unassigned_or_refused_character", sentence, path);
  }
  if (text.normalize("NFC") !== text) {
    throw new RecordError("not_nfc", "Write the string in Unicode normalisation form C.", path);
  }
}

/** FORMAT.refused: beginnings and ends of the ranges of Unicode 14 that no string may hold (ledger/unicode14.py). */
function isRefused(codePoint) {
  let low = 0;
  let high = FORMAT.refused.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (FORMAT.refused[middle][1] < codePoint) low = middle + 1;
    else high = middle;
  }
  return low < FORMAT.refused.length && FORMAT.refused[low][0] <= codePoint;
}

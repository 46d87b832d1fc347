// The one zip archive of given members, and the bundle in it (ledger/stored_zip.py, ledger/bundle.py; section 8).

const MANIFEST = "manifest.json";
const README = "README.txt";
const INCLUSION = "proofs/inclusion.json";
const HEADS = "heads/map.json";
const KIB = 1024;
const FREE_NAME = "[a-z0-9](?:[a-z0-9._-]{0,118}[a-z0-9])?";
/** Every kind of member, and its greatest size in bytes. */
const MEMBERS = [
  ["statements/[0-9]{12}\\.dsse\\.json", 512 * KIB],
  ["disclosures/[A-Za-z0-9_-]{43}\\.txt", 16 * KIB],
  ["evidence/[0-9a-f]{64}", KIB ** 3],
  ["checkpoints/[0-9]{12}\\.txt", 256 * KIB],
  ["consistency/(?:0|[1-9][0-9]{0,11})\\.json", 64 * KIB],
  [`declarations/${FREE_NAME}`, 64 * KIB ** 2],
  [`factors/${FREE_NAME}`, 64 * KIB ** 2],
  ["tables/[0-9a-f]{64}\\.json", 64 * KIB ** 2],
  ["proofs/inclusion\\.json", 256 * KIB ** 2],
  ["heads/map\\.json", 256 * KIB ** 2],
  ["manifest\\.json", 256 * KIB ** 2],
  ["README\\.txt", FORMAT.readme.bytes],
].map(([pattern, largest]) => [new RegExp(`^${pattern}$`), largest]);
const MOST_MEMBERS = 1_000_000;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

const statementName = (index) => `statements/${String(index).padStart(12, "0")}.dsse.json`;
const checkpointName = (size) => `checkpoints/${String(size).padStart(12, "0")}.txt`;

/** What the writer of the one archive would write: numbers of the given sizes, least significant byte first. */
function packed(...fields) {
  const bytes = [];
  for (const [size, ...numbers] of fields) {
    for (let number of numbers) {
      for (let n = 0; n < size; n++, number = Math.floor(number / 256)) bytes.push(number % 256);
    }
  }
  return Uint8Array.from(bytes);
}

/** The sum over bytes that every zip archive has (ISO 3309). */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (let n = 0; n < bytes.length; n++) crc = CRC_TABLE[(crc ^ bytes[n]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const FIXED = [20, 0x0800, 0, 0, 33]; // version, UTF-8, stored, midnight, 1980-01-01

const localHeader = ({ name, size, crc }) =>
  concat(packed([4, 0x04034b50], [2, ...FIXED], [4, crc, size, size], [2, name.length, 0]), utf8.encode(name));

function centralHeader({ name, size, crc, at }) {
  const extra = at < MAX_32 ? new Uint8Array(0) : packed([2, 1, 8], [8, at]);
  const version = extra.length ? 45 : 20;
  const lengths = [2, name.length, extra.length, 0, 0, 0];
  const start = [4, 0, Math.min(at, MAX_32)];
  const fixed = [2, version, version, ...FIXED.slice(1)];
  return concat(packed([4, 0x02014b50], fixed, [4, crc, size, size], lengths, start), utf8.encode(name), extra);
}

function endRecords(count, size, start) {
  const least = [Math.min(count, MAX_16), Math.min(count, MAX_16)];
  const end = packed([4, 0x06054b50], [2, 0, 0, ...least], [4, Math.min(size, MAX_32), Math.min(start, MAX_32)], [2, 0]);
  if (count < MAX_16 && size < MAX_32 && start < MAX_32) return end;
  const zip64 = packed([4, 0x06064b50], [8, 44], [2, 45, 45], [4, 0, 0], [8, count, count, size, start]);
  return concat(zip64, packed([4, 0x07064b50, 0], [8, start + size], [4, 1]), end);
}

function largestOf(name) {
  const kind = MEMBERS.find(([pattern]) => pattern.test(name));
  if (!kind) throw new RecordError("bad_member_name", "A custody bundle has no member of this name.", name.slice(0, 200));
  return kind[1];
}

/** The members of the archive by name, each with its content and digest; every byte of the file is accounted for. */
function readArchive(file) {
  const members = new Map();
  let [at, last] = [0, ""];
  const exactly = (size) => {
    if (at + size > file.length) {
      throw new RecordError("archive_truncated", "The file ends too early: it was not copied whole.");
    }
    return file.subarray(at, (at += size));
  };
  while (file[at] === 0x50 && file[at + 1] === 0x4b && file[at + 2] === 3 && file[at + 3] === 4) {
    const member = readMember(at, exactly);
    if (members.size === MOST_MEMBERS) {
      throw new RecordError("too_many_members", `A bundle has at most ${MOST_MEMBERS} members.`);
    }
    if (members.size && last >= member.name) {
      throw new RecordError("members_not_sorted", "Members stand once each, sorted by name.", member.name);
    }
    members.set((last = member.name), member);
  }
  if (!members.size) {
    throw new RecordError("not_an_archive", "This is no custody bundle: it does not begin with a member.");
  }
  const start = at;
  const directory = Array.from(members.values(), centralHeader);
  const size = directory.reduce((sum, header) => sum + header.length, 0);
  for (const wanted of [...directory, endRecords(members.size, size, start)]) {
    if (!same(exactly(wanted.length), wanted)) {
      const sentence = "The directory of the archive is not the one that its members demand.";
      throw new RecordError("archive_not_canonical", sentence);
    }
  }
  if (at < file.length) throw new RecordError("spare_bytes", "Bytes follow the end of the archive.");
  return members;
}

function readMember(at, exactly) {
  const header = exactly(30);
  const fields = new DataView(header.buffer, header.byteOffset, 30);
  const [crc, size] = [fields.getUint32(14, true), fields.getUint32(22, true)];
  const encoded = exactly(fields.getUint16(26, true));
  const name = Array.from(encoded, (byte) => (byte < 128 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join("");
  if (size > largestOf(name)) {
    throw new RecordError("member_too_large", "The member is larger than its kind may be.", name);
  }
  if (!same(concat(header, encoded), localHeader({ name, size, crc }))) {
    const sentence = "The header of the member is not the one that its name and content demand.";
    throw new RecordError("archive_not_canonical", sentence, name);
  }
  const content = exactly(size);
  if (crc32(content) !== crc) {
    const sentence = "The member is damaged: its bytes and its check sum do not agree.";
    throw new RecordError("member_damaged", sentence, name);
  }
  return { name, size, crc, at, content, sha256: sha256(content) };
}

/** The bundle in the bytes of a file: its members, and the lot and custody hash that the manifest claims. */
function readBundle(file) {
  const members = readArchive(file);
  for (const name of [README, MANIFEST]) {
    if (!members.has(name)) throw new RecordError("missing_member", `Every bundle holds ${name}.`, name);
  }
  if (hex(members.get(README).sha256) !== FORMAT.readme.sha256) {
    throw new RecordError("readme_mismatch", "README.txt has another text than the format says.", README);
  }
  return { members, ...demandManifest(members) };
}

function demandManifest(members) {
  const written = new TextDecoder("latin1").decode(members.get(MANIFEST).content);
  const head = /^\{"custody_hash":"(sha256:[0-9a-f]{64})","format":"lodestone-bundle\/1","members":\[/.exec(written);
  const tail = /\],"target":"(urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"\}$/.exec(written);
  if (!head || !tail) {
    throw new RecordError("manifest_mismatch", "The manifest is not one of this format.", MANIFEST);
  }
  const rows = [...members.values()].filter(({ name }) => name !== MANIFEST);
  const listed = rows.map(({ name, sha256 }) => `{"name":"${name}","sha256":"sha256:${hex(sha256)}"}`);
  if (written !== head[0] + listed.join(",") + tail[0]) {
    let at = head[0].length;
    const wrong = listed.findIndex((row, n) => {
      const piece = (n ? "," : "") + row;
      return !written.startsWith(piece, (at += piece.length) - piece.length);
    });
    const sentence = "The manifest does not list this member as it is.";
    throw new RecordError("manifest_mismatch", sentence, wrong < 0 ? MANIFEST : rows[wrong].name);
  }
  return { target: tail[1], custodyHash: head[1] };
}

// The tree of the log (ledger/merkle.py; RFC 6962, RFC 9162) and the map of heads (ledger/headsproof.py; section 7).

const EMPTY_ROOT = sha256(new Uint8Array(0));
const EMPTY = new Uint8Array(32);
const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
const hashOf = (text, path) => base64urlDecode(text, { size: 32, path });

/** The first place in an ascending list whose value is not below the given one. */
function firstAt(list, value, low = 0, high = list.length) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The multi-proof in a parsed object: {size, indexes, hashes}. */
function readMultiproof(value) {
  const { size, indexes, hashes = [] } = value;
  const known = hashes.length ? "hashes indexes size" : "indexes size";
  if (fieldsOf(value) !== known || !Array.isArray(indexes) || !Array.isArray(hashes)) {
    const sentence = "A multi-proof has exactly size, indexes and, unless there is none, hashes.";
    throw new RecordError("bad_multiproof", sentence);
  }
  if (!Number.isInteger(size) || !indexes.every(Number.isInteger)) {
    throw new RecordError("bad_multiproof", "Size and indexes of a multi-proof are integers.");
  }
  const decoded = hashes.map((each, n) => hashOf(each, `/hashes/${n}`));
  checkIndexes(size, indexes);
  return { size, indexes, hashes: decoded };
}

function checkIndexes(size, listed) {
  if (!listed.length || listed.some((index, n) => n && index <= listed[n - 1])) {
    throw new RecordError("bad_indexes", "List at least one index, each once, in ascending order.", "/indexes");
  }
  for (const index of [listed[0], listed.at(-1)]) {
    if (index < 0 || index >= size) {
      throw new RecordError("index_outside_tree", `A tree of ${size} leaves has no leaf ${index}.`);
    }
  }
}

/** The root to which the hashes lead from these leaf hashes by index; every hash is used, and none is wanting. */
function rootFromMultiproof(size, leaves, hashes) {
  const listed = [...leaves.keys()].sort((one, other) => one - other);
  checkIndexes(size, listed);
  let used = 0;
  const root = (start, end, low, high) => {
    if (low === high) {
      if (used === hashes.length) {
        throw new RecordError("missing_hash", "The multi-proof has fewer hashes than its indexes need.");
      }
      return hashes[used++];
    }
    if (end - start === 1) return leaves.get(start);
    let half = 1;
    while (half * 2 < end - start) half *= 2;
    const middle = firstAt(listed, start + half, low, high);
    return nodeHash(root(start, start + half, low, middle), root(start + half, end, middle, high));
  };
  const found = root(0, size, 0, listed.length);
  if (used < hashes.length) {
    throw new RecordError("spare_hash", "The multi-proof has more hashes than its indexes need.");
  }
  return found;
}

const ones = (number) => number.toString(2).replaceAll("0", "").length;
const bitLength = (number) => (number ? number.toString(2).length : 0);

/** Refuses a path that does not show that the new tree starts with the old one (RFC 9162 section 2.1.4.2). */
function verifyConsistency(old, current, path) {
  const [oldSize, newSize] = [BigInt(old.size), BigInt(current.size)];
  if (!(oldSize > 0n && oldSize <= newSize)) {
    const sentence = `No consistency can be shown from size ${oldSize} to size ${newSize}.`;
    throw new RecordError("bad_tree_size", sentence);
  }
  let level = 0n;
  while (!((oldSize >> level) & 1n)) level++;
  const index = (oldSize - 1n) >> level;
  const last = (newSize - 1n) >> level;
  const rest = index ? path : [old.root, ...path];
  const inner = bitLength(index ^ last);
  const wanted = 1 + inner + ones(index >> BigInt(inner));
  if (rest.length !== wanted) {
    const sentence = `These sizes need ${wanted} hashes, the path has ${rest.length}.`;
    throw new RecordError("wrong_path_length", sentence);
  }
  let [oldRoot, newRoot] = [rest[0], rest[0]];
  rest.slice(1).forEach((sibling, height) => {
    if (height >= inner || (index >> BigInt(height)) & 1n) {
      [oldRoot, newRoot] = [nodeHash(sibling, oldRoot), nodeHash(sibling, newRoot)];
    } else {
      newRoot = nodeHash(newRoot, sibling);
    }
  });
  for (const [found, head, path_] of [[oldRoot, old, "/old"], [newRoot, current, "/new"]]) {
    if (!same(found, head.root)) {
      throw new RecordError("root_mismatch", `The proof does not lead to the root of size ${head.size}.`, path_);
    }
  }
}

// --- Heads -----------------------------------------------------------------------------------------------------------

const mapKey = (urn) => sha256(utf8.encode(`lodestone-subject/1\n${urn}`));
const bitOf = (key, depth) => (key[depth >> 3] >> (7 - (depth & 7))) & 1;

function sharesBits(one, other, depth) {
  for (let n = 0; n < depth; n++) if (bitOf(one, n) !== bitOf(other, n)) return false;
  return true;
}

/** The shared proof in a parsed object: {subjects, nodes}. */
function readMapProof(value) {
  const { subjects, nodes } = value;
  if (fieldsOf(value) !== "nodes subjects" || !Array.isArray(subjects) || !Array.isArray(nodes)) {
    throw new RecordError("bad_head_proof", "A shared proof has exactly subjects and nodes.");
  }
  subjects.forEach((urn, n) => {
    if (!isUrn(urn)) throw new RecordError("bad_urn", "Write the name as urn:uuid: with a lower-case UUID.", `/subjects/${n}`);
  });
  const read = nodes.map((node, n) => readNode(node, `/nodes/${n}`));
  if (!subjects.length || subjects.some((urn, n) => n && subjects[n - 1] >= urn)) {
    const sentence = "List at least one subject, each once, in ascending order.";
    throw new RecordError("bad_head_proof", sentence, "/subjects");
  }
  return { subjects, nodes: read };
}

function readNode(node, path) {
  if (!isObject(node)) return { hash: hashOf(node, path) };
  const { depth, ...leaf } = node;
  if (!Number.isInteger(depth)) {
    throw new RecordError("bad_head_proof", "The proof has depth as an integer.", `${path}/depth`);
  }
  if (!Object.keys(leaf).length) return { depth, leaf: null };
  if (fieldsOf(leaf) !== "count hash key") {
    throw new RecordError("bad_head_proof", "A leaf has exactly key, count and hash.", path);
  }
  const custodyHash = digestBytes(leaf.hash, `${path}/hash`);
  const key = hashOf(leaf.key, `${path}/key`);
  if (!Number.isInteger(leaf.count)) {
    throw new RecordError("bad_head_proof", "The proof has count as an integer.", `${path}/count`);
  }
  if (leaf.count < 1) throw new RecordError("bad_head", "A subject in the map has at least one statement.", "/count");
  const hash = sha256(Uint8Array.of(0), key, bigEndian(leaf.count, 8), custodyHash);
  return { depth, leaf: { key, hash, count: leaf.count, custodyHash: leaf.hash } };
}

/** The head of each listed subject under this map root, null for those that it does not have. */
function verifyHeads(proof, root) {
  const ways = proof.subjects.map(mapKey).sort(compare);
  const heads = new Map();
  let at = 0;
  const subtree = (depth, prefix, low, high) => {
    if (at === proof.nodes.length) {
      throw new RecordError("missing_hash", "The shared proof has fewer nodes than its subjects need.", "/nodes");
    }
    const [node, path] = [proof.nodes[at], `/nodes/${at}`];
    if (low === high) {
      if (!node.hash) throw new RecordError("bad_head_proof", "A subtree without a listed subject gives its hash.", path);
      at++;
      return [node.hash, same(node.hash, EMPTY)];
    }
    if (!node.hash && node.depth === depth) {
      at++;
      return met(node, prefix, path);
    }
    if (depth === 256) throw new RecordError("bad_head_proof", "The way of a subject does not end here.", path);
    let middle = low;
    while (middle < high && !bitOf(ways[middle], depth)) middle++;
    const half = prefix.slice();
    half[depth >> 3] |= 1 << (7 - (depth & 7));
    const [left, fewLeft] = subtree(depth + 1, prefix, low, middle);
    const [right, fewRight] = subtree(depth + 1, half, middle, high);
    if (fewLeft && fewRight && (same(left, EMPTY) || same(right, EMPTY))) {
      const sentence = "A node joins a leaf and nothing: the leaf belongs higher up.";
      throw new RecordError("heads_not_compact", sentence, path);
    }
    return [nodeHash(left, right), false];
  };
  const met = ({ depth, leaf }, prefix, path) => {
    if (!leaf) return [EMPTY, true];
    if (!sharesBits(leaf.key, prefix, depth)) {
      const sentence = "The leaf met does not lie in the subtree that it stands for.";
      throw new RecordError("heads_leaf_elsewhere", sentence, path);
    }
    heads.set(hex(leaf.key), leaf);
    return [leaf.hash, true];
  };
  if (!same(subtree(0, new Uint8Array(32), 0, ways.length)[0], root)) {
    throw new RecordError("root_mismatch", "The shared proof does not lead to the root of the heads map.");
  }
  if (at < proof.nodes.length) {
    const sentence = "The shared proof has more nodes than its subjects need.";
    throw new RecordError("spare_hash", sentence, `/nodes/${at}`);
  }
  return new Map(proof.subjects.map((urn) => [urn, heads.get(hex(mapKey(urn))) ?? null]));
}

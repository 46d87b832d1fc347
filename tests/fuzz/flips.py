"""One changed byte in a bundle, and an attacker who makes manifest, check sums and directory fit again.

`FUZZ_SEED` asks for the long run (`make fuzz`): more flips, and other ones for another number.
"""

import os
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from traceability.ledger import bundle, canonical, stored_zip
from traceability.ledger.bundle_readme import README

LONG = "FUZZ_SEED" in os.environ
SEED = int(os.environ.get("FUZZ_SEED", "20261121"))


@dataclass(frozen=True)
class Flip:
    """A byte of a member, and the bits of it that change."""

    member: str
    place: int
    bits: int

    def of(self, content: bytes) -> bytes:
        """The content after the flip."""
        return content[: self.place] + bytes([content[self.place] ^ self.bits]) + content[self.place + 1 :]


@dataclass(frozen=True)
class Contents:
    """What stands in a bundle: its members, README.txt among them, and what the manifest says of their lot."""

    members: Mapping[str, bytes]
    target: str
    custody_hash: str

    @classmethod
    def of(cls, members: Mapping[str, bytes], target: str, custody_hash: str) -> "Contents":
        return cls({**members, bundle.README_NAME: README}, target, custody_hash)

    @property
    def manifest(self) -> bytes:
        rows = [
            {"name": name, "sha256": f"sha256:{sha256(content).hexdigest()}"}
            for name, content in sorted(self.members.items())
        ]
        head = {"format": bundle.FORMAT, "custody_hash": self.custody_hash, "target": self.target}
        return canonical.encode(head | {"members": rows})

    @property
    def whole(self) -> dict[str, bytes]:
        """Every member of the archive, the manifest among them."""
        return {**self.members, bundle.MANIFEST_NAME: self.manifest}

    def after(self, flip: Flip) -> dict[str, bytes]:
        """Every member after a flip; the manifest lists what is there, unless it is the one that was changed."""
        if flip.member == bundle.MANIFEST_NAME:
            return {**self.members, flip.member: flip.of(self.manifest)}
        changed = {**self.members, flip.member: flip.of(self.members[flip.member])}
        return Contents(changed, self.target, self.custody_hash).whole


def archive(contents: Mapping[str, bytes]) -> bytes:
    """The archive of these contents, whatever they are; its check sums and directory fit."""
    return b"".join(stored_zip.write(sorted(contents.items())))


def every_byte(contents: Mapping[str, bytes]) -> Iterator[Flip]:
    """One flip for each byte, mostly of its lowest bit, which leaves text text; in the long run one for each bit."""
    chance = random.Random(SEED)
    for name, content in sorted(contents.items()):
        for place in range(len(content)):
            bits = [1 << bit for bit in range(8)] if LONG else [chance.choice((1, 1, 2, 0x20, 0x80, 0xFF))]
            yield from (Flip(name, place, one) for one in bits)


def some_bytes(contents: Mapping[str, bytes], count: int) -> list[Flip]:
    """So many flips: at least one in each member, and the rest spread over all bytes alike."""
    chance = random.Random(SEED)
    sizes = {name: len(content) for name, content in sorted(contents.items())}
    names = [*sizes, *chance.choices(list(sizes), weights=list(sizes.values()), k=count - len(sizes))]
    return [Flip(name, chance.randrange(sizes[name]), chance.choice((1, 1, 2, 0x20, 0x80, 0xFF))) for name in names]

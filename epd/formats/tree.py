"""A small tree of XML elements, and the walk over it by local names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from epd.formats.defects import DocumentTooLarge
from traceability.formats import xml

MOST_ELEMENTS: Final = 200_000
DEEPEST: Final = 50


@dataclass(slots=True)
class Element:
    """An element with the namespace and the local name of itself and of its attributes."""

    namespace: str
    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()

    def all(self, *path: str) -> Iterator["Element"]:
        """The elements at the end of a path of local names."""
        name, *rest = path
        for one in self.children:
            if one.name == name:
                if rest:
                    yield from one.all(*rest)
                else:
                    yield one

    def first(self, *path: str) -> "Element | None":
        return next(self.all(*path), None)

    def said(self, *path: str) -> str:
        """The text at the end of a path; in English where it stands in several languages."""
        found = list(self.all(*path))
        english = (one for one in found if one.attributes.get("lang") == "en")
        one = next(english, found[0] if found else None)
        return one.text if one else ""

    def walk(self) -> Iterator["Element"]:
        """The element and everything in it."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting.extend(reversed(one.children))


def read_tree(pieces: Iterable[bytes]) -> Element:
    """The root of an XML text; refuses document types, and more elements than any data set has."""
    root = Element("", "", {})
    open_ones = [root]
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS or len(open_ones) > DEEPEST:
            raise DocumentTooLarge("This file has more or deeper elements than any data set. It was not read.")
        namespace, _, name = tag.rpartition(" ")
        one = Element(namespace, name, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
        open_ones[-1].children.append(one)
        open_ones.append(one)

    def end(tag: str) -> None:
        open_ones.pop()

    def text(said: str) -> None:
        open_ones[-1].pieces.append(said)

    xml.parse(pieces, start, end, text, separator=" ")
    return root.children[0]

"""Reads a page as a strict reader would: balanced, no id twice, every reference leads somewhere, nothing inline."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "use"}


@dataclass
class Page(HTMLParser):
    """What is wrong with a page, as sentences in `faults`."""

    html: str
    open: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.faults += [f"<{tag}> is not closed" for tag in self.open]
        self.faults += [f"id {one} stands twice" for one in set(self.ids) if self.ids.count(one) > 1]
        self.faults += [f"nothing has the id {one}" for one in self.wanted if one not in self.ids]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "template" in self.open:
            return self.open.append(tag) if tag not in VOID else None
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.wanted += given.get(name, "").split()
        if tag == "a" and given.get("href", "").startswith("#"):
            self.wanted += [given["href"][1:]] if given["href"] != "#" else []
        self.faults += [f"<{tag} {name}> is inline" for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.faults.append("a script is inline")
        if tag == "style":
            self.faults.append("a style is inline")
        return None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

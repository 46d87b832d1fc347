"""Somebody at a browser, in the variants of every journey: a desk and a phone, with script and without."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_chain import Demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

PASSWORD = "a journey of six acts"
SPACES = {ord(space): " " for space in "\u202f\u00a0\u2009"}


@dataclass(frozen=True, slots=True)
class Variant:
    """A window so many pixels wide, with script or without."""

    width: int
    script: bool

    @property
    def size(self) -> dict[str, int]:
        return {"width": self.width, "height": 900 if self.width > 800 else 844}


VARIANTS = {
    "desk": Variant(1280, True),
    "plain-phone": Variant(390, False),
    "phone": Variant(390, True),
    "plain-desk": Variant(1280, False),
}


def in_variants(*quick: str) -> pytest.MarkDecorator:
    """Every variant of a journey; those that are not `quick` wait for the slow tests."""
    return pytest.mark.parametrize(
        "variant",
        [pytest.param(one, id=id, marks=() if id in quick else pytest.mark.slow) for id, one in VARIANTS.items()],
    )


def sign_in(context: "BrowserContext", site: str, demo: Demo, who: str) -> "Page":
    """A page of somebody of the demonstration who is signed in: the sign-in itself is tried elsewhere."""
    session = demo.client(who).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return context.new_page()


class Visitor:
    """A person with a browser of his own; every page that he comes to fits his window and is quiet in the console."""

    def __init__(self, browser: "Browser", variant: Variant, site: str, complaints: list[str]) -> None:
        self.variant, self.site = variant, site
        self.context = browser.new_context(viewport=variant.size, java_script_enabled=variant.script)  # type: ignore[arg-type]
        self.context.set_default_timeout(30_000)
        self.context.on(
            "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        self.context.on("weberror", lambda error: complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    @property
    def script(self) -> bool:
        return self.variant.script

    # --- Coming to pages

    def go(self, address: str) -> "Visitor":
        """Opens a path of the site, or a whole address."""
        self.page.goto(address if "://" in address else self.site + address)
        return self._arrived()

    def follow(self, words: str, within: str = "main") -> "Visitor":
        """Follows the first link that is named so."""
        return self.leave_by(self._named("link", words, within))

    def press(self, words: str, within: str = "main") -> "Visitor":
        """Presses the first button that is named so and leads to another page."""
        return self.leave_by(self._named("button", words, within))

    def leave_by(self, wanted: "Locator") -> "Visitor":
        with self.page.expect_navigation():
            wanted.click()
        return self._arrived()

    def _named(self, role: Any, words: str, within: str) -> "Locator":
        place = self.page.locator(within)
        return place.get_by_role(role, name=words, exact=True).or_(place.get_by_role(role, name=words)).first

    def _arrived(self) -> "Visitor":
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{self.page.url} is {wider} px wider than {self.variant.width} px"
        return self

    # --- Reading

    @property
    def text(self) -> str:
        """What the page says, with plain spaces."""
        return str(self.page.inner_text("body")).translate(SPACES)

    def reads(self, *sentences: str) -> "Visitor":
        """The page says all of these."""
        text = self.text
        for sentence in sentences:
            assert sentence in text, f"{self.page.url} does not say {sentence!r}:\n{text}"
        return self

    def save(self, wanted: "str | Locator") -> bytes:
        """What the browser saves when a link or button is used."""
        if isinstance(wanted, str):
            place = self.page.locator("main")
            wanted = place.get_by_role("link", name=wanted).or_(place.get_by_role("button", name=wanted)).first
        with self.page.expect_download() as found:
            wanted.click()
        return bytes(found.value.path().read_bytes())

    # --- Answering

    def fill(self, **fields: str) -> "Visitor":
        """Types into fields by their names, in which __ stands for the hyphen."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name.replace('__', '-')}]").fill(value)
        return self

    def write(self, label: str, text: str) -> "Visitor":
        """Types into the field with this label."""
        self.page.locator("main").get_by_label(label).first.fill(text)
        return self

    def tick(self, *labels: str) -> "Visitor":
        for label in labels:
            self.page.locator("main").get_by_label(label).first.check()
        return self

    def unfold(self) -> "Visitor":
        """Opens the filters of a list where they stand behind one line."""
        fold = self.page.locator("main [role=search] details:not([open]) > summary")
        if fold.count() and fold.is_visible():
            fold.click()
        return self

    def choose(self, field: str, words: str) -> "Visitor":
        """Chooses the first option that holds the words."""
        box = self.page.locator(f"main [name={field}]")
        box.select_option(label=box.locator("option", has_text=words).first.inner_text())
        return self

    def shows(self, *words: str) -> "Visitor":
        """What typing alone shows, where there is script."""
        if self.script:
            for one in words:
                self.page.locator("main").get_by_text(one).locator("visible=true").first.wait_for()
        return self

    # --- Recording

    def begin(self, act: str) -> "Visitor":
        """Begins a draft of an act."""
        self.go("/record/")
        return self.leave_by(self.page.locator(".acts > li", has_text=act).get_by_role("button", name="Begin"))

    def go_on(self, times: int = 1) -> "Visitor":
        """Saves one page of a draft and comes to the next, so often."""
        for _ in range(times):
            self.press("Save and continue", ".actions")
        return self

    def to_the_end(self) -> "Visitor":
        """Goes on through what is left as it is, to the answers."""
        while not self.page.get_by_role("heading", name="Check your answers").count():
            self.go_on()
        return self

    def sign(self, *sentences: str) -> "Visitor":
        """Reads the answers, signs, and reads the receipt."""
        assert not self.page.locator(".errors").count(), self.text
        self.reads(*sentences).tick("I have checked these answers").press("Sign and record")
        self.reads("Signed and recorded.")
        assert re.search(r"Entry [0-9]", self.text), self.text
        return self

    # --- Doors

    def sign_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        self.go("/accounts/login/").fill(login=email, password=password)
        return self.press("Sign in")

    def sign_out(self) -> "Visitor":
        return self.go("/accounts/logout/").press("Sign out")


Clerks = Callable[[str], Visitor]
"""`clerks(name)`: somebody of the market, signed in."""
Visit = Callable[..., Visitor]
"""`visit(organisation)`: somebody of this organisation of the demonstration, signed in; without a name, anybody."""

"""The JSON-LD contexts whose words are known here, by address and digest. None is ever fetched or expanded."""

from typing import Final

UNTP: Final = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
PINNED: Final = {
    "https://www.w3.org/ns/credentials/v2": "sha256:59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    UNTP: "sha256:fbd4824e30d3cfc5cba949e1efe19b4c9ebaee056abe7aaf1c6b139a7bf91b0c",
}

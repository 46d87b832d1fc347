"""README.txt of every audit bundle of format 1 (record-format.md section 8): one fixed text, compared byte for byte.

A verifier refuses a bundle with any other text, so this one changes only with the version of the format.
"""

README = b"""\
LODESTONE CUSTODY BUNDLE, FORMAT 1

This archive shows how a lot came about, step by step, as the people who held
it signed it. It needs no network, no account and no trust in the exporter. It
holds evidence only and no verdict: verify it with a program that you got from
somebody you trust, and with trust files of your own.

  manifest.json                 the lot, its custody hash, each member's SHA-256
  statements/<index>.dsse.json  the signed statements, by their place in the log
  disclosures/<digest>.txt      confidential values that were opened for you
  evidence/<sha256>             documents that the statements name
  checkpoints/<size>.txt        signed states of the log
  proofs/inclusion.json         the statements stand in the log
  heads/map.json                no chain goes on after what you see here
  consistency/<size>.json       later states of the log contain the earlier ones
  declarations/, factors/       declarations, and the factors of every result

A few checks can be made by hand, with a POSIX shell, sha256sum, base64 and
openssl 3. They do not replace a verifier. Run them in the unpacked archive.

1. Every member is the one that the manifest lists:

     tr '{' '\\n' < manifest.json |
       sed -n 's/^"name":"\\([^"]*\\)","sha256":"sha256:\\([^"]*\\)".*/\\2  \\1/p' |
       sha256sum -c --quiet

2. What a statement says. Its digest is the SHA-256 of these bytes:

     S=statements/000000000000.dsse.json
     sed 's/^{"payload":"\\([^"]*\\)".*/\\1/' $S | base64 -d > payload.json
     sha256sum payload.json

3. Who signed it. The key is the `public_key` that stands in the register
   statement of the issuer, or in the key.add or key.rotate statement that
   brought it; the SHA-256 of its 32 bytes is the `keyid` of the signature:

     KEY=<public_key>
     printf %s= $KEY | tr -- -_ +/ | base64 -d > key.bin
     sha256sum key.bin
     (printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'
       cat key.bin) > key.der
     (printf 'DSSEv1 40 application/vnd.lodestone.statement+json %d ' \\
       $(wc -c < payload.json); cat payload.json) > signed.bin
     sed 's/.*"signatures":\\[{"keyid":"[^"]*","sig":"\\([^"]*\\)".*/\\1/' $S |
       base64 -d > signature.bin
     openssl pkeyutl -verify -pubin -keyform DER -inkey key.der \\
       -rawin -in signed.bin -sigfile signature.bin

4. Where a step stands in the life of a lot. This hash, with `sha256:` before
   it, is the `previous` of the next statement on the same lot, and for the
   newest statement on the lot of this bundle the custody hash of the manifest:

     printf 'lodestone-custody/1\\n%s\\n%d\\n%s\\n' <subject> <seq> <digest> |
       sha256sum

   <digest> is the digest of check 2, 64 digits without `sha256:`.

5. What was disclosed. The first line printed is the digest that stands in the
   statement under `closed` or `closed_row`, and also the name of the file; the
   second is the salt, the name of the field (a row has none) and the value:

     D=<digest>
     openssl dgst -sha256 -binary disclosures/$D.txt |
       base64 | tr -- +/ -_ | tr -d =
     (cat disclosures/$D.txt; printf ==) | tr -- -_ +/ | base64 -d 2>/dev/null

6. What the log holds of a statement: 96 bytes, the SHA-256 of the payload, of
   the first signer's key and of all signatures one after the other. For one
   signature, the leaf of the log (RFC 6962) has the hash:

     (printf '\\000'
       for F in payload.json key.bin signature.bin; do
         openssl dgst -sha256 -binary $F
       done) | sha256sum

No hash can show that what was signed is true. Ask who looked at the goods.
"""

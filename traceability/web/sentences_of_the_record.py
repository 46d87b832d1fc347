from django.utils.translation import pgettext
# Translators: traceability/ledger/bundle.py
pgettext('record', 'A custody bundle has no member of this name.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'README.txt has another text than the format says.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'The member is larger than its kind may be.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'The manifest lists more than the members of this bundle.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'The manifest is not one of this format.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'The bundle does not hold this member.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'The file changed while it was read.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'README.txt and manifest.json are added by the writer.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'Every bundle holds {name}.')
# Translators: traceability/ledger/bundle.py
pgettext('record', 'The manifest does not list this member as it is.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'A {name__} is no JSON value.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Write {text} as a decimal string.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'The outermost value is an object.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'The outermost value is a list.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'The character U+{character} is not allowed: it is invisible, private or not assigned.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Leave out a field that has no value.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Write a number with a fraction as a decimal string.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'At most {max_bytes} bytes are allowed here.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'An integer lies within 2^53 - 1 of zero.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'No JSON number is as large as {text}.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Write the JSON as RFC 8785 says: sorted fields, no spaces, the shortest escapes.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'A field name is a string.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'JSON has no infinity and no NaN.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'A string holds half of a surrogate pair.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'A string has at most {max_string} characters.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Write the string in Unicode normalisation form C.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Values nest at most {max_depth} deep.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'Leave out an object or list that holds nothing.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'The bytes are not UTF-8 from byte {start} on.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'This is not JSON: {msg} at character {pos}.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'The field {name} stands twice in one object.')
# Translators: traceability/ledger/canonical.py
pgettext('record', 'The field name {name} is not allowed here.')
# Translators: traceability/ledger/checkpoint.py
pgettext('record', 'A checkpoint of this format has no lines after its root.')
# Translators: traceability/ledger/checkpoint.py
pgettext('record', 'No known key of {origin} signed this checkpoint.')
# Translators: traceability/ledger/checkpoint.py
pgettext('record', 'An origin is one line that is not empty.')
# Translators: traceability/ledger/checkpoint.py
pgettext('record', 'The root of a tree without leaves is SHA-256 of nothing.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A confidential value takes at most {max_disclosure_bytes} bytes with its salt.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A disclosure has at most {max_disclosure_bytes} bytes.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A disclosure holds a salt, the name of the field unless it is a row, and the value.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A salt has {salt_bytes} bytes.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A disclosure names a field of the record.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A digest is base64url of 32 bytes.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'The digest occurs twice in this payload.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'The value is closed already.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'A confidential value is closed whole: nothing inside it is closed again.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'The disclosure is for another field.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'No field is called {name}.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'The field stands in the open and under `closed` too.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'The disclosure is for a field, not for a row.')
# Translators: traceability/ledger/closed.py
pgettext('record', 'The disclosure has another digest.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'This lot is not in the record.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'This lot was declared void; its number is never used again.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Only the organisation that holds the lot can do this.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'The lot {state}, so this is not possible now.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'A lot with this urn is in the record already. Use a new one.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'The organisation that dispatched the lot to you signs its import second.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Without a process it is a split of one lot or a merge into one lot of one material. Name the process.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'A split or merge has no inventory, losses, assay or output class but product. Name the process.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Part of this lot was used. Only whole lots are credited and claimed of.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Only the organisation that made the lot can say this.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'The lot is yours already. Dispatch it to another organisation.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Part of this lot was used. Split the rest into a lot of its own and dispatch that one.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'This lot is not on its way to you.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'The lot {state}: nothing is on its way.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'The lot was dispatched to somebody else.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Name the dispatch that is on its way.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Only the other party of this dispatch signs beside you.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Name the original statement, not a correction of it.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Only the issuer of a statement can correct or withdraw it.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Append it to every chain of the original and to no other.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'This lot was declared void; there is nothing left to correct.')
# Translators: traceability/ledger/custody.py
pgettext('record', 'Others built on this lot already: it was used, dispatched or recalled. Correct the statement instead.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'Write the envelope as RFC 8785 JSON with standard base64, padded, and sha256: names of keys.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'An envelope has at most {max_envelope_bytes} bytes.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'A statement has at most {max_bytes} bytes.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'The signatures are those of `key`, then of each cosigner, in the order of the statement.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'An envelope has the members payload, payloadType and signatures and no others.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'The payload type of a statement is {payload_type}.')
# Translators: traceability/ledger/envelope.py
pgettext('record', 'This is not JSON.')
# Translators: traceability/ledger/headsmap.py
pgettext('record', 'These bytes are no tile of the heads map. Rebuild the map from the log.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', "The leaf met does not share the first bits of the subject's key.")
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The proof does not lead to the root of the heads map.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The shared proof does not lead to the root of the heads map.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The shared proof has more nodes than its subjects need.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'A subtree without a listed subject gives its hash.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'A subject in the map has at least one statement.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The proof has {name} as an integer.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'A leaf has exactly key, count and hash.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The bitmap has one bit for each of 0 to 256 levels.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'There is one sibling for each bit that is set.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The last sibling is empty: the proof ends higher up.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'A proof has depth, then bitmap and siblings unless it is 0, and the leaf met.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'List at least one subject, each once, in ascending order.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'A shared proof has exactly subjects and nodes.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The shared proof has fewer nodes than its subjects need.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The way of a subject does not end here.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'A node joins a leaf and nothing: the leaf belongs higher up.')
# Translators: traceability/ledger/headsproof.py
pgettext('record', 'The leaf met does not lie in the subtree that it stands for.')
# Translators: traceability/ledger/identifiers.py
pgettext('record', 'Write the name as urn:uuid: with a lower-case UUID.')
# Translators: traceability/ledger/identifiers.py
pgettext('record', 'Write the digest as sha256: with 64 lower-case hexadecimal digits.')
# Translators: traceability/ledger/identifiers.py
pgettext('record', 'This is not the one base64url text without padding{wanted}.')
# Translators: traceability/ledger/identifiers.py
pgettext('record', 'A new name needs Unix milliseconds below 2^48 and 10 random bytes.')
# Translators: traceability/ledger/identifiers.py
pgettext('record', 'This is not the one standard base64 text with padding.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The issuer is not registered in this log.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The recovery key signs nothing but statements about keys.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'A cosigner is not registered in this log.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The recovery key does not cosign.')
# Translators: traceability/ledger/keys.py
pgettext('record', '{name} is missing in the body.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The header names another key than the body offers.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'Only the organisation itself can say this about its keys.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The organisation is not registered in this log.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The recovery key must be another key.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'This key is or was in use. A key belongs to one organisation and never returns.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The new key must sign second, for this organisation.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'This organisation ruled out recovery by the operator.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'A key added by the operator says so (by), why (reason), and shows evidence.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'This key was never registered for this organisation.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'No other key may revoke the recovery key.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'The recovery key revoked this key already.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'This key was revoked or replaced. Sign with the current one.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'This organisation is registered already. Use key.add or key.rotate.')
# Translators: traceability/ledger/keys.py
pgettext('record', 'This key is not added by the operator. Leave by out.')
# Translators: traceability/ledger/kinds/__init__.py
pgettext('record', 'There is no kind {name}.')
# Translators: traceability/ledger/kinds/__init__.py
pgettext('record', '{name} is reserved for a later version and is not accepted yet.')
# Translators: traceability/ledger/kinds/accounts.py
pgettext('record', 'Book and claim works with credits. Choose the method credit.')
# Translators: traceability/ledger/kinds/lots.py
pgettext('record', 'What comes out is a new lot. Give it a urn of its own.')
# Translators: traceability/ledger/kinds/organisations.py
pgettext('record', 'Its last day is before its first. Look at both again.')
# Translators: traceability/ledger/kinds/verification.py
pgettext('record', 'Name the declaration that takes its place.')
# Translators: traceability/ledger/kinds/verification.py
pgettext('record', 'Who approves is another person than who entered it.')
# Translators: traceability/ledger/kinds/verification.py
pgettext('record', 'Answer each point of the check list once.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'Leaf {index} of {size} needs {wanted} hashes, the path has {path}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'The proof does not lead from leaf {index} to the root of size {size}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'The proof does not lead to the root of size {size}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'The multi-proof has more hashes than its indexes need.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'A tree of {size} leaves has no leaf {index}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'List at least one index, each once, in ascending order.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'No consistency can be shown from size {old_size} to size {new_size}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'These sizes need {wanted} hashes, the path has {found}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'A hash has {hash_bytes} bytes, this one has {found}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'A tree has 0 to 2^63-1 leaves, not {size}.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'These bytes are no frontier. Rebuild it from the leaves.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'A multi-proof has exactly size, indexes and, unless there is none, hashes.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'Size and indexes of a multi-proof are integers.')
# Translators: traceability/ledger/merkle.py
pgettext('record', 'The multi-proof has fewer hashes than its indexes need.')
# Translators: traceability/ledger/moments.py
pgettext('record', 'Write the offset from UTC as +02:00 or -07:00; UTC itself is +00:00.')
# Translators: traceability/ledger/moments.py
pgettext('record', 'Write the moment in UTC as 2026-11-05T08:30:00Z, in the years 2000 to 2099.')
# Translators: traceability/ledger/moments.py
pgettext('record', 'A moment needs a time zone and whole seconds.')
# Translators: traceability/ledger/moments.py
pgettext('record', 'A moment lies in the years 2000 to 2099.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'Write a number from 0 to 2^63-1 in decimal, without sign or leading zeros.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'Write a key as name+id+base64.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'The key has no type.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'The id is not the one of this name and key. Ask its owner for the key again.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A note has at most {max_note_bytes} bytes.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A note is a text, a blank line and signature lines, each with its newline.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'None of the keys that you trust signed this note.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A checkpoint has an origin, a size and a root, each on its line, and no blank line.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A signature line is a dash, a name and base64, with one space between them.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'The name of a key is not empty and has no spaces, plus or control characters.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'Name the time of the cosignature.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A time is below 2^63 seconds.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'An ML-DSA-44 cosignature names keys and origins of 1 to 255 bytes.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'Keys of type 0x{type} cannot be checked here. Leave the line out.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A public key of type 0x{type} has {type_2} bytes.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A signature line holds a key id of 4 bytes and a signature.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'The text of a note ends in a newline and has no other control characters.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A note has 1 to {max_signatures} signatures.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'A note is UTF-8.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'Two keys are named {name} with the same id. Trust only one of them.')
# Translators: traceability/ledger/notes.py
pgettext('record', 'The signature of {name} is not of this note.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A policy has at most {max_policy_bytes} bytes and no control characters but tab and newline.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'Each line of a policy ends in a newline.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'Logs sign with keys of type 0x01 or 0x06, witnesses with 0x04 or 0x06.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'This public key is listed already.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A group of {count} asks for 1 to {count_2} of them.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'Fewer witnesses cosigned this checkpoint than your policy asks for.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A policy has at most {max_of_each} logs, witnesses and groups each.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A policy has a quorum line.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'This name is defined already.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'Define the witness or group on a line before this one.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A name is a member of one group, once.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A line is a log, a witness, a group or the quorum.')
# Translators: traceability/ledger/policy.py
pgettext('record', 'A policy has one quorum line.')
# Translators: traceability/ledger/quantity.py
pgettext('record', 'This quantity cannot be negative.')
# Translators: traceability/ledger/quantity.py
pgettext('record', 'Write the number as a decimal string such as "1250.5": no exponent, no sign but "-", no spare zeros.')
# Translators: traceability/ledger/quantity.py
pgettext('record', 'The value is not a finite number.')
# Translators: traceability/ledger/quantity.py
pgettext('record', 'The value has more digits than the record can hold; round it where the algorithm says so.')
# Translators: traceability/ledger/shapes/base.py
pgettext('record', 'Use a text; quantities are texts too, as in "12.5".')
# Translators: traceability/ledger/shapes/base.py
pgettext('record', 'Use an object.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Fields of one namespace, shown as not evaluated: open, texts of at most 500 characters.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'There is no field {name} here. Remove it.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Each {distinct_by} stands once.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'State {together} together.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Use a list.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Use a list of 1 to {most} items.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Name each item once.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Rows of this list are always open.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'A confidential row has no open fields.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'This value is not allowed here.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', '{name} is always open.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', '{name} stands open and closed.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', '{name} is missing.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Name each {distinct_by} once.')
# Translators: traceability/ledger/shapes/objects.py
pgettext('record', 'Fields of ext are always open.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'The body of the statement that is corrected, in the shape of its kind.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'A number from {least} to {most}.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'A moment in UTC, on a day that the calendar has.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'A day that the calendar has.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use 1 to {longest} characters.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Write more than blanks.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Write it like {pattern}.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use one of: {words}.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use a number from {least} to {most}.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use a number above 0.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use at most {places} decimals.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use a whole number.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use a whole number from {least} to {most}.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use true or false.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use a urn:uuid: in lower case.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use a urn:uuid: in lower case with a UUID of version 7.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Use sha256: and 64 lower-case hex digits.')
# Translators: traceability/ledger/shapes/scalars.py
pgettext('record', 'Write the day as 2026-06-30, in the years 2000 to 2099.')
# Translators: traceability/ledger/signing.py
pgettext('record', 'A signature has {signature_bytes} bytes.')
# Translators: traceability/ledger/signing.py
pgettext('record', 'The signature is not in its one canonical form.')
# Translators: traceability/ledger/signing.py
pgettext('record', 'The key is not the one encoding of an Ed25519 public key.')
# Translators: traceability/ledger/signing.py
pgettext('record', 'The key is of small order: make a new one.')
# Translators: traceability/ledger/signing.py
pgettext('record', 'The signature does not match the message and the key.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'The format is {get}, not {format}.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'A statement has chains and a body.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'Nobody signs {name} beside its issuer.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'It must start before it ends, and end before it is signed.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'Name each subject once, in ascending order.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'Chains and body must name the same subjects.')
# Translators: traceability/ledger/statement.py
pgettext('record', "This kind advances the organisation's chain and no other.")
# Translators: traceability/ledger/statement.py
pgettext('record', 'This statement does not advance {subject}.')
# Translators: traceability/ledger/statement.py
pgettext('record', '{name} has no process.')
# Translators: traceability/ledger/statement.py
pgettext('record', 'The role here is {subject}.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'This is no custody bundle: it does not begin with a member.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'The header of the member is not the one that its name and content demand.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'The member is damaged: its bytes and its check sum do not agree.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'A bundle has at most {max_members} members.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'Members stand once each, sorted by name.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'Bytes follow the end of the archive.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'The directory of the archive is not the one that its members demand.')
# Translators: traceability/ledger/stored_zip.py
pgettext('record', 'The file ends too early: it was not copied whole.')
# Translators: traceability/ledger/tlogproof.py
pgettext('record', 'A proof is ASCII lines, a blank line and a checkpoint.')
# Translators: traceability/ledger/tlogproof.py
pgettext('record', 'A proof starts with {header}.')
# Translators: traceability/ledger/tlogproof.py
pgettext('record', 'A proof names the index of its entry.')
# Translators: traceability/ledger/tlogproof.py
pgettext('record', 'Leave the extra line out when there is nothing in it.')
# Translators: traceability/ledger/tlogproof.py
pgettext('record', 'A proof has at most {max_hashes} hashes and {max_extra_bytes} extra bytes.')
# Translators: traceability/material/balance.py
pgettext('record', '{more_kg} kg more {element} leaves the step than came in: {out_kg} kg out, {in_kg} kg in. The measured uncertainty is {measured_kg} kg, and three times that is allowed. Check the masses and the {element_2} contents of inputs, outputs and losses.')
# Translators: traceability/material/balance.py
pgettext('record', '{more_kg} kg more {element} leaves the step than can have come in: {out_kg} kg out, at most {in_kg} kg in. Of that, {unseen_kg} kg came in without assay of it and counted as if all of it were {element_2}. The measured uncertainty is {measured_kg} kg, and three times that is allowed. Check the masses, and state the assays of the inputs.')
# Translators: traceability/material/balance.py
pgettext('record', 'At least {mass_places} kg of {elements} together must have come in with inputs without assay, but these weigh {mass_places_2} kg. Check the masses, and state the assays of the inputs.')
# Translators: traceability/material/claims.py
pgettext('record', 'Enter a share from 0 to 1.')
# Translators: traceability/material/claims.py
pgettext('record', 'More is credited than content, share and conversion factor give.')
# Translators: traceability/material/claims.py
pgettext('record', 'Nothing is credited. Only a rolling average enters lots without the characteristic.')
# Translators: traceability/material/claims.py
pgettext('record', 'More is claimed than the lot holds of it.')
# Translators: traceability/material/claims.py
pgettext('record', 'Nothing is claimed. Only a rolling average enters goods without a claim.')
# Translators: traceability/material/claims.py
pgettext('record', 'The account has {most} kg to claim. Claim less, or credit more first.')
# Translators: traceability/material/claims.py
pgettext('record', 'So much of this credit is not left.')
# Translators: traceability/material/composition.py
pgettext('record', 'Enter at least one content.')
# Translators: traceability/material/composition.py
pgettext('record', 'Enter the total rare-earth oxides in % of dry mass.')
# Translators: traceability/material/composition.py
pgettext('record', 'The contents sum to {total} %. Check them: the whole is 100 %.')
# Translators: traceability/material/composition.py
pgettext('record', 'Enter a content from 0 to 100 %.')
# Translators: traceability/material/composition.py
pgettext('record', 'Enter a mass above 0 with at most 3 decimals of a kilogram.')
# Translators: traceability/material/composition.py
pgettext('record', 'Give the assay as an object.')
# Translators: traceability/material/composition.py
pgettext('record', 'Use a list of objects.')
# Translators: traceability/material/composition.py
pgettext('record', 'Leave TREO out, or state the contents as % of TREO.')
# Translators: traceability/material/composition.py
pgettext('record', 'State oxides such as Nd2O3 where the contents are % of TREO.')
# Translators: traceability/material/composition.py
pgettext('record', '{element} is counted twice, as element or as oxide. Keep one of the rows.')
# Translators: traceability/material/composition.py
pgettext('record', '{wet_kg} kg wet with {moisture_pct} % moisture are {moisture_pct_2} kg dry. Correct whichever of the three is wrong.')
# Translators: traceability/material/division.py
pgettext('record', '{in_kg} kg go in and {out_kg} kg come out. A split or merge loses and gains nothing.')
# Translators: traceability/material/division.py
pgettext('record', 'Name a lot of the record as input.')
# Translators: traceability/material/division.py
pgettext('record', 'All lots of a split or merge are of one material and stage.')
# Translators: traceability/material/elements.py
pgettext('record', 'Name an element symbol such as Nd, or an oxide formula such as Nd2O3 or Pr6O11.')
# Translators: traceability/material/energy.py
pgettext('record', '{stated} kWh of electricity per kg made are stated; published inventories of such a process have up to {most} (source: {source}). Check the unit, and whether the meter counts other lots too.')
# Translators: traceability/material/energy.py
pgettext('record', '{stated} MJ of heat and fuel per kg made are stated; published inventories of such a process have up to {most} (source: {source}). Were MJ typed as kg?')
# Translators: traceability/material/inventory.py
pgettext('record', '{said} kg of CO2 are stated, but all that went in could make {can} kg at most if it were carbon alone. Were grams typed as kg?')
# Translators: traceability/material/inventory.py
pgettext('record', 'The factors of the fuels count {said} kg of CO2 already, and this row states nearly as much. Leave out one of the two, unless a reaction made it.')
# Translators: traceability/material/inventory.py
pgettext('record', 'So much nitrous oxide does not come of burning this fuel. Were nitrogen oxides (NOx) meant?')
# Translators: traceability/material/inventory.py
pgettext('record', 'This much {flow} would make {burnt} kg of CO2, but {said} kg are stated, which is what so many MJ make. Were MJ typed as kg?')
# Translators: traceability/material/plausibility.py
pgettext('record', 'Low yield: {unusual}. Usual for this process is {least_pct} % or more (source: {source}). Is a lot missing?')
# Translators: traceability/material/plausibility.py
pgettext('record', '{total_out_kg} kg leave, but lots and reagents in are only {total_in_kg} kg. Check for a reagent that is not stated.')
# Translators: traceability/material/plausibility.py
pgettext('record', '{total_out_kg} kg leave, but the lots that came in weigh only {total_in_kg} kg, and no reagent in kg is stated. Check the masses, and state what brought the rest.')
# Translators: traceability/material/plausibility.py
pgettext('record', 'The rare earths of this lot do not stand in the ratio of the feed, though the process does not separate them: {broken}. Check for swapped contents or a feed that is not stated.')
# Translators: traceability/material/reagents.py
pgettext('record', 'The acids bring {kmol_acid} kmol of acid, more than the bases ({kmol_base} kmol) and the lots can bind. Check their concentration and amounts, and state what neutralises the rest.')
# Translators: traceability/material/reagents.py
pgettext('record', 'The bases bind {kmol_base} kmol of acid, more than the acids ({kmol_acid} kmol) and the lots bring. Check their concentration and amounts, and state what takes up the rest.')
# Translators: traceability/material/reagents.py
pgettext('record', '{said} kg of sulphur leave in the gases, but all that went in can hold {can} kg at most. Were grams typed as kg, or is a reagent not stated?')
# Translators: traceability/material/reagents.py
pgettext('record', '{said} kg of fluorine leave in the gases, but all that went in can hold {can} kg at most. Were grams typed as kg, or is a reagent not stated?')
# Translators: traceability/material/reagents.py
pgettext('record', '{flow} is sold in water: state the concentration of this amount, or 1 if it is counted as 100 %. It can change the result threefold.')
# Translators: traceability/material/reduction.py
pgettext('record', '{metal} kg of metal leave, but {oxide} kg of oxide can give {most} kg at most: the rest of it is oxygen. Check the masses, and whether a feed is not stated.')
# Translators: traceability/material/reduction.py
pgettext('record', '{stated} kWh of electricity are stated, but the metal takes a charge of {charge} kAh, which at {least_v} V are {least} kWh. Check the electricity and the masses.')
# Translators: traceability/material/shares.py
pgettext('record', '{element} is in the output, but no input with a source holds it. Assay the input that brought it in.')
# Translators: traceability/material/step.py
pgettext('record', 'Leave the contents of {role} rows out.')
# Translators: traceability/material/step.py
pgettext('record', 'State the amount of a row with contents in kg.')
# Translators: traceability/material/stock.py
pgettext('record', 'Only {remaining_kg} kg of this lot remain. Enter that or less.')
# Translators: traceability/material/stock.py
pgettext('record', 'Enter exactly what remains: {remaining_kg} kg.')
# Translators: traceability/material/stock.py
pgettext('record', 'This is all that remains. Draw it as the rest, which closes the lot.')
# Translators: traceability/material/stock.py
pgettext('record', 'This lot is not on its way. Receive or return only a dispatched lot.')
# Translators: traceability/material/stock.py
pgettext('record', 'Enter a change other than 0 that takes off at most {remaining_kg} kg.')
# Translators: traceability/material/stock.py
pgettext('record', 'An upward adjustment only takes back earlier downward ones, here at most {adjusted_kg} kg.')
# Translators: traceability/material/stock.py
pgettext('record', 'Enter a tolerance of at most 0.5 %.')
# Translators: traceability/material/stock.py
pgettext('record', 'This lot was drawn in part. Split the rest into a lot of its own and dispatch that.')
# Translators: traceability/material/stock.py
pgettext('record', 'A lot is dispatched whole: {remaining_kg} kg. Split it first to send a part.')
# Translators: traceability/material/stock.py
pgettext('record', '{weighed_kg} kg weighed of {mass_kg} kg dispatched are {found} the tolerance of {tolerance_pct} %. State {found_2}.')
# Translators: traceability/material/stock.py
pgettext('record', 'Nothing is blocked on this lot. Settle only a difference.')
# Translators: traceability/material/stock.py
pgettext('record', '{limit}: gains are never booked.')
# Translators: traceability/material/wording.py
pgettext('record', '{more} kg more {element} leaves than came in; measured uncertainty {measured} kg. That is between two and three times the uncertainty: check the assays.')
# Translators: traceability/material/wording.py
pgettext('record', '{less} kg of the {element} that came in is in no lot and no stated loss; measured uncertainty {measured} kg. State what was lost, or check masses and assays.')
# Translators: traceability/material/wording.py
pgettext('record', 'The balance of {element} closes: {in_kg} kg in, {out_kg} kg out, {stated} kg in stated losses and work in process. The rest of {left} kg is within twice the measured uncertainty ({twice} kg).')
# Translators: traceability/material/wording.py
pgettext('record', 'The balance of {element} was not evaluated: its content is not known of {places}.')
# Translators: traceability/material/wording.py
pgettext('record', '{yield_pct} % of the {element} that came in is in the lots made. Usual for this process is {least_pct} % or more (source: {source}).')
# Translators: traceability/material/wording.py
pgettext('record', '{more} kg more {element} leaves than came in; measured uncertainty {measured} kg. That is more than three times the uncertainty: matter is never made.')
# Translators: traceability/material/wording.py
pgettext('record', '{yield_pct} % of the {element} that came in is in the lots made. What is usual for this process is not known here.')
# Translators: traceability/acceptance/accounts.py
pgettext('record', 'This value is withheld here.')
# Translators: traceability/acceptance/accounts.py
pgettext('record', 'The matter of this lot is withheld here.')
# Translators: traceability/acceptance/accounts.py
pgettext('record', 'The matter of an input is withheld here.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'The lot has no assay. Add one first.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'This is not what the lot holds: its dry mass times its content of what the account counts, to 0.001 kg.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'This is no result of the lot, and no claim on it.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'This is a claim of your own.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'The claim is about something else than the account.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'More is credited than was claimed on the lot.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'All claims on this lot together are more than it holds.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'The record does not show so much of this lot with the characteristic. Name the signed result of its maker that states it, or a claim on it.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'The shares of this result stand in a table beside it. Count all rare earths of a source, without a country.')
# Translators: traceability/acceptance/claimed_amounts.py
pgettext('record', 'The shares of this result are withheld here.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'More is claimed from the account than it has after this correction.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'The account has a later entry already. Entries follow each other in time.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'The lot is {material}; the account is about {listed}.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'The lot is not at the site of the account.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'Name the lot that leaves with the claim.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'This account has a claim on the lot already. Correct that one.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'You made this lot. Credit what came in, before it is split or used.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'What this lot is made of was credited or blended as mass balance already. Only a claim on it counts.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'This lot was credited already.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'Book and claim is not tied to goods. Leave the lot out and name who claims.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'A rolling average has no credits that could expire.')
# Translators: traceability/acceptance/claims.py
pgettext('record', 'A correction never claims more. Make another claim.')
# Translators: traceability/acceptance/custodies.py
pgettext('record', 'A mass that the account needs is withheld.')
# Translators: traceability/acceptance/custody_models.py
pgettext('record', 'The step claims a stronger model than what went into it has. A model only becomes weaker.')
# Translators: traceability/acceptance/dates.py
pgettext('record', 'This ended before the lot was made. Check the dates.')
# Translators: traceability/acceptance/dates.py
pgettext('record', 'This assay ended before the lot was made. Check the dates.')
# Translators: traceability/acceptance/dates.py
pgettext('record', 'The goods arrived, as claimed, before they were sent.')
# Translators: traceability/acceptance/decide.py
pgettext('record', "The dispatch was cancelled without the receiver's signature.")
# Translators: traceability/acceptance/decide.py
pgettext('record', 'The weighed difference was settled by the receiver alone, at the lower mass.')
# Translators: traceability/acceptance/decide.py
pgettext('record', 'Only the log itself says log.heads.')
# Translators: traceability/acceptance/decide.py
pgettext('record', 'The organisation must register with its key first.')
# Translators: traceability/acceptance/decide.py
pgettext('record', 'This statement was made for another log and cannot be replayed here.')
# Translators: traceability/acceptance/decide.py
pgettext('record', 'Somebody added to this chain first. Read its new head and sign again.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'There is no such declaration in this log.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'This declaration was withdrawn or superseded already.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Only the declarant submits a declaration.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'This declaration is registered. Publish a new one in its place.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Nobody verifies or registers his own declaration.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Have it verified first: only what was verified is registered.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Nobody asks you to verify this declaration now.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Name the declaration as it was published.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Nobody asks you to register this declaration now.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Name the verification that stands.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'A registration ends no later than its verification.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'These product category rules are out of date.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'You refused it already.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Only what is registered is superseded.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Name a declaration that you registered and that still stands.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Who signs is another person than who entered, approved or verified.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'It ends before it begins.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'It holds at most {longest_years} years.')
# Translators: traceability/acceptance/declarations.py
pgettext('record', 'Only the organisation to which it was submitted last may answer.')
# Translators: traceability/acceptance/given.py
pgettext('record', 'A lot that was larger in an earlier version may be sold or used by now: what is taken from it is not given to another one. Withdraw the step while its lots are untouched, and say it again.')
# Translators: traceability/acceptance/given.py
pgettext('record', 'What was drawn does not come back by a correction. Withdraw the step while its lots are untouched, and say it again.')
# Translators: traceability/acceptance/given.py
pgettext('record', 'Values of an earlier version are withheld here.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'The lot is of this log. Receive it here.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'Another organisation dispatched the lot.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'The lot was dispatched to another log, or to another organisation.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'This is no key of the sender that is active in its log.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'The mass of an import is the one that was dispatched.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'The bundle proves another {name}.')
# Translators: traceability/acceptance/imports.py
pgettext('record', 'The bundle proves less {element} in the lot.')
# Translators: traceability/acceptance/making.py
pgettext('record', 'Its parent was never assayed. Correct the statement that made the parent.')
# Translators: traceability/acceptance/making.py
pgettext('record', 'Values of this statement are withheld here.')
# Translators: traceability/acceptance/matter.py
pgettext('record', 'Send the disclosure of this value beside the envelope.')
# Translators: traceability/acceptance/rebuilding.py
pgettext('record', 'A later statement rests on what was changed, and would be refused now: {code}.')
# Translators: traceability/acceptance/rebuilding.py
pgettext('record', 'Matter was drawn with this assay. Correct it instead.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'This urn is in use already. Use a new one.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'This is not the chain of an organisation.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'An organisation speaks on its own chain.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'Only the declarant can withdraw or supersede a declaration.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'Open the account first; it must be your own.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'The operator of the log registers first.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'There is no such organisation in this log.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'Name a declaration of your own that still stands.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'Register this facility first; it must be your own.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'Name a certificate of this facility that was not withdrawn.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'This is the origin of this log. Name the organisation alone.')
# Translators: traceability/acceptance/subjects.py
pgettext('record', 'There is no such statement in this log.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'There is no such statement in this log, or it is itself a correction.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'This statement was withdrawn already.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'A {name} is not corrected; it has kinds of its own.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'Somebody corrected this first. Name the newest version.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'A correction never makes a step of a split or merge, or a split of a step.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'A correction never changes when an entry was made.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'A correction never changes the lots or their roles.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'A correction never changes {name}.')
# Translators: traceability/acceptance/versions.py
pgettext('record', 'A {kind} cannot be withdrawn.')
# Translators: traceability/formats/archive.py
pgettext('record', 'This archive unpacks to more than {most} MiB. Nothing was read.')
# Translators: traceability/formats/archive.py
pgettext('record', 'This archive has more than {most_parts} parts. Nothing was read.')
# Translators: traceability/formats/archive.py
pgettext('record', 'This is no zip archive.')
# Translators: traceability/formats/archive.py
pgettext('record', 'A part of this archive is damaged or locked with a password. Pack it anew.')
# Translators: traceability/formats/delimited.py
pgettext('record', 'The file does not say its encoding. It was read as {encoding}: check letters such as ü. CSV UTF-8 leaves no doubt.')
# Translators: traceability/formats/delimited.py
pgettext('record', 'This is neither a workbook nor a table as text. Save it as .xlsx or as CSV UTF-8.')
# Translators: traceability/formats/delimited.py
pgettext('record', 'The characters of this file cannot be read. Save it as CSV UTF-8.')
# Translators: traceability/formats/delimited.py
pgettext('record', 'A text in quotation marks does not end, or a cell is too long.')
# Translators: traceability/formats/grid.py
pgettext('record', 'Use at most {most_columns} columns. Nothing was read.')
# Translators: traceability/formats/grid.py
pgettext('record', 'Use at most {most_rows} filled rows in one file. Nothing was read.')
# Translators: traceability/formats/pdf.py
pgettext('record', 'This is a scan without text: it cannot be read here. Type its values, or ask for the file itself.')
# Translators: traceability/formats/pdf.py
pgettext('record', 'This PDF is protected by a password. Save it without one.')
# Translators: traceability/formats/pdf.py
pgettext('record', 'This file is no PDF that can be read. Save it anew, or type its values.')
# Translators: traceability/formats/pdf.py
pgettext('record', 'Take the pages that matter: at most {most_pages} pages are read.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'This workbook unpacks to more than {most_unpacked} MiB. Delete what is empty below and beside the table, or copy the table into a new workbook.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'This workbook has no visible sheet with cells.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'Hidden sheets are not read.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'Use at most {most_sheets} sheets in one workbook. Nothing was read.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'The cells {place} are merged. Unmerge them and write the value into each cell.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'The spreadsheet could not compute this cell. Write the value itself.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'Hidden rows are read too: {hidden} of them hold something.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'Formulas: {formulas}. The values that they had when the file was saved are taken.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'This is no workbook. Save it as Excel workbook (.xlsx) or as CSV.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'This workbook holds a document type, which no spreadsheet needs. It was not read.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'This workbook is damaged or locked with a password. Save it anew.')
# Translators: traceability/formats/xlsx.py
pgettext('record', 'This formula has no value. Write the value itself.')
# Translators: traceability/formats/xml.py
pgettext('record', 'This file holds a document type, which no data set needs. It was not read.')
# Translators: traceability/formats/xml.py
pgettext('record', 'This is no well-formed XML in the encoding that it states.')
# Translators: traceability/intake/claims.py
pgettext('record', 'Enter 1 to {most_months} months.')
# Translators: traceability/intake/claims.py
pgettext('record', 'Choose what the account counts.')
# Translators: traceability/intake/claims.py
pgettext('record', 'Choose the credit.')
# Translators: traceability/intake/countries.py
pgettext('record', 'Choose a country, or enter its code of two letters, for example DE.')
# Translators: traceability/intake/drafts.py
pgettext('record', 'Name at least one step, for example strip casting.')
# Translators: traceability/intake/drafts.py
pgettext('record', 'Choose the offset of the local time from UTC, as +02:00.')
# Translators: traceability/intake/drafts.py
pgettext('record', 'Enter when it began, for example 2026-11-16 06:10.')
# Translators: traceability/intake/drafts.py
pgettext('record', 'A statement of kind {kind} is not made from a draft.')
# Translators: traceability/intake/drafts.py
pgettext('record', 'Enter an end that is not before the beginning.')
# Translators: traceability/intake/drafts.py
pgettext('record', 'This is still to come by our clock. Enter when it happened.')
# Translators: traceability/intake/export.py
pgettext('record', 'Enter a code of at least six digits, for example 8505.11.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Choose one of: {allowed}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter a mass, for example {example_kg}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter a percentage from 0 to {most}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter a number from {least} to {most}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Choose a unit: {units}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter an amount, for example {example_kg}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter the {name}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter a day, for example 2026-11-16.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Use at most {longest} characters.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Remove the character U+{character}: it is invisible, private or not assigned.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Choose it from the list, or enter its urn:uuid: in lower case.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter at most 3 decimals of a kilogram.')
# Translators: traceability/intake/fields.py
pgettext('record', 'This is more than a million tonnes. Check the number and its unit.')
# Translators: traceability/intake/fields.py
pgettext('record', 'A mass is never below 0. Leave the sign out.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter at most {most_places} decimals.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Choose a country, for example DE.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter a change other than 0.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter a mass above 0.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Choose the {name}.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter these values row by row.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter this in its own fields.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter this as a text; numbers are texts too.')
# Translators: traceability/intake/fields.py
pgettext('record', 'Enter texts with commas between them.')
# Translators: traceability/intake/flat.py
pgettext('record', 'Use row numbers below {most_rows}.')
# Translators: traceability/intake/flat.py
pgettext('record', 'Use names such as outputs/0/mass_kg.')
# Translators: traceability/intake/flat.py
pgettext('record', 'This name is a field and a group of fields at once.')
# Translators: traceability/intake/gtin.py
pgettext('record', 'Enter the 8, 12, 13 or 14 digits below the bar code of the product.')
# Translators: traceability/intake/gtin.py
pgettext('record', 'Enter the GTIN of the product, not zeros.')
# Translators: traceability/intake/gtin.py
pgettext('record', 'The last digit does not fit the others: look for a slip of the pen.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter the content of at least one element.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Choose whether it is within the tolerance.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Say by what it was apportioned, for example by mass of products.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter the period of the larger total, for example 2026-10.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Choose to whom it goes.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter the wet mass, or leave the moisture out.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter a moisture that leaves a dry mass.')
# Translators: traceability/intake/lots.py
pgettext('record', 'One factor stands here twice. Choose another one, or none.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter the moisture of the wet goods, or weigh them dry.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter the wet mass or the dry mass, not two that differ.')
# Translators: traceability/intake/lots.py
pgettext('record', 'The masses are {found} the tolerance. Choose {found_2}.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Choose at least one lot that went in.')
# Translators: traceability/intake/lots.py
pgettext('record', 'Enter at least one lot that came out.')
# Translators: traceability/intake/moments.py
pgettext('record', 'Enter a day as 2026-11-16 or 16.11.2026.')
# Translators: traceability/intake/moments.py
pgettext('record', 'The time says {offset}, but {utc_offset} was chosen. Keep one of them.')
# Translators: traceability/intake/moments.py
pgettext('record', 'Enter a day and a time, for example 2026-11-16 06:10.')
# Translators: traceability/intake/moments.py
pgettext('record', 'Enter a time from 00:00 to 23:59.')
# Translators: traceability/intake/numbers.py
pgettext('record', 'Enter a number, for example {style}.')
# Translators: traceability/intake/sheets/columns.py
pgettext('record', 'Is it within the tolerance of the dispatch?')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'No lot with this number can be taken here.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'There is no such factor. Write its id, as the sheet “Factors” of the template lists it.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'Elsewhere in this column “{other_sign}” parts decimals, but here it may part thousands. Write the number without doubt.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'Row {other} has this lot number too. Give each lot a number of its own.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'Several have this name. Write the identifier instead, urn:uuid: and so on.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'Row {before} of the same step says something else. Write the same, or leave it empty.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'Other cells of this column name a unit. Write it here too, or into the heading for all of them.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'You know no partner of this name. Write his identifier, urn:uuid: and so on.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'A lot of yours has this number already. Take the row out if it is recorded, or give the lot another number.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'A statement takes at most {most_documents} documents here.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'A column is missing: {name}. Add it, or begin with the template.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'None of your sites has this name.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'Several documents have this name. Write the SHA-256 of the one that is meant.')
# Translators: traceability/intake/sheets/filling.py
pgettext('record', 'No document has this name. Upload it beside the sheet, or write its SHA-256.')
# Translators: traceability/intake/sheets/headings.py
pgettext('record', 'No column has this heading here (column {number}). Rename it, or take it out of the sheet.')
# Translators: traceability/intake/sheets/headings.py
pgettext('record', 'This heading stands here twice. Keep one of the columns.')
# Translators: traceability/intake/units.py
pgettext('record', 'The text says {symbol}, but {chosen} was chosen. Keep one of them.')
# Translators: traceability/intake/units.py
pgettext('record', 'Use one of these units: {allowed}.')
# Translators: traceability/rules/answers.py
pgettext('record', 'Passes rule set {rules}, version {version}, as of {day}.')
# Translators: traceability/rules/answers.py
pgettext('record', 'Fails rule set {rules}, version {version}, as of {day}.')
# Translators: traceability/rules/answers.py
pgettext('record', 'Not enough data for rule set {rules}, version {version}, as of {day}.')
# Translators: traceability/rules/answers.py
pgettext('record', 'Flagged by rule set {rules}, version {version}, as of {day}.')
# Translators: traceability/rules/answers.py
pgettext('record', 'Not applicable: rule set {rules}, version {version}, as of {day}.')
# Translators: traceability/rules/evaluating.py
pgettext('record', 'The rule set does not cover this day.')
# Translators: traceability/rules/evaluating.py
pgettext('record', 'The rule is suspended on this day.')
# Translators: traceability/rules/evaluating.py
pgettext('record', 'There is no rule function {function} here.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', '{lot}: {activity} in {country}, which is a covered country.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', 'No step that counts was done in a covered country.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', 'Steps in a covered country that do not count for this version stand in the trail too.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', 'A part is recycled: where that was mined the first time is not in the record.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', 'The lot is not a magnet: the answer covers the steps up to here.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', 'The trail has gaps where a covered country may be.')
# Translators: traceability/rules/functions/covered_countries.py
pgettext('record', 'No step of its history says where it was {one}.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', '{lot} claims the model {claimed}, but what went into it was {stated}.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', '{lot} claims the model identity preserved, but comes of several sources.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', 'No step claims a stronger model than what went in; the lot as a whole is {stated}.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', 'Not every step says which model it follows.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', 'Something is claimed of the lot from a claims account: that is no share of what it physically holds.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', 'No step of its history claims a model of ISO 22095.')
# Translators: traceability/rules/functions/custody_models.py
pgettext('record', 'Which model it follows is not stated.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'What was bought outside of the record may have left the country unseen.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'No export licence is stated with the dispatch from {start} to {end}.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'Neither a destination nor an export licence is stated with the dispatch from {start} out of the record.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'No step in {country} is recorded, and nothing was sent from there.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', '{label}: the licence that was stated does not cover the day of the dispatch.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'A controlled element left {country}, and no licence is stated.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'Each dispatch of a controlled element states a licence that covers its day.')
# Translators: traceability/rules/functions/export_licence.py
pgettext('record', 'No controlled element left {country} in what is recorded.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The shares are those of the result that its maker signed; the steps before are not visible here.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'Where its {element} is from is not visible to you or not recorded.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', '{element}: {pct} % of it was {activity} in {country}.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The shares of {known} of {asked} elements are established.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The contents of the lot are not visible to you, so the share of {element} is not either.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The assay of the lot does not name {element}: not declared, which is not zero.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'Where its rare earths are from is not visible to you or not recorded.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'Where {gaps} is from is not proven in part, so no share can be compared.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'Matter of {country} is in the lot: its share of the value decides, and prices of inputs are not recorded.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The share of every element that the rule asks for is established.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'No step in {country} is recorded on any way into the lot.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The lot is not a magnet.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'No country outside of the Union has more than the share.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The trail has gaps where matter of that country may be.')
# Translators: traceability/rules/functions/shares.py
pgettext('record', 'The value of what went into the lot is not recorded.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', '{lot}: {what} was done in {country}, which is on the list.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'The type of the magnets is {kind}, by the assay of the lot.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'Every part of the sheet that a lot can fill is there.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'How the magnets are taken out and handled is not in the record.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'Origins are not proven.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'No step is in a listed country, and every origin is in the record.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'The rule is about something that no statement on a lot tells.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'Parts of the sheet are not in the record.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'Who is responsible: the name of the maker is not visible to you.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'Which type of magnet it is: the assay does not tell, or is not visible to you.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'The weight of the magnets is not visible to you.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'The chemical composition is not visible to you or not recorded.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'The lot was coated: which coatings and glues there are is not in the record.')
# Translators: traceability/rules/functions/sheets.py
pgettext('record', 'No coating is recorded: whether there are coatings and glues is not in the record.')
# Translators: traceability/rules/functions/tracing.py
pgettext('record', 'The assay of the lot names no rare earth.')
# Translators: traceability/rules/functions/tracing.py
pgettext('record', 'Where it was mined or collected is not in the record.')
# Translators: traceability/rules/functions/tracing.py
pgettext('record', 'The record from which it came proves no mine or scrap for all of it.')
# Translators: traceability/rules/functions/tracing.py
pgettext('record', 'No lot that went into it holds its {lost}.')
# Translators: traceability/rules/functions/tracing.py
pgettext('record', 'The country of its origin is not stated.')
# Translators: traceability/rules/rule_set.py
pgettext('record', 'A rule set names its sources and has at least one version.')
# Translators: traceability/rules/rule_set.py
pgettext('record', 'This is not a rule set: {error}.')
# Translators: traceability/rules/rule_set.py
pgettext('record', 'The versions of a rule set follow each other, and no two hold on one day.')
# Translators: traceability/verifier/attestations.py
pgettext('record', 'Masses or contents are withheld, so its rules cannot be judged, and no auditor of yours attested it.')
# Translators: traceability/verifier/attestations.py
pgettext('record', '{name} says: it does not conform.')
# Translators: traceability/verifier/balances.py
pgettext('record', 'The element balance of this step was not evaluated: a lot that it used or made has no assay.')
# Translators: traceability/verifier/books.py
pgettext('record', 'Each closing stock is what the lots hold. Other lots of these organisations are not in this bundle: nothing here is the whole stock of a site.')
# Translators: traceability/verifier/books.py
pgettext('record', '{stage} {substance}: {parts}, closing {closing_kg}; the lots hold {from_lots_kg} kg.')
# Translators: traceability/verifier/books.py
pgettext('record', '{differing} closing stocks are not what the lots hold.')
# Translators: traceability/verifier/books.py
pgettext('record', 'To look at: {listed}.')
# Translators: traceability/verifier/books.py
pgettext('record', 'A mass that its account needs is withheld.')
# Translators: traceability/verifier/books.py
pgettext('record', 'No mass is told, so nothing can be accounted for.')
# Translators: traceability/verifier/books.py
pgettext('record', '{about}: opening {opening}, {moved}, closing {closing} kg.')
# Translators: traceability/verifier/books.py
pgettext('record', 'Nothing that an auditor looks at first was found in the lots of this bundle.')
# Translators: traceability/verifier/books.py
pgettext('record', 'It was sent {days} days before the log stood so, and not received.')
# Translators: traceability/verifier/books.py
pgettext('record', 'The weighed mass was beyond the tolerance of the dispatch.')
# Translators: traceability/verifier/books.py
pgettext('record', 'An amount of the claims account is withheld.')
# Translators: traceability/verifier/certificates.py
pgettext('record', 'The certificate {standard} of this site ended on {valid_until}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Documents')
# Translators: traceability/verifier/checks.py
pgettext('record', '{rings} organisations registered before they signed.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Each key was in force at the log position of what it signed.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'The archive is exact. {matching} of {named} attached documents match.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Values that the origins need are withheld.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'The archive is broken, so this was not looked at.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{count} signatures match their bytes and keys.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{lots} lots, no gap in their statements, each names the one before.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Inclusion of {leaves} statements recomputed against checkpoint {size}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Without a policy nobody outside vouches for this checkpoint.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Your policy asks for no witness, so nobody outside vouches for this checkpoint.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{count} of {witnesses} witnesses cosigned; enough for your policy.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Every path ends at one of {sources} sources; every chain ends as the log says.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{received} of {sent} dispatches are countersigned.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{count} values are withheld.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'No value is withheld.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{balanced} of {steps} steps balanced.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Recomputed, of total rare earths: {listed}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'A lot that the origins rest on has no assay.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Values that the origins need are withheld, and a lot that they rest on has no assay.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Neither void, recalled nor on hold{size}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Signatures')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Issuers')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Keys in force')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Chain of each lot')
# Translators: traceability/verifier/checks.py
pgettext('record', 'In the log')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Independent witness')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Back to the source')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Receipts')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Withheld values')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Element balance')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Shares and recycled content')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Claimed shares')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Current')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Material accounts')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Exceptions')
# Translators: traceability/verifier/checks.py
pgettext('record', 'under platform keys')
# Translators: traceability/verifier/checks.py
pgettext('record', 'documents that match')
# Translators: traceability/verifier/checks.py
pgettext('record', 'The archive is exact. No document is attached.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Nothing was handed over.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'No step could be balanced here.')
# Translators: traceability/verifier/checks.py
pgettext('record', '{balances} balances in {steps} steps recomputed. None creates matter.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Not evaluated because a lot has no assay: {unassayed}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Not evaluated because values are withheld: {closed}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'Not evaluated in full because the content of an input is not known: {unlisted}.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'The lot has no assay, so its rare earths are not known.')
# Translators: traceability/verifier/checks.py
pgettext('record', 'The lot holds no rare earth.')
# Translators: traceability/verifier/claims.py
pgettext('record', 'Claimed, apart from what the lot holds: {listed}. The accounts were recomputed; none is overdrawn.')
# Translators: traceability/verifier/claims.py
pgettext('record', 'Claimed, apart from what the lot holds: {listed}. Amounts that the accounts need are withheld.')
# Translators: traceability/verifier/claims.py
pgettext('record', 'Nothing is claimed of this lot from an account.')
# Translators: traceability/verifier/claims.py
pgettext('record', '{beside} lots that were credited are not in this bundle: their shares were not recomputed.')
# Translators: traceability/verifier/doubts.py
pgettext('record', 'Its key was in doubt then; confirmed by {others}.')
# Translators: traceability/verifier/doubts.py
pgettext('record', 'Its key was in doubt then; its issuer attested it again under another key.')
# Translators: traceability/verifier/doubts.py
pgettext('record', 'It was signed in the time in which its key may have been in the hands of a thief.')
# Translators: traceability/verifier/entries.py
pgettext('record', 'The disclosure has another digest than its name says.')
# Translators: traceability/verifier/entries.py
pgettext('record', 'This version does not know {or}. Use a newer verifier.')
# Translators: traceability/verifier/entries.py
pgettext('record', 'The issuer used this id before, at index {first}: one of the two was never accepted.')
# Translators: traceability/verifier/entries.py
pgettext('record', 'The digest of a confidential value stands in another statement too: it was copied.')
# Translators: traceability/verifier/entries.py
pgettext('record', 'The signatures are not those of the keys that the statement names.')
# Translators: traceability/verifier/imports.py
pgettext('record', 'The bundle of the other log is not here, so nothing is known of the lot before its import.')
# Translators: traceability/verifier/imports.py
pgettext('record', 'The newest statement on the lot in the bundle of the other log is no dispatch out of it.')
# Translators: traceability/verifier/log.py
pgettext('record', 'A key named {name} signed too; your policy does not name it, so it counts for nothing.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The witness {name} that your policy names did not sign: id {hex}.')
# Translators: traceability/verifier/log.py
pgettext('record', '{cosigners} witnesses cosigned this checkpoint; your policy asks for more.')
# Translators: traceability/verifier/log.py
pgettext('record', 'No key of your policy states a time, so it is not known how the log stood when.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The last leaf of the tree must be the heads of all chains before it.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The heads must be said by the operator, whose register is leaf 0 of the log.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The statement was made for another log; it was replayed into this one.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The checkpoint of {size} leaves was left out: it would show how early statements stood in the log.')
# Translators: traceability/verifier/log.py
pgettext('record', 'It claims to be signed at {issued_at} UTC, after it stood in the log.')
# Translators: traceability/verifier/log.py
pgettext('record', 'A key states a time outside the years 2000 to 2099.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The checkpoint is for a tree of {size} leaves, its name says {size_2}.')
# Translators: traceability/verifier/log.py
pgettext('record', 'A key of {name} that your policy names did not sign: id {hex}.')
# Translators: traceability/verifier/log.py
pgettext('record', 'This checkpoint is of another log than the newest one.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The proof covers the statement at index {missing}, which is not in the bundle.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The proof does not cover the statement at index {bare}.')
# Translators: traceability/verifier/log.py
pgettext('record', 'It claims to have seen {size} leaves, but stands itself at index {index}.')
# Translators: traceability/verifier/log.py
pgettext('record', 'This is not the root of the log at {size} leaves: the log was forked.')
# Translators: traceability/verifier/log.py
pgettext('record', 'A consistency proof has exactly hashes.')
# Translators: traceability/verifier/log.py
pgettext('record', 'It came into the log {days} days after what it tells.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The bundle has no checkpoint.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The proof is for {size} leaves, the checkpoint for {size_2}.')
# Translators: traceability/verifier/log.py
pgettext('record', 'The statements do not lead to the root of the checkpoint: one is not that leaf.')
# Translators: traceability/verifier/log.py
pgettext('record', 'No proof shows that the tree of {size} leaves is the beginning of this one.')
# Translators: traceability/verifier/replay.py
pgettext('record', 'The bundle shows {have} statements on this chain, the heads of the log say {count}.')
# Translators: traceability/verifier/replay.py
pgettext('record', 'The newest statement is another one than the heads of the log say.')
# Translators: traceability/verifier/replay.py
pgettext('record', 'The signatures of this statement do not hold.')
# Translators: traceability/verifier/replay.py
pgettext('record', 'No proof shows that this chain ends here: later statements may have been left out.')
# Translators: traceability/verifier/replay.py
pgettext('record', 'The log has {count} statements on this chain, the bundle shows {have}.')
# Translators: traceability/verifier/report.py
pgettext('record', 'not established')
# Translators: traceability/verifier/report.py
pgettext('record', 'not applicable')
# Translators: traceability/verifier/report.py
pgettext('record', 'one physical lot registered twice')
# Translators: traceability/verifier/report.py
pgettext('record', 'a false first statement at the mine or scrap yard')
# Translators: traceability/verifier/report.py
pgettext('record', 'collusion of sender and receiver')
# Translators: traceability/verifier/report.py
pgettext('record', 'what the operator signed with keys that he holds for others (platform keys)')
# Translators: traceability/verifier/report.py
pgettext('record', 'a split view or a false heads map, until somebody with access replays the log')
# Translators: traceability/verifier/report.py
pgettext('record', 'unfavourable attestations that were left out')
# Translators: traceability/verifier/report.py
pgettext('record', "goods cancelled and sold again while they stand at the receiver's")
# Translators: traceability/verifier/report.py
pgettext('record', 'one factory registering as two organisations')
# Translators: traceability/verifier/report.py
pgettext('record', 'an unknown time')
# Translators: traceability/verifier/stages.py
pgettext('record', 'This is another lot, or another history of it, than the custody hash says that you expect.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The lot left the record: nobody in it receives the lot, and its last holder vouches for it no longer.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Your trust file does not accept the operator of this log.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The manifest names another custody hash than the newest statement on the lot makes.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The custody hash that you expect is an earlier one of this lot; more was said of it since.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The lot is on its way, and nobody has received it yet.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The document {get} is named, but not in the bundle.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The document {get} is not the one that was signed for.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The heads proof covers a subject that has nothing to do with the lot.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The log was signed at {as_of}, after your moment.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Self-asserted trust: you gave no {name}, so the bundle vouches for itself.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Your trust file does not accept this organisation, which speaks of the lots.')
# Translators: traceability/verifier/stages.py
pgettext('record', '{platform} statements under platform keys: the operator could have made these signatures.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The operator added a key for this organisation; statements after it may be his.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The bundle does not tell how this lot came about.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Nothing that is signed leads to this member: it does not belong here.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The log stood so at {as_of}: older than the {days} days that you accept.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The bundle does not tell how its lot came about.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Its maker recalled the lot.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Its maker declared the lot void: it never was.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The receiver weighed {weighed} kg.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'The weighed difference is not settled.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'Its holder put the lot on hold.')
# Translators: traceability/verifier/stages.py
pgettext('record', 'It was bought or in stock before the record began: that proves no origin.')
# Translators: traceability/verifier/together.py
pgettext('record', 'Both come from one history: the tree of {size} leaves is the start of that of {size_2}.')
# Translators: traceability/verifier/together.py
pgettext('record', 'One of the bundles has no checkpoint that could be compared.')
# Translators: traceability/verifier/together.py
pgettext('record', 'The bundles come from two logs, so there is nothing to compare.')
# Translators: traceability/verifier/together.py
pgettext('record', 'Give the proof of the log at {place} with --consistency.')
# Translators: traceability/verifier/together.py
pgettext('record', 'The log signed two trees of {size} leaves: keep both bundles, they prove it.')
# Translators: traceability/verifier/together.py
pgettext('record', 'Two statements stand at entry {index} of the log: keep both bundles, they prove it.')
# Translators: traceability/verifier/trust.py
pgettext('record', 'A trust file has at most {max_bytes} bytes.')
# Translators: traceability/verifier/trust.py
pgettext('record', 'The trust file is an object.')
# Translators: traceability/verifier/trust.py
pgettext('record', 'A name stands twice in one object of the trust file.')
# Translators: traceability/verifier/trust.py
pgettext('record', 'The trust file is not JSON.')
# Translators: traceability/selectors/access.py
pgettext('record', 'In your organisation an approver or administrator signs. Send what you fill in for approval, or ask one of them.')
# Translators: traceability/selectors/access.py
pgettext('record', 'In this organisation a person signs what another one fills in, so the API signs nothing for it. Fill it in on the pages, or ask an administrator to let programs sign.')
# Translators: traceability/selectors/access.py
pgettext('record', 'The operator has not vouched for your organisation yet. Until then you can look around and invite colleagues, but not record or sign. You get a letter when it is decided.')
# Translators: traceability/selectors/access.py
pgettext('record', 'The operator did not vouch for your organisation. Its page says why; put it right and ask again.')
# Translators: traceability/selectors/access.py
pgettext('record', 'The operator has suspended your organisation: it can read, not record or sign. Its page says why. Ask the operator.')
# Translators: traceability/selectors/access.py
pgettext('record', 'This account is closed. Nothing can be recorded for it any more.')
# Translators: traceability/selectors/access.py
pgettext('record', 'Your role lets you read, not sign or record. Ask an administrator of your organisation.')
# Translators: traceability/selectors/access.py
pgettext('record', 'There is no such lot, or it is not yours to see.')
# Translators: traceability/selectors/accounts.py
pgettext('record', 'There is no such organisation, or you hold no mandate of it.')
# Translators: traceability/selectors/asking.py
pgettext('record', 'There is no such request, or it is not yours to see.')
# Translators: traceability/selectors/audit_notes.py
pgettext('record', 'There is no such note of your organisation.')
# Translators: traceability/selectors/bundle.py
pgettext('record', 'The log grew meanwhile. Ask again in a moment.')
# Translators: traceability/selectors/bundle.py
pgettext('record', 'This lot has no place in the log yet. Ask again in a moment.')
# Translators: traceability/selectors/certificates.py
pgettext('record', 'There is no such facility, or it is not yours to see.')
# Translators: traceability/selectors/claims.py
pgettext('record', 'There is no such account, or it is not yours to see.')
# Translators: traceability/selectors/did_documents.py
pgettext('record', 'There is no such organisation, or none of its keys is in the log.')
# Translators: traceability/selectors/did_documents.py
pgettext('record', 'There was no document of this organisation then.')
# Translators: traceability/selectors/drafts.py
pgettext('record', 'There is no such draft, or it is not yours to see.')
# Translators: traceability/selectors/drafts.py
pgettext('record', 'There is no such document, or it is not yours to see.')
# Translators: traceability/selectors/drafts.py
pgettext('record', 'There is no such lot, or you did not make it.')
# Translators: traceability/selectors/foreign_lots.py
pgettext('record', 'There is no such bundle of another record, or it is not yours to see.')
# Translators: traceability/selectors/foreign_lots.py
pgettext('record', 'There is no such record.')
# Translators: traceability/selectors/keys.py
pgettext('record', 'There is no such key of your organisation.')
# Translators: traceability/selectors/log.py
pgettext('record', 'The log has no checkpoint yet. Start it with `manage.py integrate`.')
# Translators: traceability/selectors/log.py
pgettext('record', 'The newest checkpoint of the log is not published yet. Ask again in a moment.')
# Translators: traceability/selectors/log.py
pgettext('record', 'No published checkpoint covers leaf {index} yet.')
# Translators: traceability/selectors/log.py
pgettext('record', 'The log has no such statement, or it still waits for its place.')
# Translators: traceability/selectors/log.py
pgettext('record', 'The log has no statement yet.')
# Translators: traceability/selectors/log.py
pgettext('record', 'The newest published checkpoint is over {size} leaves, not {size_2}.')
# Translators: traceability/selectors/members.py
pgettext('record', 'There is no such member in your organisation.')
# Translators: traceability/selectors/notices.py
pgettext('record', 'The audit log is for the administrators of an organisation.')
# Translators: traceability/selectors/notices.py
pgettext('record', 'The outbox is for the operator of this log.')
# Translators: traceability/selectors/openings.py
pgettext('record', 'Your organisation opened no such value, or closed it again.')
# Translators: traceability/selectors/openings.py
pgettext('record', 'Your organisation gave no such mandate.')
# Translators: traceability/selectors/openings.py
pgettext('record', 'No active organisation has this identifier. Ask your partner for it: it stands on his page Organisation.')
# Translators: traceability/selectors/operating.py
pgettext('record', 'There is no such page.')
# Translators: traceability/selectors/operating.py
pgettext('record', 'There is no such letter.')
# Translators: traceability/selectors/partial_arrivals.py
pgettext('record', 'There is no such delivery in parts, or it is not yours to see.')
# Translators: traceability/selectors/product_numbers.py
pgettext('record', 'Your organisation gave no material this GTIN.')
# Translators: traceability/selectors/product_numbers.py
pgettext('record', 'No product of this record has this GTIN.')
# Translators: traceability/selectors/product_numbers.py
pgettext('record', 'This record has no such lot of this product.')
# Translators: traceability/selectors/proposals.py
pgettext('record', 'There is no such proposal, or it is not yours to see.')
# Translators: traceability/selectors/proposals.py
pgettext('record', 'There is no such statement, or it is not yours to see.')
# Translators: traceability/selectors/rule_sets.py
pgettext('record', 'There is no rule set {name} here. The list of rule sets names all.')
# Translators: traceability/selectors/sampling.py
pgettext('record', 'There is no such lot with you or with who gave you a mandate.')
# Translators: traceability/selectors/sampling.py
pgettext('record', 'You hold no mandate of this organisation. Choose one that gave you a mandate.')
# Translators: traceability/selectors/statements.py
pgettext('record', 'Confidential values were read.')
# Translators: traceability/selectors/suppliers.py
pgettext('record', 'Nothing came from this organisation in the period.')
# Translators: traceability/selectors/templates.py
pgettext('record', 'There is no such template, or it is not yours to see.')
# Translators: traceability/selectors/tenants.py
pgettext('record', 'There is no such organisation.')
# Translators: traceability/services/acceptance.py
pgettext('record', 'This log never published such a checkpoint. Read the newest one.')
# Translators: traceability/services/acceptance.py
pgettext('record', 'It claims to be signed later than the log received it.')
# Translators: traceability/services/acceptance.py
pgettext('record', 'The operator did this in the place of the organisation.')
# Translators: traceability/services/approvals.py
pgettext('record', 'Say why you send it back, so that your colleague knows what to change.')
# Translators: traceability/services/approvals.py
pgettext('record', 'Use at most {longest_reason} characters for the reason.')
# Translators: traceability/services/approvals.py
pgettext('record', 'It does not wait for approval any more: it was changed, taken back or sent back.')
# Translators: traceability/services/approvals.py
pgettext('record', 'It was changed and sent again since you opened this page. Read it as it is now.')
# Translators: traceability/services/approvals.py
pgettext('record', 'You typed some of this yourself. Another approver or administrator signs it.')
# Translators: traceability/services/approvals.py
pgettext('record', 'Nobody here may sign this: it takes an approver or administrator who typed none of it. Ask an administrator to give a colleague that role.')
# Translators: traceability/services/asking.py
pgettext('record', 'The organisation closed its account.')
# Translators: traceability/services/asking.py
pgettext('record', 'Name a lot, or a partner and a product of his.')
# Translators: traceability/services/asking.py
pgettext('record', 'Name 1 to {most_places} values that are withheld from you.')
# Translators: traceability/services/asking.py
pgettext('record', 'It is your own. There is nobody to ask.')
# Translators: traceability/services/asking.py
pgettext('record', 'You share no lot and no mandate with this organisation. Ask your own supplier for it.')
# Translators: traceability/services/asking.py
pgettext('record', 'You have no such partner.')
# Translators: traceability/services/asking.py
pgettext('record', 'Name a day from today on, within two years, or none.')
# Translators: traceability/services/asking.py
pgettext('record', 'Your organisation asks partners at most {most_a_day} times a day. Ask tomorrow.')
# Translators: traceability/services/asking.py
pgettext('record', 'This partner has {most_open} open requests of yours. Wait for an answer first.')
# Translators: traceability/services/asking.py
pgettext('record', 'This was declined. Ask for the same again after {days} days, or call him.')
# Translators: traceability/services/asking.py
pgettext('record', 'Choose a declaration of yours that is published and in force.')
# Translators: traceability/services/asking.py
pgettext('record', 'Choose at least one of the values that were asked for, or decline.')
# Translators: traceability/services/asking.py
pgettext('record', 'One of these values was erased for ever. Leave it out.')
# Translators: traceability/services/asking.py
pgettext('record', 'Say why you decline, so that your partner knows what to do.')
# Translators: traceability/services/asking.py
pgettext('record', 'Only who asked takes a request back. You can decline it.')
# Translators: traceability/services/asking.py
pgettext('record', 'Your partner answers this request. You can withdraw it.')
# Translators: traceability/services/asking.py
pgettext('record', 'This request asks for something else.')
# Translators: traceability/services/asking.py
pgettext('record', 'This request is {value} already.')
# Translators: traceability/services/audit_notes.py
pgettext('record', 'There is nothing here to write a note on.')
# Translators: traceability/services/audit_notes.py
pgettext('record', 'Notes are shared with who gave you a mandate. Keep this one to yourselves.')
# Translators: traceability/services/audit_notes.py
pgettext('record', 'Your role lets you read notes, not write them. Ask an administrator of your organisation.')
# Translators: traceability/services/beginnings.py
pgettext('record', 'Your organisation has 500 drafts. Finish or throw away some of them first.')
# Translators: traceability/services/bundle_jobs.py
pgettext('record', 'There is no such bundle, or it is no longer kept. Export it again.')
# Translators: traceability/services/bundle_jobs.py
pgettext('record', 'About {count} statements are too many for one answer. POST here, and fetch it later.')
# Translators: traceability/services/bundle_jobs.py
pgettext('record', '{most_open} bundles are being packed for your organisation. Wait for one of them.')
# Translators: traceability/services/bundle_jobs.py
pgettext('record', 'The bundle is not packed yet, or it was taken away. Look at its state.')
# Translators: traceability/services/bundle_jobs.py
pgettext('record', 'What you may read has changed since this bundle was packed. Export it again.')
# Translators: traceability/services/bundle_work.py
pgettext('record', 'It could not be packed. Export it again; if that fails too, ask the operator.')
# Translators: traceability/services/bundle_work.py
pgettext('record', 'A bundle was not packed.')
# Translators: traceability/services/bundle_work.py
pgettext('record', 'This bundle was cancelled, or another worker packs it.')
# Translators: traceability/services/claims_shown.py
pgettext('record', 'The assay of this lot is not shown to you. Ask its maker to open it.')
# Translators: traceability/services/claims_shown.py
pgettext('record', 'What this states is not shown to you. Ask who signed it to open it.')
# Translators: traceability/services/correction_change.py
pgettext('record', 'Nothing changes but the reason. Change an answer, or throw the draft away.')
# Translators: traceability/services/corrections.py
pgettext('record', 'A statement of this kind is not corrected.')
# Translators: traceability/services/corrections.py
pgettext('record', 'A statement of this kind cannot be declared void. Correct it instead.')
# Translators: traceability/services/countersigning.py
pgettext('record', 'You have dispatched no such lot to another record, or that dispatch has ended.')
# Translators: traceability/services/countersigning.py
pgettext('record', 'The file does not tell the mass that you would sign for. Ask for a whole one.')
# Translators: traceability/services/countersigning.py
pgettext('record', 'The importer has not signed this file.')
# Translators: traceability/services/draft_reading.py
pgettext('record', 'Nobody of this record is on the other side of this lot. Choose to sign alone.')
# Translators: traceability/services/draft_reading.py
pgettext('record', 'Say why it is corrected. The reason stays open to everybody who sees the lot.')
# Translators: traceability/services/drafts.py
pgettext('record', 'One of you signs with a key of its own, which is not held here. Choose to sign alone, or send the statement with both signatures by the API.')
# Translators: traceability/services/drafts.py
pgettext('record', 'There is no such list in this draft.')
# Translators: traceability/services/drafts.py
pgettext('record', 'Propose it to the other party, or choose to sign alone.')
# Translators: traceability/services/drafts.py
pgettext('record', 'Your organisation wants a second person to sign. Send this for approval.')
# Translators: traceability/services/drafts.py
pgettext('record', 'Answer every question first.')
# Translators: traceability/services/drafts.py
pgettext('record', 'This waits for the signature of the other party. Take the proposal back before you change it.')
# Translators: traceability/services/drafts.py
pgettext('record', 'A list holds at most {most_rows} rows here. Use a sheet for more.')
# Translators: traceability/services/drafts.py
pgettext('record', 'There is no such closed value in this draft.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Packing changes neither a lot nor who has it. Name the lots in the event that ships them.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Putting things together changes no lot. A step that consumes lots is a TransformationEvent.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Papers change neither a lot nor who has it.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Name {prefix}:{name} in the event.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Name exactly one lot in the quantityList.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Say how much of the lot it is: a quantity in KGM, GRM or TNE.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Name one possessing_party in the destinationList, by the urn of an organisation here.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'It declares another event wrong. Correct or void the statement itself.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Of this step no statement is made. Understood are: commissioning, inspecting with contents, {found}.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Name what went in and came out as lots with quantities, not as single things.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'A step needs what went in and what came out in one event.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'No lot of this name is on its way to your organisation.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'The stock-take found what the record says.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'This lot is in the record already.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'No lot of this record has this name. Use its address here, its urn, a GS1 Digital Link, or the name under which an event made it.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Of events of this type no statement is made.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Name {prefix}:{name} in the ilmd of the event.')
# Translators: traceability/services/epcis_acts.py
pgettext('record', 'Name {prefix}:{name} of each output, in {prefix_2}:outputs of the ilmd.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'The document could not be kept. Send it again; if that fails too, ask the operator.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'This event was kept before.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'There is no such capture job.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'There is an event {event_id} already. Nothing was saved.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'A capture was not finished.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'There is another event {event_id}.')
# Translators: traceability/services/epcis_capture.py
pgettext('record', 'This cannot be read as JSON: {error}.')
# Translators: traceability/services/epcis_documents.py
pgettext('record', 'Send at most {most_events} events at once. Nothing was saved.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'This schedule never calls.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'There is no query of this name.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Name the query with 1 to 100 letters, digits, dots, dashes or underscores.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'An organisation keeps at most {most_queries} queries. Delete one first.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'There is no such subscription.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Name the address to which messages go.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Name stream or schedule, one of both.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'A query has at most {most_subscriptions} subscriptions. Delete one first.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Use a text of at most 500 characters.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'The answer was {status}.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Name at least one of: {units}.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Use numbers from {least} to {most}.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'There is a query of this name already. Delete it first, or take another name.')
# Translators: traceability/services/epcis_subscriptions.py
pgettext('record', 'Write numbers such as 5 or 1,15 or [10-20].')
# Translators: traceability/services/evidence.py
pgettext('record', 'This file is empty. Choose another one.')
# Translators: traceability/services/evidence.py
pgettext('record', 'Choose a file of at most {most_bytes} MB.')
# Translators: traceability/services/evidence.py
pgettext('record', 'Choose a file of one of these kinds: {accepted}.')
# Translators: traceability/services/export.py
pgettext('record', 'There is no such lot with you. Ask its holder for the bundle.')
# Translators: traceability/services/factor_fit.py
pgettext('record', 'The factor is for {wanted}. Choose this compartment, or another factor.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'It could not be verified. Upload it again; if that fails too, ask the operator.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'This is no audit bundle. Choose a file *.custody.zip.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', '{most_waiting} bundles of yours wait already. Come back when they are verified.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'An import rests on this bundle. Take that back first, as far as it is not recorded.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'The verifier found something wrong in it. Nothing of it can be relied on.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'It does not hold the dispatch by which the lot came in. Tell the operator: these are two logs, or two stories of one.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'The bundle holds no checkpoint, so it is of no log.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'Its newest statement on the lot is no dispatch into another record. Ask the sender for a bundle that he exported after the dispatch.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'The lot was dispatched to another record, or to another organisation of this one.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'It withholds the mass that was dispatched. Ask the sender for a bundle that tells it.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'This record knows the lot already. It is taken in once.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'It tells what changed in the other record. Who was told of it must find it here.')
# Translators: traceability/services/foreign_bundles.py
pgettext('record', 'A bundle of another record was not verified.')
# Translators: traceability/services/import_file.py
pgettext('record', 'This file is no import of a lot: it is too large.')
# Translators: traceability/services/import_file.py
pgettext('record', 'The statement in it is another one.')
# Translators: traceability/services/import_file.py
pgettext('record', 'This file is no import of a lot: what is in it cannot be read.')
# Translators: traceability/services/import_file.py
pgettext('record', 'This file is no import of a lot: it is not JSON.')
# Translators: traceability/services/imports.py
pgettext('record', 'You have not signed an import of this lot yet.')
# Translators: traceability/services/imports.py
pgettext('record', 'This is the answer to another import. Choose the file that the sender gave for this one.')
# Translators: traceability/services/imports.py
pgettext('record', 'The sender has not signed this file yet. Choose the one that he gave back.')
# Translators: traceability/services/imports.py
pgettext('record', 'The lot is in this record already. Correct or withdraw that statement instead.')
# Translators: traceability/services/imports.py
pgettext('record', 'This bundle is not verified, so nothing can be imported by it.')
# Translators: traceability/services/imports.py
pgettext('record', 'You signed an import of this lot already. It waits for the sender.')
# Translators: traceability/services/imports.py
pgettext('record', 'The lot cannot have come in on a day that is still to come.')
# Translators: traceability/services/imports.py
pgettext('record', 'The lot cannot have come in before it was dispatched.')
# Translators: traceability/services/invitations.py
pgettext('record', 'This person works for your organisation already.')
# Translators: traceability/services/invitations.py
pgettext('record', 'You can invite partners once the operator has vouched for your organisation.')
# Translators: traceability/services/invitations.py
pgettext('record', 'This link brings an organisation here, not a person.')
# Translators: traceability/services/invitations.py
pgettext('record', 'This address is invited already. Send the invitation again instead.')
# Translators: traceability/services/invitations.py
pgettext('record', 'This invitation was used, withdrawn, or is too old. Ask for a new one.')
# Translators: traceability/services/invitations.py
pgettext('record', 'There is no such open invitation.')
# Translators: traceability/services/invitations.py
pgettext('record', 'Your organisation sent {most_a_day} invitations today. Go on tomorrow.')
# Translators: traceability/services/invitations.py
pgettext('record', 'Write an e-mail address, such as name@company.example.')
# Translators: traceability/services/issuing.py
pgettext('record', 'This organisation holds its keys itself: the platform signs no credential for it.')
# Translators: traceability/services/judging.py
pgettext('record', 'A disclosure belongs to no field of this statement.')
# Translators: traceability/services/judging.py
pgettext('record', 'Values that this rests on were erased, so it cannot be judged any more.')
# Translators: traceability/services/judging.py
pgettext('record', 'This digest stands in the record already. Close the value with a fresh salt.')
# Translators: traceability/services/lab_sheets.py
pgettext('record', 'Choose a PDF with text, an .xlsx or a .csv: other documents are kept, but not read.')
# Translators: traceability/services/lab_sheets.py
pgettext('record', 'This PDF takes too long to read. Save its pages anew, or type its values.')
# Translators: traceability/services/leaving.py
pgettext('record', 'The organisation closed its account. Nothing that it signed before is in doubt.')
# Translators: traceability/services/leaving.py
pgettext('record', 'The operator of the log cannot leave it.')
# Translators: traceability/services/leaving.py
pgettext('record', 'Something has to be done before the account can be closed. The page lists it.')
# Translators: traceability/services/lot_numbers.py
pgettext('record', 'A lot of yours has this number already. Give this one another, or throw the draft away if it is recorded.')
# Translators: traceability/services/members.py
pgettext('record', 'Only an administrator of the organisation can do this.')
# Translators: traceability/services/members.py
pgettext('record', 'An organisation needs an administrator. Make somebody else one first, or close the account.')
# Translators: traceability/services/organisations.py
pgettext('record', 'This log has its operator already.')
# Translators: traceability/services/organisations.py
pgettext('record', 'Your own organisation reads its values anyway. Choose another one.')
# Translators: traceability/services/organisations.py
pgettext('record', 'A mandate ends after it begins. Choose a later day.')
# Translators: traceability/services/organisations.py
pgettext('record', 'This day is over. Choose today or a later day.')
# Translators: traceability/services/organisations.py
pgettext('record', 'Only the organisation that gave a mandate can end it.')
# Translators: traceability/services/outbox.py
pgettext('record', 'Given up.')
# Translators: traceability/services/outbox.py
pgettext('record', 'To be tried again.')
# Translators: traceability/services/outbox.py
pgettext('record', 'Nothing here does {name}.')
# Translators: traceability/services/own_keys.py
pgettext('record', 'There is no such key of your organisation in force that it holds itself.')
# Translators: traceability/services/own_keys.py
pgettext('record', 'There is no such key of your organisation in force.')
# Translators: traceability/services/own_keys.py
pgettext('record', 'This is no statement about keys. Bring it to the page where you began it.')
# Translators: traceability/services/own_signing.py
pgettext('record', 'This is not what the draft says now. Take what is to be signed once more.')
# Translators: traceability/services/partial_arrivals.py
pgettext('record', 'Only a part of the goods arrived.')
# Translators: traceability/services/partial_arrivals.py
pgettext('record', 'All of it arrived, or more. Receive it, with the mass that you weighed.')
# Translators: traceability/services/partial_arrivals.py
pgettext('record', 'Nothing of this delivery waits to be dispatched by you.')
# Translators: traceability/services/product_numbers.py
pgettext('record', 'Choose a material of which you made a lot.')
# Translators: traceability/services/product_numbers.py
pgettext('record', 'This material has a GTIN. Put that one out of use first.')
# Translators: traceability/services/product_numbers.py
pgettext('record', 'Another product has this GTIN already. Check the digits.')
# Translators: traceability/services/projections.py
pgettext('record', 'Its maker recalled this lot, or one that went into it.')
# Translators: traceability/services/proposals.py
pgettext('record', 'Something else was recorded on this lot after the proposal, so it cannot be signed as it stands.')
# Translators: traceability/services/proposals.py
pgettext('record', 'You sign this alone. There is nobody to propose it to.')
# Translators: traceability/services/proposals.py
pgettext('record', 'Say why you decline, so that your partner knows what to change.')
# Translators: traceability/services/proposals.py
pgettext('record', 'There is no such proposal, or it is not yours to answer.')
# Translators: traceability/services/proposals.py
pgettext('record', 'It was changed and proposed again since you opened this page. Read it as it is now.')
# Translators: traceability/services/proposals.py
pgettext('record', 'It is answered already: it was declined.')
# Translators: traceability/services/proposals.py
pgettext('record', 'Who proposed this may not sign for his organisation any more. A colleague must propose it.')
# Translators: traceability/services/proposals.py
pgettext('record', 'It is signed already, or it was thrown away. There is nothing left to decline.')
# Translators: traceability/services/reading.py
pgettext('record', 'This id was used for something else. Give the statement a new id.')
# Translators: traceability/services/reading.py
pgettext('record', 'You can only submit what your own organisation says.')
# Translators: traceability/services/reading.py
pgettext('record', 'Another statement of this batch has the same id.')
# Translators: traceability/services/reading_log.py
pgettext('record', 'A reading could not be kept in the audit log.')
# Translators: traceability/services/resolving.py
pgettext('record', 'Identifiers are resolved by did:web and did:key.')
# Translators: traceability/services/resolving.py
pgettext('record', 'A DID document is an object.')
# Translators: traceability/services/resolving.py
pgettext('record', 'The credential needs more documents of others than are fetched for one.')
# Translators: traceability/services/revocations.py
pgettext('record', 'The key that replaces this one is on its way into the log. Try again in a minute.')
# Translators: traceability/services/revocations.py
pgettext('record', 'Enter a moment that has passed.')
# Translators: traceability/services/rows_world.py
pgettext('record', 'Upload this bundle first, and let it be verified.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'Use at most {longest_url} characters of ASCII; write other names in their xn-- form.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'Use an https address such as https://example.org/hooks.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'Use https: what goes over http can be read and changed on its way.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'Leave out user names, passwords and fragments. The signature says who sent it.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', '{host} is not on the public internet. Use the name by which others reach your server.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'The answer had the status {status}; redirects are not followed.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'The answer had more than {most_bytes} bytes.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'No answer within {whole_s} seconds.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', 'This is no address. Write one such as https://example.org/hooks.')
# Translators: traceability/services/safe_fetch.py
pgettext('record', '{host} leads to {address}, which is not on the public internet.')
# Translators: traceability/services/said_drafts.py
pgettext('record', 'A draft is made of one of: {kinds}.')
# Translators: traceability/services/said_drafts.py
pgettext('record', 'Only a dispatch splits a part off its lot. Leave part_number out.')
# Translators: traceability/services/sealing.py
pgettext('record', 'The platform holds no active key for this organisation. Its holder must sign.')
# Translators: traceability/services/sheet_templates.py
pgettext('record', 'The content of an element or oxide in per cent: of the lot that the row makes, or else of what was lost, or of the flow. Any other one gets a column with its formula as heading; a column “Nd2O3 sDev (%)” takes its relative standard deviation.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'A number in the unit of the heading. Change the unit in the heading for all rows, or write it behind each number.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Choose from the list.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Choose from the list, or write the code of two letters, for example DE.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Your own number, another one for each lot. It stays confidential.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'The number of a lot: choose from the list, or take one that a row above makes.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'One of your own sites. Its name stays confidential.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Choose from the list, or write the identifier of the partner, urn:uuid: and so on.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Ids from the sheet “Factors”, with commas between them. Left empty the flow stays not declared.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Names of files that you upload beside the sheet, or have uploaded before, with semicolons between them; or their SHA-256.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Rows with the same step belong together: further inputs, outputs or losses of it.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'For you alone. A row whose remark begins with “Example” is passed over.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'A number; its unit stands in the next column, or behind it.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'One flow of the step in each row. A row that holds nothing else goes on with the row above.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'One leg in each row. A row that holds nothing else goes on with the row above.')
# Translators: traceability/services/sheet_words.py
pgettext('record', 'Of the active substance, from 0 to 1 or with a % sign.')
# Translators: traceability/services/sheet_work.py
pgettext('record', 'It could not be finished. Try again; if that fails too, ask the operator.')
# Translators: traceability/services/sheet_work.py
pgettext('record', 'A sheet was not finished.')
# Translators: traceability/services/sheet_work.py
pgettext('record', 'There is no row below the headings. Fill in at least one.')
# Translators: traceability/services/sheets.py
pgettext('record', 'There is no such sheet, or it is not yours to see.')
# Translators: traceability/services/sheets.py
pgettext('record', 'There is a sheet for each of: {plans}.')
# Translators: traceability/services/sheets.py
pgettext('record', 'No row of this file has the headings of this sheet. Begin with the template.')
# Translators: traceability/services/sheets.py
pgettext('record', 'This sheet is signed, or about to be. It stays.')
# Translators: traceability/services/sheets.py
pgettext('record', 'Your organisation has {most_unsigned} sheets that are not signed. Throw some of them away.')
# Translators: traceability/services/sheets.py
pgettext('record', 'It was changed since you opened this page. Read it as it is now.')
# Translators: traceability/services/sheets.py
pgettext('record', 'Put right what is wrong first. Nothing was signed.')
# Translators: traceability/services/signup.py
pgettext('record', "Several of your organisations wait for the operator's word. Wait for one of them.")
# Translators: traceability/services/signup.py
pgettext('record', 'The operator cannot suspend itself.')
# Translators: traceability/services/signup.py
pgettext('record', 'Say why. The organisation reads it and can put it right.')
# Translators: traceability/services/signup.py
pgettext('record', 'This organisation is {standing} now. Look again.')
# Translators: traceability/services/signup.py
pgettext('record', 'Write the name without invisible characters.')
# Translators: traceability/services/signup.py
pgettext('record', 'Write the address of the website with https://.')
# Translators: traceability/services/slots.py
pgettext('record', 'This installation computes no results.')
# Translators: traceability/services/status_lists.py
pgettext('record', 'There is no such status list yet.')
# Translators: traceability/services/templates.py
pgettext('record', 'A template is made of a source or a step.')
# Translators: traceability/services/templates.py
pgettext('record', 'Your organisation has {most_templates} templates. Delete some of them first.')
# Translators: traceability/services/templates.py
pgettext('record', 'Enter a name of at most {longest_name} characters.')
# Translators: traceability/services/templates.py
pgettext('record', 'There is a template of this name already. Choose another one.')
# Translators: traceability/services/tokens.py
pgettext('record', 'A token can do no more than you. Your role lets you read, not record and sign.')
# Translators: traceability/services/tokens.py
pgettext('record', 'Let the token end within {days} days from now.')
# Translators: traceability/services/tokens.py
pgettext('record', 'This token was made already, and its secret was shown then. If you missed it, revoke it and make another.')
# Translators: traceability/services/tokens.py
pgettext('record', 'There is no such token, or it is not yours to see.')
# Translators: traceability/services/tokens.py
pgettext('record', 'This token was revoked already.')
# Translators: traceability/services/tokens.py
pgettext('record', 'This token is not known here. Look whether it was copied whole.')
# Translators: traceability/services/tokens.py
pgettext('record', 'This token was revoked on {revoked_at}. Use another one.')
# Translators: traceability/services/tokens.py
pgettext('record', 'This token ended on {expires_at}. Make a new one.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'Name the other record, in at most {longest_name} characters.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', '{origin} is trusted with other keys. End that trust first.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', '{origin} is not trusted.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'Say why, in at most {longest_reason} characters.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'The operator of this site does not trust the log {origin}. Ask him.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'The trusted keys of that log changed since. Let the bundle be verified again.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'Name the bundle among the documents of the statement: it travels with the lot.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'The policy of another record names the keys of one log.')
# Translators: traceability/services/trusted_logs.py
pgettext('record', 'This is the log of this site itself.')
# Translators: traceability/services/vault.py
pgettext('record', 'The platform does not hold this key. Its holder must sign.')
# Translators: traceability/services/vault.py
pgettext('record', 'The keys of the log are missing. Restore the table of log keys from your backup.')
# Translators: traceability/services/vault.py
pgettext('record', 'The master key does not open this key. Start with the master key that sealed it, or restore its row.')
# Translators: traceability/services/watches.py
pgettext('record', 'Only a person watches. This token belongs to nobody who is here.')
# Translators: traceability/services/watches.py
pgettext('record', 'You watch {most} things. Stop watching one first.')
# Translators: traceability/services/watches.py
pgettext('record', 'You watch no such thing.')
# Translators: traceability/services/watches.py
pgettext('record', 'There is no such declaration.')
# Translators: traceability/services/webhook_sending.py
pgettext('record', 'The webhook was switched off.')
# Translators: traceability/services/webhooks.py
pgettext('record', 'There is no such webhook, or it is not yours.')
# Translators: traceability/services/webhooks.py
pgettext('record', 'An organisation has at most {most} webhooks. Remove one first.')
# Translators: traceability/services/webhooks.py
pgettext('record', 'There is no such delivery.')
# Translators: traceability/services/webhooks.py
pgettext('record', 'Only an administrator of the organisation sees and changes its webhooks.')
# Translators: traceability/services/webhooks.py
pgettext('record', 'This webhook is switched off. Switch it on first.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'A difference above 0.6 % of the largest term is a warning, above 2 % an error.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'The file is what its format says.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'All indicators and units are of one package.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Every indicator of the list is there.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Modules are written as bound, each with a number or ND.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'GWP-total is the sum of its parts.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Primary energy is the sum of its parts.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'A1-A3 is the sum of A1, A2 and A3.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Fossil depletion fits non-renewable energy.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'A difference above 15 % is a warning.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Nothing is negative that cannot be.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Biogenic carbon is taken up, and leaves.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'A difference above 10 % is a warning, above 25 % an error; asked from 5 % biogenic matter on.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'The declared unit has an amount and a mass.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Dates and validity fit.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'At most five years.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Stages are not added up.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Orders of magnitude can be.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'From 0.002 to 1 kg CO2 equivalent per MJ; within 2 % of the factors 3.6, 1000 and 1000000.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'The content sums to 100 %.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'A difference above 0.5 % is an error.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'The document has an identifier and a version.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Upstream declarations fit.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'It was verified by somebody independent.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Nothing is much worse than before.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'More than 10 % worse is a warning.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'The data cover a year.')
# Translators: epd/documents/catalogue.py
pgettext('record', 'Less than 12 months need a reason.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'There is no date of publication. State it.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'There is no end of validity. State it.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The validity ends before the publication. Correct one of the dates.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The declaration has expired. Do not use its figures as valid.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'No product category rules are named. Name them.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The product category rules had expired at publication. Use valid ones.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The ingredients bring more than the whole GWP. Correct them.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The document builds on other declarations. Bring them to have them compared.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The upstream declaration is of another package, so its figures cannot be added.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The upstream declaration had expired at publication. Use a valid one.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The data cover less than twelve months. Say why, and how much a year would differ.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The flow of the declared unit is not in this file. Bring the archive (ZIP) with its flows.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'There is no declared unit with an amount above 0. State what the results are per.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The declared unit has no mass. State its kilograms, or others cannot use the figures.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The date of publication is in the future. Correct it.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'A declaration is valid for at most five years. Shorten the validity.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The product category rules have expired since, but their status does not say so.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'Modules were added up. State each of them, only A1-A3 may be one figure.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The document has no identifier, so nobody can tell its versions apart. Give it one.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The figures changed under the same identifier, but the version did not rise. Raise it.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'No verification is stated, so this is no EPD. Do not call it one.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'It says that it was not reviewed, so this is no EPD. Do not call it one.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'No verifier is named. State who verified it.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The figure is more than 10 % worse than before. The declaration has to be updated.')
# Translators: epd/documents/checks/claims.py
pgettext('record', 'The verifier is not independent. Have it verified by somebody else.')
# Translators: epd/documents/checks/plausible.py
pgettext('record', 'GWP-biogenic of A1-A3 is not the carbon that the product holds, times -44/12. Correct one of them.')
# Translators: epd/documents/checks/plausible.py
pgettext('record', 'The content declaration does not sum to 100 %. Complete it, or correct the shares.')
# Translators: epd/documents/checks/plausible.py
pgettext('record', 'The figure differs from the earlier document by the factor of two units. Check its unit.')
# Translators: epd/documents/checks/plausible.py
pgettext('record', 'This figure cannot be negative here. Check its sign, or say why it is.')
# Translators: epd/documents/checks/plausible.py
pgettext('record', 'GWP-biogenic taken up in A1-A3 does not leave in A4 to C4. Say where it stays.')
# Translators: epd/documents/checks/plausible.py
pgettext('record', 'Fossil GWP and fossil energy do not fit. Check whether MJ and kWh, or kg and t, were mixed.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The document holds no results. A declaration has a table of indicators by module.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The indicators are of several packages. Compute all of them with one.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The standard that the document names has other indicators than it uses. Name the right one.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The document names no edition of EN 15804 by its data set. Name it.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'This indicator is in no list that we have, so nothing compares its values.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The unit group is not that of the indicator. Name the right one.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The text of the unit is not that of the indicator. Correct it.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'The version of the indicator is that of another package. Name the right one.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'Indicators of the list are missing. State each as numbers or as ND.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'For a construction product EN 15804 asks for these too, as numbers or as ND.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'We have no list of what this method must declare, so completeness was not checked.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'There is no such module. Write it as EN 15804 does.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'This cell stands twice. Keep one.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'This indicator stands twice. Keep one.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'This indicator lacks modules that others have. State a number or ND in each.')
# Translators: epd/documents/checks/structure.py
pgettext('record', 'Every number of this module is 0. Where nothing was computed, write ND.')
# Translators: epd/documents/checks/sums.py
pgettext('record', 'The total is not the sum of its parts. Correct the wrong figure.')
# Translators: epd/documents/checks/sums.py
pgettext('record', 'Fossil depletion and non-renewable energy are far apart. Check both and their unit.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'Not asked, because the text of the programme is not at hand: {unconfirmed}. The operator of this server can enter it with its source.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'The declared unit must be in {declared_unit}.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'These modules are not declared: {missing}. That is right for an intermediate product under the exemption alone, which its declarant must claim.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'It is valid for at most {years} years.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'It must be valid for at most {years} years from its publication on.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'Data are of at least {months} months.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'Data are of less than {months} months, without a reason.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'A verifier is named.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'No verifier is named. An EPD is by definition independently verified.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'The list of what is asked for is at hand.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'The declared unit has no amount or no mass.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'Which declared unit is asked for is not confirmed.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'The modules after the gate that are asked for are declared.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'The days of publication and of expiry are not both stated.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'How long data were collected is not stated.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'Data of less than {months} months have a reason.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'All results are of one of these packages: {named}.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'No results are of one of these packages: {named}.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'Product category rules are named.')
# Translators: epd/documents/fulfilment.py
pgettext('record', 'No product category rules are named.')
# Translators: epd/documents/report.py
pgettext('record', 'Whether the figures are true: that takes the inventory behind them, and a verifier.')
# Translators: epd/documents/report.py
pgettext('record', 'The XML schema itself: elements that the extensions do not have are named, their order is not checked.')
# Translators: epd/documents/report.py
pgettext('record', 'Texts, pictures and documents that the file refers to.')
# Translators: epd/formats/defects.py
pgettext('record', 'This is neither a number nor ND. Write digits with a point.')
# Translators: epd/formats/defects.py
pgettext('record', 'This is no date. Write it as 2026-11-16.')
# Translators: epd/formats/defects.py
pgettext('record', 'ND is an empty element. Leave the text out.')
# Translators: epd/formats/ilcd.py
pgettext('record', 'This XML is no process data set of ILCD, so it holds no declaration.')
# Translators: epd/formats/ilcd.py
pgettext('record', 'The type of an EPD data set is EPD. Write so.')
# Translators: epd/formats/ilcd.py
pgettext('record', 'No exchange is the reference flow. Name it by its number.')
# Translators: epd/formats/ilcd.py
pgettext('record', 'An element that every data set has is missing.')
# Translators: epd/formats/ilcd.py
pgettext('record', 'The format has no such element. Remove it.')
# Translators: epd/formats/ilcd_zip.py
pgettext('record', 'This archive has no folder “processes” with data sets, so it holds no declaration.')
# Translators: epd/formats/ilcd_zip.py
pgettext('record', 'Bring at most {most_processes} declarations in one archive. Nothing was read.')
# Translators: epd/formats/ilcd_zip.py
pgettext('record', 'A part of this archive leads out of it. Nothing was read.')
# Translators: epd/formats/ilcd_zip.py
pgettext('record', 'This archive has more than {most_flows} flows. Nothing was read.')
# Translators: epd/formats/json_text.py
pgettext('record', 'NaN and Infinity are no numbers of JSON. The file was not read.')
# Translators: epd/formats/json_text.py
pgettext('record', 'A number has more than {longest_number} characters. The file was not read.')
# Translators: epd/formats/json_text.py
pgettext('record', 'A name stands twice in one object, so programs would read different values.')
# Translators: epd/formats/json_text.py
pgettext('record', 'This JSON is nested more deeply than any declaration. It was not read.')
# Translators: epd/formats/json_text.py
pgettext('record', 'This text is not in UTF-8. Save it so.')
# Translators: epd/formats/json_text.py
pgettext('record', 'This is no JSON.')
# Translators: epd/formats/openepd.py
pgettext('record', 'An openEPD document has the doctype openEPD. Write so.')
# Translators: epd/formats/openepd.py
pgettext('record', 'The values of one indicator have several units. Use one.')
# Translators: epd/formats/reading.py
pgettext('record', 'Bring a declaration as openEPD (JSON), ILCD+EPD (XML or ZIP) or JSON of soda4LCA.')
# Translators: epd/formats/reading.py
pgettext('record', 'Bring a file of at most {most_bytes} MiB. Nothing was read.')
# Translators: epd/formats/tree.py
pgettext('record', 'This file has more or deeper elements than any data set. It was not read.')
# Translators: epd/formats/write_ilcd_zip.py
pgettext('record', 'Name and version only. The characterisation factors stand in the data set with this UUID of InData.')
# Translators: epd/formats/write_ilcd_zip.py
pgettext('record', 'An archive needs the flow of the declared unit. Bring the document with it.')
# Translators: epd/formats/write_openepd.py
pgettext('record', 'No key of openEPD fits this indicator. Write the document in another format.')
# Translators: epd/formats/write_openepd.py
pgettext('record', 'Scenarios of openEPD are of the end of life alone. Write the document in another format.')
# Translators: epd/lca/allocation.py
pgettext('record', 'Name each output once.')
# Translators: epd/lca/allocation.py
pgettext('record', 'The mass of this output is not open to you, so nothing can be computed.')
# Translators: epd/lca/allocation.py
pgettext('record', 'The outputs weigh nothing together: state a price above 0 for one of them.')
# Translators: epd/lca/allocation.py
pgettext('record', 'State all prices of a step in one currency.')
# Translators: epd/lca/assembly.py
pgettext('record', 'The statement that made this lot is not at hand.')
# Translators: epd/lca/assembly.py
pgettext('record', 'The lot came from another log: its figures are those of its bundle.')
# Translators: epd/lca/assembly.py
pgettext('record', 'The statement that made an input is not at hand.')
# Translators: epd/lca/assembly.py
pgettext('record', 'The matter of an input is not at hand.')
# Translators: epd/lca/burdens.py
pgettext('record', 'State the active share of {flow}: its factor is per kg of active substance.')
# Translators: epd/lca/burdens.py
pgettext('record', 'The factor is for {compartment}: name this compartment, or another factor.')
# Translators: epd/lca/burdens.py
pgettext('record', 'State {flow} in MJ or kWh, or name a factor with its calorific value.')
# Translators: epd/lca/chain.py
pgettext('record', 'These figures are of the {basis} chain. Use the {basis_2} ones, or declare nothing on this basis.')
# Translators: epd/lca/contributions.py
pgettext('record', 'No step at hand gives this lot a figure on the {basis} basis.')
# Translators: epd/lca/exchanges.py
pgettext('record', 'The row is in {unit}, but {into} is needed. State it in {into_2}, or name a factor per {unit_2}.')
# Translators: epd/lca/exchanges.py
pgettext('record', 'State constituents, ancillaries and packaging in kg.')
# Translators: epd/lca/exchanges.py
pgettext('record', 'State a row that names its elements in kg.')
# Translators: epd/lca/exchanges.py
pgettext('record', 'State the active share as a decimal above 0 and at most 1.')
# Translators: epd/lca/exchanges.py
pgettext('record', '{field} of this row is not open to you, so nothing can be computed.')
# Translators: epd/lca/factors.py
pgettext('record', 'A factor has at least one indicator.')
# Translators: epd/lca/factors.py
pgettext('record', 'Mark te, ge and ti from 1 to 5.')
# Translators: epd/lca/factors.py
pgettext('record', 'State {name} as a text.')
# Translators: epd/lca/factors.py
pgettext('record', '{name} is one of {words}.')
# Translators: epd/lca/factors.py
pgettext('record', 'State {name} as true or false.')
# Translators: epd/lca/factors.py
pgettext('record', 'Name one factor for each stage: these cover the same one twice.')
# Translators: epd/lca/factors.py
pgettext('record', 'A life-cycle factor holds every stage already: name it alone.')
# Translators: epd/lca/factors.py
pgettext('record', 'The factor set {name} {version} has no {factor_id}.')
# Translators: epd/lca/factors.py
pgettext('record', 'Two factors are called {id}.')
# Translators: epd/lca/factors.py
pgettext('record', 'State {indicator} once, in {indicator_2}.')
# Translators: epd/lca/inputs.py
pgettext('record', 'Name one source for this input: each kg counts once.')
# Translators: epd/lca/inputs.py
pgettext('record', 'Moisture is below 100 % of the wet mass.')
# Translators: epd/lca/inputs.py
pgettext('record', 'More was written off this lot than there was, so nothing can be drawn from it.')
# Translators: epd/lca/inputs.py
pgettext('record', 'The result of this input holds its delivery: leave the legs out.')
# Translators: epd/lca/inputs.py
pgettext('record', 'Name each input once.')
# Translators: epd/lca/inputs.py
pgettext('record', 'This row is an input lot, which brings its own result: take the row out.')
# Translators: epd/lca/members.py
pgettext('record', '{name} must be a text.')
# Translators: epd/lca/members.py
pgettext('record', '{name} must be one of {words}.')
# Translators: epd/lca/members.py
pgettext('record', '{name} must be an object.')
# Translators: epd/lca/members.py
pgettext('record', '{name} must be a list of objects.')
# Translators: epd/lca/members.py
pgettext('record', '{name} must be a list of texts.')
# Translators: epd/lca/period.py
pgettext('record', 'A reference speaks of twelve months: from a day to the day before it a year later.')
# Translators: epd/lca/period.py
pgettext('record', 'The site made nothing of this product in the period.')
# Translators: epd/lca/period.py
pgettext('record', 'The results of the lots put electricity in different modules. Compute them again.')
# Translators: epd/lca/period.py
pgettext('record', 'Two meters count one flow in one unit. Add them up.')
# Translators: epd/lca/period.py
pgettext('record', 'Use one currency for all prices.')
# Translators: epd/lca/period.py
pgettext('record', 'Compute and sign the results of all lots of the period first.')
# Translators: epd/lca/period.py
pgettext('record', 'Use a price of the period.')
# Translators: epd/lca/reference.py
pgettext('record', 'Nothing of the product is left: there is nothing to divide by.')
# Translators: epd/lca/reference.py
pgettext('record', 'The product weighs more than all products of the site, or less than nothing.')
# Translators: epd/lca/reference.py
pgettext('record', 'The period ends before it begins. Check the days.')
# Translators: epd/lca/reference.py
pgettext('record', 'Two meters count {flow} in {unit}. Add them up.')
# Translators: epd/lca/reference.py
pgettext('record', 'An amount of {flow} is below zero. Only work in progress can be.')
# Translators: epd/lca/reference.py
pgettext('record', 'A stock or what was shipped is below zero. Check the kilograms.')
# Translators: epd/lca/reference.py
pgettext('record', 'This lot stands twice in the period. Name it once.')
# Translators: epd/lca/reference.py
pgettext('record', 'This lot was not made in the period. Leave it out.')
# Translators: epd/lca/reference.py
pgettext('record', 'The kilograms of a lot are below zero. Check them.')
# Translators: epd/lca/reference.py
pgettext('record', 'More of this lot was disposed of than was made. Check the kilograms.')
# Translators: epd/lca/rollup.py
pgettext('record', 'Record what the step used and emitted, with 0 where it was nothing: correct the step and add rows to its inventory. Without any row its figures would be 0 because nothing was said.')
# Translators: epd/lca/rollup.py
pgettext('record', 'A split or merge has no inventory: name its process, or take the rows out.')
# Translators: epd/lca/share_tables.py
pgettext('record', 'The table of {name} travels with the goods: ask the maker for it.')
# Translators: epd/lca/share_tables.py
pgettext('record', 'This is not the table of {name} that was signed.')
# Translators: epd/lca/site_year.py
pgettext('record', 'This is no step of the site in the period, or it was corrected since.')
# Translators: epd/lca/site_year.py
pgettext('record', 'The mass of a lot of the site is not open to you, so nothing can be computed.')
# Translators: epd/lca/systems.py
pgettext('record', 'No process makes {product}, which {user} uses. Add its producer, or take it out.')
# Translators: epd/lca/systems.py
pgettext('record', '{name} is in a loop of {count} processes. Up to {largest_loop} are solved.')
# Translators: epd/lca/systems.py
pgettext('record', '{name} and the others of its loop use exactly what they make, so nothing can be asked of them. Check their amounts.')
# Translators: epd/lca/systems.py
pgettext('record', '{name} and the others of its loop use more of their products than they make. Check their amounts.')
# Translators: epd/lca/systems.py
pgettext('record', 'No process makes {product}, which is asked for. Add its producer.')
# Translators: epd/lca/systems.py
pgettext('record', 'Give each process a name of its own.')
# Translators: epd/lca/systems.py
pgettext('record', '{product} is made by {name} and by {name_2}. Name a mix of the two as its one producer.')
# Translators: epd/lca/systems.py
pgettext('record', '{name} makes nothing of {product} over what it uses. Check its amounts.')
# Translators: epd/rules/comparable.py
pgettext('record', 'They follow different lists of rules.')
# Translators: epd/rules/comparable.py
pgettext('record', 'They were computed with different sets of factors.')
# Translators: epd/rules/comparable.py
pgettext('record', 'They were computed by different algorithms.')
# Translators: epd/rules/comparable.py
pgettext('record', 'They are of products of different stages.')
# Translators: epd/rules/comparable.py
pgettext('record', 'Some are illustrative and some are not.')
# Translators: epd/rules/declared.py
pgettext('record', 'The profile puts electricity in {upper}: compute the results again.')
# Translators: epd/rules/profiles.py
pgettext('record', 'Use one of these profiles: {profiles}.')
# Translators: epd/verifier/checks.py
pgettext('record', '{results} results compared. The figures of the lot are {words} ({listed}).')
# Translators: epd/verifier/checks.py
pgettext('record', 'A site over twelve months, lots: {lots}. The figures are {words}.')
# Translators: epd/verifier/checks.py
pgettext('record', 'Declared under {names}; thresholds and what is not declared follow from it.')
# Translators: epd/verifier/checks.py
pgettext('record', 'Its declarant withdrew this declaration.')
# Translators: epd/verifier/checks.py
pgettext('record', 'Another declaration took the place of this one.')
# Translators: epd/verifier/checks.py
pgettext('record', 'Declared figures')
# Translators: epd/verifier/checks.py
pgettext('record', 'Independent verification')
# Translators: epd/verifier/checks.py
pgettext('record', 'Product category rules')
# Translators: epd/verifier/checks.py
pgettext('record', 'No figures are stated for this lot.')
# Translators: epd/verifier/checks.py
pgettext('record', 'Only its maker states these figures; what they were computed from is withheld or was not recorded.')
# Translators: epd/verifier/checks.py
pgettext('record', 'What its {name} rest on is withheld in the results of its inputs, and nobody vouches for them.')
# Translators: epd/verifier/checks.py
pgettext('record', 'None is claimed.')
# Translators: epd/verifier/checks.py
pgettext('record', 'This version does not know the rules {profile}.')
# Translators: epd/verifier/checks.py
pgettext('record', 'What these figures were computed from was corrected since.')
# Translators: epd/verifier/checks.py
pgettext('record', 'What this declaration rests on was corrected since.')
# Translators: epd/verifier/checks.py
pgettext('record', 'These figures, or what they rest on, are withheld.')
# Translators: epd/verifier/factors.py
pgettext('record', 'Factors of a bundle are {factors, proof}.')
# Translators: epd/verifier/factors.py
pgettext('record', 'The proof is for other factors than those that are shown.')
# Translators: epd/verifier/factors.py
pgettext('record', 'These factors do not stand in the set that was signed.')
# Translators: epd/verifier/figures.py
pgettext('record', 'Of the result that this declaration repeats, these members are not shown here: {listed}.')
# Translators: epd/verifier/figures.py
pgettext('record', 'Your trust file does not list the publisher of these factors.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The figures are not those that the signed statements give: the maker signed a wrong number.')
# Translators: epd/verifier/figures.py
pgettext('record', 'Only the maker of a lot can declare it.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The figures of a result are per kilogram, and the declaration states another unit.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The declaration names another state of the lot than the one in which it was declared.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The reference that it cites is not in this bundle.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The declaration states other deviations from its reference than its figures give.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The result that this declaration repeats is not in this bundle, or it was corrected since.')
# Translators: epd/verifier/figures.py
pgettext('record', 'Its step has no inventory: what it adds is not recorded, so these figures leave it out. It is not 0.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The figures are withheld.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The result that is named for an input is that of another lot.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The result of an input is not shown, or was corrected.')
# Translators: epd/verifier/figures.py
pgettext('record', 'This version cannot apply the rules of this declaration to the result that it repeats.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The declaration states other figures than the result that it names.')
# Translators: epd/verifier/figures.py
pgettext('record', 'Values that the computation needs are withheld.')
# Translators: epd/verifier/figures.py
pgettext('record', 'The dispatched mass is withheld.')
# Translators: epd/verifier/references.py
pgettext('record', 'The figures are not those that the lots, meters, stock and prices of the period give.')
# Translators: epd/verifier/references.py
pgettext('record', 'These members are withheld: {withheld}.')
# Translators: epd/verifier/references.py
pgettext('record', 'What was metered of {row} and what the lots explain differ by more than 1 %{share}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Who stands behind the names is not established: your trust file lists no organisations.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'The log stood so at {as_of}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Recycled: {post_consumer} % post-consumer, {pre_consumer} % pre-consumer.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'You ask for at least {least} % recycled content.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Everything here follows from the bundle and your own files.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Same answer offline')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Bytes or signatures are wrong.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Declared until {ends}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'No end is declared.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Traced to a mine or to scrap: {covered} % of the rare earths.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Not all lots that went into it are told of.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Countries where it was {one}: {one_2}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'It is about what you bought.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Bytes and signatures')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Keys at the time of signing')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Known issuers')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Your own trust anchors')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Current version')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Within its validity')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Figures recompute')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Mass balance closes')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Complete back to the source')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Origin of each step')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Recycled content')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Third-party verification')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Method')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'What you bought')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Judged by your own policy and your own trust file.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Recomputed: {recomputed} % of the GWP.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Factors: {sets}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Allocation: {bases}, apart.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'You did not say what you bought.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Declared are {normalize} kg CO2e per kg ({basis}); you ask for at most {most}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Not looked at: bytes or signatures are wrong.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Your trust file names them.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Of {covered} % nobody proves where it is from.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'You bought {bought}, and the bundle does not show its {name}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'You bought {name} {bought}; this is {shown}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'GWP-GHG is not declared on the {basis} basis.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'The declaration ended on {ends}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'No step says where it was done.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'This version does not know the rule set {name}.')
# Translators: epd/verifier/sixteen.py
pgettext('record', 'Rule set {name} could not be asked.')
# Translators: epd/verifier/tables.py
pgettext('record', 'This is not the table that was signed.')
# Translators: epd/verifier/verification.py
pgettext('record', 'Nobody whom you accept but the declarant has signed. Without it this is not an EPD.')
# Translators: epd/verifier/verification.py
pgettext('record', 'Fewer stand behind these figures than your trust file asks for.')
# Translators: epd/verifier/verification.py
pgettext('record', 'Verified by {names}.')
# Translators: epd/verifier/verification.py
pgettext('record', 'Attested by {names}; no verifier has signed. Without one this is not an EPD.')
# Translators: epd/verifier/verification.py
pgettext('record', '{name} signed a verification. Independence and accreditation are its claims: you do not list it.')
# Translators: epd/verifier/verification.py
pgettext('record', '{name} registered it. That it operates a programme is its claim: you do not list it.')
# Translators: epd/verifier/verification.py
pgettext('record', 'No figures are stated that could be verified.')
# Translators: epd/verifier/verification.py
pgettext('record', '{capitalize} assurance by {listed}, until {body}.')
# Translators: epd/verifier/verification.py
pgettext('record', 'Registered by {by} as {body}, until {body_2}.')
# Translators: epd/verifier/verification.py
pgettext('record', 'The verification ended on {body}.')
# Translators: epd/verifier/verification.py
pgettext('record', 'The key that signed the verification was compromised then.')
# Translators: epd/verifier/verification.py
pgettext('record', '{name} itself made or handled lots behind these figures.')
# Translators: epd/verifier/verification.py
pgettext('record', 'The registration ended on {body}.')
# Translators: epd/selectors/declarations.py
pgettext('record', 'There is no declaration with this reference.')
# Translators: epd/selectors/verification.py
pgettext('record', 'Nobody verified this declaration.')
# Translators: epd/services/approvals.py
pgettext('record', 'Nobody else here may sign this. Ask an administrator to make a colleague an approver or administrator.')
# Translators: epd/services/approvals.py
pgettext('record', 'The figures changed since you opened this page. Read them as they are now.')
# Translators: epd/services/approvals.py
pgettext('record', 'It was signed, taken back or sent again since you opened this page.')
# Translators: epd/services/approvals.py
pgettext('record', 'It was sent back already.')
# Translators: epd/services/approvals.py
pgettext('record', 'You prepared this yourself. Another approver or administrator signs it.')
# Translators: epd/services/bundle_check.py
pgettext('record', 'There is no such lot with you. Ask its holder for the bundle, and send that.')
# Translators: epd/services/checks.py
pgettext('record', 'Leaf {index} of the log, under the checkpoint of size {size}.')
# Translators: epd/services/checks.py
pgettext('record', 'Every figure is, digit by digit, that of the signed result.')
# Translators: epd/services/checks.py
pgettext('record', 'No third party has verified the declaration: it is the word of its declarant.')
# Translators: epd/services/checks.py
pgettext('record', 'The declaration names another custody hash than yours: another lot, or the lot at another moment.')
# Translators: epd/services/checks.py
pgettext('record', 'Declared: {normalize} kg CO2e per kg (A1 to A3, {value}). You ask for at most {most}.')
# Translators: epd/services/checks.py
pgettext('record', 'Declared: {normalize} % of the rare earths, post- and pre-consumer. Asked: at least {least} %.')
# Translators: epd/services/checks.py
pgettext('record', 'The signature does not match the bytes of the declaration.')
# Translators: epd/services/checks.py
pgettext('record', "The key was the declarant's then. It is held by {held}.")
# Translators: epd/services/checks.py
pgettext('record', 'No published checkpoint covers the declaration yet. Ask again in a minute.')
# Translators: epd/services/checks.py
pgettext('record', 'Every figure follows, digit by digit, from the lots, meters, stock and prices of the period.')
# Translators: epd/services/checks.py
pgettext('record', 'Every step behind the figures has an inventory.')
# Translators: epd/services/checks.py
pgettext('record', '{name} signed a verification. Whether you accept it as independent is yours to say.')
# Translators: epd/services/checks.py
pgettext('record', '{attested} attestation(s) stand in the record. Whether you trust their authors is yours to say.')
# Translators: epd/services/checks.py
pgettext('record', 'The declaration does not state the recycled content.')
# Translators: epd/services/checks.py
pgettext('record', 'The signature matches the bytes of the declaration.')
# Translators: epd/services/checks.py
pgettext('record', "The key that signed was not the declarant's then.")
# Translators: epd/services/checks.py
pgettext('record', 'The key that signed was later called compromised.')
# Translators: epd/services/checks.py
pgettext('record', 'The log does not hold these bytes at their place.')
# Translators: epd/services/checks.py
pgettext('record', 'The signed result was corrected or withdrawn since: the figures are stale.')
# Translators: epd/services/checks.py
pgettext('record', 'The history has too many lots to check here. Verify the audit bundle offline.')
# Translators: epd/services/checks.py
pgettext('record', 'The declaration is neither withdrawn nor superseded.')
# Translators: epd/services/checks.py
pgettext('record', 'The declaration is about the lot with your custody hash.')
# Translators: epd/services/citing.py
pgettext('record', 'Cite a reference declaration of your own that is in force.')
# Translators: epd/services/citing.py
pgettext('record', 'Say why the figures are of a shorter time than twelve months.')
# Translators: epd/services/citing.py
pgettext('record', 'Cite the reference declaration of this product.')
# Translators: epd/services/citing.py
pgettext('record', 'Cite a reference under the same list of rules.')
# Translators: epd/services/citing.py
pgettext('record', 'A lot is valid no longer than the reference that it cites.')
# Translators: epd/services/citing.py
pgettext('record', 'These are not the deviations of the figures. Compute them again.')
# Translators: epd/services/citing.py
pgettext('record', 'The step that made this lot is not at hand.')
# Translators: epd/services/declarations.py
pgettext('record', 'EPD-style declaration, not verified')
# Translators: epd/services/declarations.py
pgettext('record', 'EPD-style declaration, not verified, illustrative figures')
# Translators: epd/services/declarations.py
pgettext('record', 'Declare under the name with which you are registered: {known}.')
# Translators: epd/services/declarations.py
pgettext('record', 'Declare under the country with which you are registered: {known}.')
# Translators: epd/services/declarations.py
pgettext('record', 'Compute and sign the result of this lot first.')
# Translators: epd/services/declarations.py
pgettext('record', 'The lot has a new head. Read it and declare again.')
# Translators: epd/services/declarations.py
pgettext('record', 'This day is over. Choose a later day.')
# Translators: epd/services/declarations.py
pgettext('record', 'There is no such result of this lot, or it was corrected.')
# Translators: epd/services/declarations.py
pgettext('record', 'The figures of a result are per kilogram: declare 1 kg.')
# Translators: epd/services/declarations.py
pgettext('record', 'Title it "{illustrative}".')
# Translators: epd/services/declarations.py
pgettext('record', 'Repeat the figures of the result, digit by digit.')
# Translators: epd/services/epd_check.py
pgettext('record', 'Bring the earlier declaration alone. This file holds several.')
# Translators: epd/services/exchange.py
pgettext('record', 'This installation prints no declarations.')
# Translators: epd/services/exchange.py
pgettext('record', 'No font here shows {letters}. Take the declaration in another format, or ask the operator of this server for a folder of fonts (LODESTONE_PDF_FONTS).')
# Translators: epd/services/exchange.py
pgettext('record', 'There is no such format.')
# Translators: epd/services/exchange.py
pgettext('record', 'This declaration was withdrawn, so its figures are not given on.')
# Translators: epd/services/factors.py
pgettext('record', 'No factor set was published yet. The operator publishes one first.')
# Translators: epd/services/factors.py
pgettext('record', 'No factor set with this digest was published here.')
# Translators: epd/services/history.py
pgettext('record', 'Each key was in force at the place in the log of what it signed.')
# Translators: epd/services/history.py
pgettext('record', 'The platform holds the keys of {platform} for the organisation.')
# Translators: epd/services/history.py
pgettext('record', 'No witness outside this server signs the checkpoints, so nobody else vouches for them.')
# Translators: epd/services/history.py
pgettext('record', 'Inclusion of {rows} recomputed against the checkpoint of size {size}.')
# Translators: epd/services/history.py
pgettext('record', '{number} confidential, each with its digest in the signed bytes. None is missing here.')
# Translators: epd/services/history.py
pgettext('record', '{number} in {steps} recomputed.')
# Translators: epd/services/history.py
pgettext('record', 'Recomputed in {unrecorded}, tier by tier. Equal to the claim.')
# Translators: epd/services/history.py
pgettext('record', 'Published {date}; neither withdrawn nor superseded.')
# Translators: epd/services/history.py
pgettext('record', '{wrong} not in force, {doubtful} later called compromised.')
# Translators: epd/services/history.py
pgettext('record', 'Identity')
# Translators: epd/services/history.py
pgettext('record', '{documents} named by digest. Their content is compared in the offline check.')
# Translators: epd/services/history.py
pgettext('record', '{wrong} not proven at their place in the log.')
# Translators: epd/services/history.py
pgettext('record', '{waiting} not under a checkpoint yet. Ask again in a minute.')
# Translators: epd/services/history.py
pgettext('record', 'Integrity')
# Translators: epd/services/history.py
pgettext('record', 'Every path ends at a mine or at collected scrap: {sources}.')
# Translators: epd/services/history.py
pgettext('record', '{unproven} without proven origin: bought elsewhere, or old stock.')
# Translators: epd/services/history.py
pgettext('record', '{lost} without anything that went into them.')
# Translators: epd/services/history.py
pgettext('record', '{open_} of {sent} dispatches are answered. {open__2} is not yet received.')
# Translators: epd/services/history.py
pgettext('record', 'Completeness')
# Translators: epd/services/history.py
pgettext('record', 'All {sent} dispatches are answered.')
# Translators: epd/services/history.py
pgettext('record', '{gone} of {number} erased for ever, or never given to this server.')
# Translators: epd/services/history.py
pgettext('record', 'Matter')
# Translators: epd/services/history.py
pgettext('record', '{said} Without it this is not an EPD.')
# Translators: epd/services/history.py
pgettext('record', '{published} But the maker has signed a newer result: the figures are stale.')
# Translators: epd/services/history.py
pgettext('record', 'Validity')
# Translators: epd/services/history.py
pgettext('record', 'All {rows} carry signatures that match their bytes and keys.')
# Translators: epd/services/history.py
pgettext('record', '{unsigned} of {rows} do not match.')
# Translators: epd/services/history.py
pgettext('record', '{issuers} registered before they signed.')
# Translators: epd/services/history.py
pgettext('record', '{late} by an issuer that had not registered.')
# Translators: epd/services/history.py
pgettext('record', 'signature')
# Translators: epd/services/history.py
pgettext('record', 'signatures')
# Translators: epd/services/history.py
pgettext('record', '{lots}, no gap in their statements, each names the one before.')
# Translators: epd/services/history.py
pgettext('record', '{broken} with a gap or a wrong hash.')
# Translators: epd/services/history.py
pgettext('record', 'statement')
# Translators: epd/services/history.py
pgettext('record', 'statements')
# Translators: epd/services/history.py
pgettext('record', 'Nothing changed hands.')
# Translators: epd/services/history.py
pgettext('record', 'value')
# Translators: epd/services/history.py
pgettext('record', 'values')
# Translators: epd/services/history.py
pgettext('record', 'balance')
# Translators: epd/services/history.py
pgettext('record', 'balances')
# Translators: epd/services/history.py
pgettext('record', 'step')
# Translators: epd/services/history.py
pgettext('record', 'steps')
# Translators: epd/services/history.py
pgettext('record', 'More comes out than went in: {created}.')
# Translators: epd/services/history.py
pgettext('record', 'The signed result was corrected since.')
# Translators: epd/services/history.py
pgettext('record', 'result')
# Translators: epd/services/history.py
pgettext('record', 'results')
# Translators: epd/services/history.py
pgettext('record', 'The figures repeat the signed result, but that cannot be recomputed from what it names.')
# Translators: epd/services/history.py
pgettext('record', 'key')
# Translators: epd/services/history.py
pgettext('record', 'keys')
# Translators: epd/services/history.py
pgettext('record', 'document')
# Translators: epd/services/history.py
pgettext('record', 'documents')
# Translators: epd/services/history.py
pgettext('record', 'No document is named.')
# Translators: epd/services/history.py
pgettext('record', 'source')
# Translators: epd/services/history.py
pgettext('record', 'sources')
# Translators: epd/services/history.py
pgettext('record', 'lot')
# Translators: epd/services/history.py
pgettext('record', 'lots')
# Translators: epd/services/history.py
pgettext('record', 'confidential value')
# Translators: epd/services/history.py
pgettext('record', 'confidential values')
# Translators: epd/services/history.py
pgettext('record', 'Not evaluated because an assay or a value is missing: {left}.')
# Translators: epd/services/history.py
pgettext('record', 'Recomputed from inventories and factors through every tier, equal to the last digit.')
# Translators: epd/services/history.py
pgettext('record', 'organisation')
# Translators: epd/services/history.py
pgettext('record', 'organisations')
# Translators: epd/services/history.py
pgettext('record', 'A difference beyond the uncertainty: {odd}; none creates matter.')
# Translators: epd/services/history.py
pgettext('record', 'None creates matter.')
# Translators: epd/services/people.py
pgettext('record', 'A person says this, so that it is known to be another one. Sign in and say it yourself.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'Your organisation wants an approver or administrator to sign. Tell one of them that it is ready.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'You typed this last. Another approver or administrator of your organisation signs it.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'There is no such draft. It was signed or thrown away.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'Choose the product and its site.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'Say what your customers call the product.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'It changed since you opened this page. Read it as it is now.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'Enter the first day of the twelve months.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'Enter the day until which it is valid.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'This is no number: {written}.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'A meter of the site has a name, a kind and a unit.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'A price has a currency, a day and a source.')
# Translators: epd/services/reference_drafts.py
pgettext('record', 'A reference was not computed.')
# Translators: epd/services/references.py
pgettext('record', 'A reference names at most {most} steps, and this site had {found} in the period.')
# Translators: epd/services/references.py
pgettext('record', 'The period is not over yet. Choose one that is.')
# Translators: epd/services/references.py
pgettext('record', 'A gap is above 1 %. Say where it is from.')
# Translators: epd/services/references.py
pgettext('record', 'A declaration is valid for at most five years.')
# Translators: epd/services/references.py
pgettext('record', 'Name every step of the site in the period: {missing} are left out.')
# Translators: epd/services/references.py
pgettext('record', 'Name the steps in ascending order.')
# Translators: epd/services/references.py
pgettext('record', 'Name the algorithms of this release.')
# Translators: epd/services/references.py
pgettext('record', 'Name the results of the lots of the period alone.')
# Translators: epd/services/references.py
pgettext('record', 'This is not what the record and the meters give. Compute it again.')
# Translators: epd/services/results.py
pgettext('record', 'Only the maker of a lot states its result.')
# Translators: epd/services/results.py
pgettext('record', 'There is no such result of an input, or it was corrected.')
# Translators: epd/services/results.py
pgettext('record', 'The maker of {lot} keeps its result closed. Ask him to open it to you.')
# Translators: epd/services/results.py
pgettext('record', 'This is not what the signed statements give. Compute it again.')
# Translators: epd/services/standing.py
pgettext('record', 'EPD-style declaration, verified, not registered')
# Translators: epd/services/standing.py
pgettext('record', 'Environmental declaration, verified and registered')
# Translators: epd/services/standing.py
pgettext('record', 'EPD-style declaration, verified, illustrative figures')
# Translators: epd/services/standing.py
pgettext('record', 'Verified by {name}, until {isoformat}.')
# Translators: epd/services/standing.py
pgettext('record', '{said} That they are independent and accredited is their claim.')
# Translators: epd/services/unrecorded.py
pgettext('record', 'A step behind these figures has no inventory: what it adds is not recorded, so they leave it out. It is not 0.')
# Translators: epd/services/verification.py
pgettext('record', 'Write what you mean, in at most {longest_remark} characters.')
# Translators: epd/services/verification.py
pgettext('record', 'There is no such remark of yours.')
# Translators: epd/services/verification.py
pgettext('record', 'You gave this number to another declaration already.')
pgettext('record', 'Andorra')
pgettext('record', 'United Arab Emirates')
pgettext('record', 'Afghanistan')
pgettext('record', 'Antigua and Barbuda')
pgettext('record', 'Anguilla')
pgettext('record', 'Albania')
pgettext('record', 'Armenia')
pgettext('record', 'Angola')
pgettext('record', 'Antarctica')
pgettext('record', 'Argentina')
pgettext('record', 'American Samoa')
pgettext('record', 'Austria')
pgettext('record', 'Australia')
pgettext('record', 'Aruba')
pgettext('record', 'Åland Islands')
pgettext('record', 'Azerbaijan')
pgettext('record', 'Bosnia and Herzegovina')
pgettext('record', 'Barbados')
pgettext('record', 'Bangladesh')
pgettext('record', 'Belgium')
pgettext('record', 'Burkina Faso')
pgettext('record', 'Bulgaria')
pgettext('record', 'Bahrain')
pgettext('record', 'Burundi')
pgettext('record', 'Benin')
pgettext('record', 'Saint Barthélemy')
pgettext('record', 'Bermuda')
pgettext('record', 'Brunei')
pgettext('record', 'Bolivia')
pgettext('record', 'Bonaire, Sint Eustatius and Saba')
pgettext('record', 'Brazil')
pgettext('record', 'Bahamas')
pgettext('record', 'Bhutan')
pgettext('record', 'Bouvet Island')
pgettext('record', 'Botswana')
pgettext('record', 'Belarus')
pgettext('record', 'Belize')
pgettext('record', 'Canada')
pgettext('record', 'Cocos (Keeling) Islands')
pgettext('record', 'Democratic Republic of the Congo')
pgettext('record', 'Central African Republic')
pgettext('record', 'Congo')
pgettext('record', 'Switzerland')
pgettext('record', "Côte d'Ivoire")
pgettext('record', 'Cook Islands')
pgettext('record', 'Chile')
pgettext('record', 'Cameroon')
pgettext('record', 'China')
pgettext('record', 'Colombia')
pgettext('record', 'Costa Rica')
pgettext('record', 'Cuba')
pgettext('record', 'Cabo Verde')
pgettext('record', 'Curaçao')
pgettext('record', 'Christmas Island')
pgettext('record', 'Cyprus')
pgettext('record', 'Czechia')
pgettext('record', 'Germany')
pgettext('record', 'Djibouti')
pgettext('record', 'Denmark')
pgettext('record', 'Dominica')
pgettext('record', 'Dominican Republic')
pgettext('record', 'Algeria')
pgettext('record', 'Ecuador')
pgettext('record', 'Estonia')
pgettext('record', 'Egypt')
pgettext('record', 'Western Sahara')
pgettext('record', 'Eritrea')
pgettext('record', 'Spain')
pgettext('record', 'Ethiopia')
pgettext('record', 'Finland')
pgettext('record', 'Fiji')
pgettext('record', 'Falkland Islands')
pgettext('record', 'Micronesia')
pgettext('record', 'Faroe Islands')
pgettext('record', 'France')
pgettext('record', 'Gabon')
pgettext('record', 'United Kingdom')
pgettext('record', 'Grenada')
pgettext('record', 'Georgia')
pgettext('record', 'French Guiana')
pgettext('record', 'Guernsey')
pgettext('record', 'Ghana')
pgettext('record', 'Gibraltar')
pgettext('record', 'Greenland')
pgettext('record', 'Gambia')
pgettext('record', 'Guinea')
pgettext('record', 'Guadeloupe')
pgettext('record', 'Equatorial Guinea')
pgettext('record', 'Greece')
pgettext('record', 'South Georgia and the South Sandwich Islands')
pgettext('record', 'Guatemala')
pgettext('record', 'Guam')
pgettext('record', 'Guinea-Bissau')
pgettext('record', 'Guyana')
pgettext('record', 'Hong Kong')
pgettext('record', 'Heard Island and McDonald Islands')
pgettext('record', 'Honduras')
pgettext('record', 'Croatia')
pgettext('record', 'Haiti')
pgettext('record', 'Hungary')
pgettext('record', 'Indonesia')
pgettext('record', 'Ireland')
pgettext('record', 'Israel')
pgettext('record', 'Isle of Man')
pgettext('record', 'India')
pgettext('record', 'British Indian Ocean Territory')
pgettext('record', 'Iraq')
pgettext('record', 'Iran')
pgettext('record', 'Iceland')
pgettext('record', 'Italy')
pgettext('record', 'Jersey')
pgettext('record', 'Jamaica')
pgettext('record', 'Jordan')
pgettext('record', 'Japan')
pgettext('record', 'Kenya')
pgettext('record', 'Kyrgyzstan')
pgettext('record', 'Cambodia')
pgettext('record', 'Kiribati')
pgettext('record', 'Comoros')
pgettext('record', 'Saint Kitts and Nevis')
pgettext('record', 'North Korea')
pgettext('record', 'South Korea')
pgettext('record', 'Kuwait')
pgettext('record', 'Cayman Islands')
pgettext('record', 'Kazakhstan')
pgettext('record', 'Laos')
pgettext('record', 'Lebanon')
pgettext('record', 'Saint Lucia')
pgettext('record', 'Liechtenstein')
pgettext('record', 'Sri Lanka')
pgettext('record', 'Liberia')
pgettext('record', 'Lesotho')
pgettext('record', 'Lithuania')
pgettext('record', 'Luxembourg')
pgettext('record', 'Latvia')
pgettext('record', 'Libya')
pgettext('record', 'Morocco')
pgettext('record', 'Monaco')
pgettext('record', 'Moldova')
pgettext('record', 'Montenegro')
pgettext('record', 'Saint Martin')
pgettext('record', 'Madagascar')
pgettext('record', 'Marshall Islands')
pgettext('record', 'North Macedonia')
pgettext('record', 'Mali')
pgettext('record', 'Myanmar')
pgettext('record', 'Mongolia')
pgettext('record', 'Macao')
pgettext('record', 'Northern Mariana Islands')
pgettext('record', 'Martinique')
pgettext('record', 'Mauritania')
pgettext('record', 'Montserrat')
pgettext('record', 'Malta')
pgettext('record', 'Mauritius')
pgettext('record', 'Maldives')
pgettext('record', 'Malawi')
pgettext('record', 'Mexico')
pgettext('record', 'Malaysia')
pgettext('record', 'Mozambique')
pgettext('record', 'Namibia')
pgettext('record', 'New Caledonia')
pgettext('record', 'Niger')
pgettext('record', 'Norfolk Island')
pgettext('record', 'Nigeria')
pgettext('record', 'Nicaragua')
pgettext('record', 'Netherlands')
pgettext('record', 'Norway')
pgettext('record', 'Nepal')
pgettext('record', 'Nauru')
pgettext('record', 'Niue')
pgettext('record', 'New Zealand')
pgettext('record', 'Oman')
pgettext('record', 'Panama')
pgettext('record', 'Peru')
pgettext('record', 'French Polynesia')
pgettext('record', 'Papua New Guinea')
pgettext('record', 'Philippines')
pgettext('record', 'Pakistan')
pgettext('record', 'Poland')
pgettext('record', 'Saint Pierre and Miquelon')
pgettext('record', 'Pitcairn')
pgettext('record', 'Puerto Rico')
pgettext('record', 'Palestine')
pgettext('record', 'Portugal')
pgettext('record', 'Palau')
pgettext('record', 'Paraguay')
pgettext('record', 'Qatar')
pgettext('record', 'Réunion')
pgettext('record', 'Romania')
pgettext('record', 'Serbia')
pgettext('record', 'Russia')
pgettext('record', 'Rwanda')
pgettext('record', 'Saudi Arabia')
pgettext('record', 'Solomon Islands')
pgettext('record', 'Seychelles')
pgettext('record', 'Sudan')
pgettext('record', 'Sweden')
pgettext('record', 'Singapore')
pgettext('record', 'Saint Helena')
pgettext('record', 'Slovenia')
pgettext('record', 'Svalbard and Jan Mayen')
pgettext('record', 'Slovakia')
pgettext('record', 'Sierra Leone')
pgettext('record', 'San Marino')
pgettext('record', 'Senegal')
pgettext('record', 'Somalia')
pgettext('record', 'Suriname')
pgettext('record', 'South Sudan')
pgettext('record', 'Sao Tome and Principe')
pgettext('record', 'El Salvador')
pgettext('record', 'Sint Maarten')
pgettext('record', 'Syria')
pgettext('record', 'Eswatini')
pgettext('record', 'Turks and Caicos Islands')
pgettext('record', 'Chad')
pgettext('record', 'French Southern Territories')
pgettext('record', 'Togo')
pgettext('record', 'Thailand')
pgettext('record', 'Tajikistan')
pgettext('record', 'Tokelau')
pgettext('record', 'Timor-Leste')
pgettext('record', 'Turkmenistan')
pgettext('record', 'Tunisia')
pgettext('record', 'Tonga')
pgettext('record', 'Türkiye')
pgettext('record', 'Trinidad and Tobago')
pgettext('record', 'Tuvalu')
pgettext('record', 'Taiwan')
pgettext('record', 'Tanzania')
pgettext('record', 'Ukraine')
pgettext('record', 'Uganda')
pgettext('record', 'United States Minor Outlying Islands')
pgettext('record', 'United States')
pgettext('record', 'Uruguay')
pgettext('record', 'Uzbekistan')
pgettext('record', 'Vatican City')
pgettext('record', 'Saint Vincent and the Grenadines')
pgettext('record', 'Venezuela')
pgettext('record', 'British Virgin Islands')
pgettext('record', 'US Virgin Islands')
pgettext('record', 'Vietnam')
pgettext('record', 'Vanuatu')
pgettext('record', 'Wallis and Futuna')
pgettext('record', 'Samoa')
pgettext('record', 'Yemen')
pgettext('record', 'Mayotte')
pgettext('record', 'South Africa')
pgettext('record', 'Zambia')
pgettext('record', 'Zimbabwe')
pgettext('record', 'scandium')
pgettext('record', 'yttrium')
pgettext('record', 'lanthanum')
pgettext('record', 'cerium')
pgettext('record', 'praseodymium')
pgettext('record', 'neodymium')
pgettext('record', 'samarium')
pgettext('record', 'europium')
pgettext('record', 'gadolinium')
pgettext('record', 'terbium')
pgettext('record', 'dysprosium')
pgettext('record', 'holmium')
pgettext('record', 'erbium')
pgettext('record', 'thulium')
pgettext('record', 'ytterbium')
pgettext('record', 'lutetium')
pgettext('record', 'aluminium')
pgettext('record', 'boron')
pgettext('record', 'carbon')
pgettext('record', 'cobalt')
pgettext('record', 'chromium')
pgettext('record', 'copper')
pgettext('record', 'iron')
pgettext('record', 'gallium')
pgettext('record', 'manganese')
pgettext('record', 'molybdenum')
pgettext('record', 'niobium')
pgettext('record', 'nickel')
pgettext('record', 'silicon')
pgettext('record', 'titanium')
pgettext('record', 'vanadium')
pgettext('record', 'tungsten')
pgettext('record', 'zirconium')
pgettext('record', 'Account')
pgettext('record', 'Accreditation')
pgettext('record', 'Address')
pgettext('record', 'Algorithms')
pgettext('record', 'Allocation')
pgettext('record', 'Amount')
pgettext('record', 'Amount kg')
pgettext('record', 'Answer')
pgettext('record', 'Apportionment')
pgettext('record', 'Approved by')
pgettext('record', 'As')
pgettext('record', 'Asks')
pgettext('record', 'Assay')
pgettext('record', 'Attestation')
pgettext('record', 'Bases')
pgettext('record', 'Basis')
pgettext('record', 'Body')
pgettext('record', 'Bundle')
pgettext('record', 'By')
pgettext('record', 'By cause')
pgettext('record', 'By country')
pgettext('record', 'Bytes')
pgettext('record', 'Cause')
pgettext('record', 'Causes')
pgettext('record', 'Certifier')
pgettext('record', 'Change')
pgettext('record', 'Change kg')
pgettext('record', 'Characteristic')
pgettext('record', 'Checked')
pgettext('record', 'Choice')
pgettext('record', 'Claim')
pgettext('record', 'Claimant')
pgettext('record', 'Class')
pgettext('record', 'Classes')
pgettext('record', 'Closed')
pgettext('record', 'Closed row')
pgettext('record', 'Closing')
pgettext('record', 'Closing kg')
pgettext('record', 'Compartment')
pgettext('record', 'Compromised from index')
pgettext('record', 'Computed from')
pgettext('record', 'Concentration')
pgettext('record', 'Content')
pgettext('record', 'Content kg')
pgettext('record', 'Content pct')
pgettext('record', 'Conversion factor')
pgettext('record', 'Count')
pgettext('record', 'Countries')
pgettext('record', 'Country')
pgettext('record', 'Credit')
pgettext('record', 'Currency')
pgettext('record', 'Custody')
pgettext('record', 'Custody hash')
pgettext('record', 'Custody model')
pgettext('record', 'Date')
pgettext('record', 'Declarant')
pgettext('record', 'Declaration')
pgettext('record', 'Declared unit')
pgettext('record', 'Deviation')
pgettext('record', 'Deviations')
pgettext('record', 'Difference')
pgettext('record', 'Dispatch')
pgettext('record', 'Disposals')
pgettext('record', 'Disposed')
pgettext('record', 'Disposed kg')
pgettext('record', 'Distance')
pgettext('record', 'Distance km')
pgettext('record', 'Domain')
pgettext('record', 'Electricity module')
pgettext('record', 'Element')
pgettext('record', 'Elements')
pgettext('record', 'Energy covered')
pgettext('record', 'Energy covered mj')
pgettext('record', 'Energy total')
pgettext('record', 'Energy total mj')
pgettext('record', 'Entered by')
pgettext('record', 'Evidence')
pgettext('record', 'Exclusions')
pgettext('record', 'Explanation')
pgettext('record', 'Ext')
pgettext('record', 'Facility')
pgettext('record', 'Factor')
pgettext('record', 'Factors')
pgettext('record', 'Finding')
pgettext('record', 'Flags')
pgettext('record', 'Flow')
pgettext('record', 'From')
pgettext('record', 'Gap energy')
pgettext('record', 'Gap mass')
pgettext('record', 'Gaps')
pgettext('record', 'Ge')
pgettext('record', 'Id')
pgettext('record', 'Illustrative')
pgettext('record', 'In progress')
pgettext('record', 'Indicator')
pgettext('record', 'Indicators')
pgettext('record', 'Inputs')
pgettext('record', 'Inventory')
pgettext('record', 'Justification')
pgettext('record', 'Key')
pgettext('record', 'Kg')
pgettext('record', 'Kind')
pgettext('record', 'Laboratory')
pgettext('record', 'Latitude')
pgettext('record', 'Latitude deg')
pgettext('record', 'Legs')
pgettext('record', 'Level')
pgettext('record', 'Log')
pgettext('record', 'Longitude')
pgettext('record', 'Longitude deg')
pgettext('record', 'Losses')
pgettext('record', 'Lot')
pgettext('record', 'Lot number')
pgettext('record', 'Lots')
pgettext('record', 'Made')
pgettext('record', 'Made kg')
pgettext('record', 'Made lots')
pgettext('record', 'Made on')
pgettext('record', 'Mass')
pgettext('record', 'Mass covered')
pgettext('record', 'Mass covered kg')
pgettext('record', 'Mass kg')
pgettext('record', 'Mass total')
pgettext('record', 'Mass total kg')
pgettext('record', 'Material')
pgettext('record', 'Materials in')
pgettext('record', 'Materials out')
pgettext('record', 'Media type')
pgettext('record', 'Metered')
pgettext('record', 'Meters')
pgettext('record', 'Method')
pgettext('record', 'Missing')
pgettext('record', 'Missing upstream')
pgettext('record', 'Mode')
pgettext('record', 'Model')
pgettext('record', 'Moisture')
pgettext('record', 'Moisture pct')
pgettext('record', 'Name')
pgettext('record', 'Newest')
pgettext('record', 'Not declared')
pgettext('record', 'Note')
pgettext('record', 'Number')
pgettext('record', 'Occurred from')
pgettext('record', 'Occurred to')
pgettext('record', 'Opening')
pgettext('record', 'Opening kg')
pgettext('record', 'Operator recovery')
pgettext('record', 'Opinion')
pgettext('record', 'Organisation')
pgettext('record', 'Origin')
pgettext('record', 'Outputs')
pgettext('record', 'Overhead')
pgettext('record', 'Packaging')
pgettext('record', 'Packaging kg')
pgettext('record', 'Partial')
pgettext('record', 'Pcr')
pgettext('record', 'Per')
pgettext('record', 'Per kg')
pgettext('record', 'Period')
pgettext('record', 'Period months')
pgettext('record', 'Point')
pgettext('record', 'Points')
pgettext('record', 'Post consumer')
pgettext('record', 'Pre consumer')
pgettext('record', 'Price')
pgettext('record', 'Primary')
pgettext('record', 'Process')
pgettext('record', 'Processes')
pgettext('record', 'Product')
pgettext('record', 'Products')
pgettext('record', 'Profile')
pgettext('record', 'Programme')
pgettext('record', 'Public key')
pgettext('record', 'Publication')
pgettext('record', 'Published')
pgettext('record', 'Quality')
pgettext('record', 'Reason')
pgettext('record', 'Receipts')
pgettext('record', 'Recovery public key')
pgettext('record', 'Recycled')
pgettext('record', 'Reference')
pgettext('record', 'Region')
pgettext('record', 'Registered by')
pgettext('record', 'Renews')
pgettext('record', 'Replaces')
pgettext('record', 'Report')
pgettext('record', 'Rest')
pgettext('record', 'Result')
pgettext('record', 'Results')
pgettext('record', 'Role')
pgettext('record', 'Roles')
pgettext('record', 'Root')
pgettext('record', 'Route')
pgettext('record', 'Rows')
pgettext('record', 'Sampled')
pgettext('record', 'Scope')
pgettext('record', 'Sdev rel')
pgettext('record', 'Sdev rel pct')
pgettext('record', 'Second hand')
pgettext('record', 'Sensitivities')
pgettext('record', 'Sha256')
pgettext('record', 'Share')
pgettext('record', 'Shares')
pgettext('record', 'Shipped')
pgettext('record', 'Shipped kg')
pgettext('record', 'Size')
pgettext('record', 'Source')
pgettext('record', 'Sources')
pgettext('record', 'Species')
pgettext('record', 'Stage')
pgettext('record', 'Standard')
pgettext('record', 'Standards')
pgettext('record', 'Stated')
pgettext('record', 'Statement')
pgettext('record', 'Statements')
pgettext('record', 'Step')
pgettext('record', 'Stock')
pgettext('record', 'Stock gap')
pgettext('record', 'Subject')
pgettext('record', 'Successor')
pgettext('record', 'Supplier')
pgettext('record', 'Te')
pgettext('record', 'Text')
pgettext('record', 'Ti')
pgettext('record', 'Title')
pgettext('record', 'To')
pgettext('record', 'Tolerance')
pgettext('record', 'Tolerance pct')
pgettext('record', 'Totals')
pgettext('record', 'Treo')
pgettext('record', 'Unit')
pgettext('record', 'Utc offset')
pgettext('record', 'Valid from')
pgettext('record', 'Valid until')
pgettext('record', 'Value per')
pgettext('record', 'Value per kg')
pgettext('record', 'Verification')
pgettext('record', 'Verified by')
pgettext('record', 'Version')
pgettext('record', 'Vintage')
pgettext('record', 'Vintages')
pgettext('record', 'Voids')
pgettext('record', 'Weighed mass')
pgettext('record', 'Weighed mass kg')
pgettext('record', 'Weight')
pgettext('record', 'Wet mass')
pgettext('record', 'Wet mass kg')
pgettext('record', 'Worse by tenth')
pgettext('record', 'Remark')
pgettext('record', 'Lot number')
pgettext('record', 'Material')
pgettext('record', 'Stage')
pgettext('record', 'Dry mass')
pgettext('record', 'Wet mass')
pgettext('record', 'Moisture')
pgettext('record', 'Origin')
pgettext('record', 'Country')
pgettext('record', 'Supplier outside this record')
pgettext('record', 'Facility')
pgettext('record', 'When it began')
pgettext('record', 'When it ended')
pgettext('record', 'Clock, as offset from UTC')
pgettext('record', 'Chain of custody')
pgettext('record', 'The contents are per cent of')
pgettext('record', 'Rare-earth oxides in all')
pgettext('record', 'Laboratory')
pgettext('record', 'Number of the report')
pgettext('record', 'Method')
pgettext('record', 'Documents')
pgettext('record', 'Energy, reagent, emission or water')
pgettext('record', 'Role of the flow')
pgettext('record', 'Amount of the flow')
pgettext('record', 'Unit of the amount')
pgettext('record', 'How it is known')
pgettext('record', 'Factors of the flow')
pgettext('record', 'Compartment')
pgettext('record', 'Concentration')
pgettext('record', 'By what it was apportioned')
pgettext('record', 'Over which period')
pgettext('record', 'What is left out')
pgettext('record', 'Why it is left out')
pgettext('record', 'Step')
pgettext('record', 'What was done')
pgettext('record', 'Input lot')
pgettext('record', 'Draw')
pgettext('record', 'What it is to you')
pgettext('record', 'Price per kg')
pgettext('record', 'Currency')
pgettext('record', 'Period of the price')
pgettext('record', 'Day of the price')
pgettext('record', 'Source of the price')
pgettext('record', 'What was lost')
pgettext('record', 'Mass lost')
pgettext('record', 'Element in process')
pgettext('record', 'Left in process')
pgettext('record', 'Lot that is split')
pgettext('record', 'Lot number of the part')
pgettext('record', 'Dry mass of the part')
pgettext('record', 'When')
pgettext('record', 'Lot number of the whole')
pgettext('record', 'Lot that goes in')
pgettext('record', 'Lot')
pgettext('record', 'To whom')
pgettext('record', 'Dry mass handed over')
pgettext('record', 'Tolerance of the weighing')
pgettext('record', 'Reference')
pgettext('record', 'Country to which the goods go')
pgettext('record', 'HS code')
pgettext('record', 'Category of the export licence')
pgettext('record', 'Number of the export licence')
pgettext('record', 'Authority of the export licence')
pgettext('record', 'Export licence valid from')
pgettext('record', 'Export licence valid until')
pgettext('record', 'Quota of the export licence')
pgettext('record', 'Dry mass weighed')
pgettext('record', 'Wet mass weighed')
pgettext('record', 'Is it within the tolerance of the dispatch?')
pgettext('record', 'Packaging')
pgettext('record', 'Transport by')
pgettext('record', 'Distance')
pgettext('record', 'Factors of the transport')
pgettext('record', 'mined')
pgettext('record', 'separated')
pgettext('record', 'refined')
pgettext('record', 'melted')
pgettext('record', 'produced')
pgettext('record', 'ores and concentrates')
pgettext('record', 'rare-earth metals')
pgettext('record', 'cerium compounds')
pgettext('record', 'other rare-earth compounds')
pgettext('record', 'mixtures')
pgettext('record', 'other ferro-alloys')
pgettext('record', 'other cast articles of iron or steel')
pgettext('record', 'permanent magnets of metal')
pgettext('record', 'other permanent magnets')
pgettext('record', 'US defence procurement: magnets from covered countries (DFARS 252.225-7052)')
pgettext('record', 'DFARS 7052')
pgettext('record', 'Neodymium and samarium-cobalt magnets for the US Department of Defense must not go through named steps in a covered country.')
pgettext('record', 'Whether the item is an off-the-shelf item, and whether it is exempt.')
pgettext('record', 'Whether an exception applies, such as that for recycled magnets milled and sintered in the United States.')
pgettext('record', 'Where recycled material was mined the first time: it counts as recycled and is shown apart.')
pgettext('record', 'Until the end of 2026 melting and every later step of making the magnet count.')
pgettext('record', 'From 2027 mining, refining and separating count too.')
pgettext('record', 'OECD due diligence: red flags of conflict-affected and high-risk areas')
pgettext('record', 'OECD')
pgettext('record', 'Where matter was mined or handled in a country with conflict-affected or high-risk areas, or its origin is not proven, a buyer looks more closely.')
pgettext('record', 'Whether the mine lies in such an area of its country.')
pgettext('record', 'Owners of mines and traders.')
pgettext('record', 'A red flag is a reason to look, not a finding against anybody.')
pgettext('record', 'ISO 22095: the chain-of-custody model only becomes weaker')
pgettext('record', 'ISO 22095')
pgettext('record', 'A step may keep the model of what went in or take a weaker one, in the order identity preserved, segregated, controlled blending, mass balance; never a stronger one. Identity preserved means one source.')
pgettext('record', 'Whether a site works as it says: that needs an audit of the site.')
pgettext('record', 'Claims from mass balance accounts and book and claim: they are no part of what a lot holds, and stand apart with their accounts.')
pgettext('record', 'The models are claims of the makers. Shares of origin and recycled content rest on masses, not on them.')
pgettext('record', 'EU Critical Raw Materials Act: dependence on one country (65 %)')
pgettext('record', 'CRMA 65 %')
pgettext('record', 'An indicator. The 65 % are a benchmark of the Union for 2030, not a limit for a lot or a company.')
pgettext('record', 'Anything about a single lot: it is shown so that a buyer can add up what he buys.')
pgettext('record', 'A benchmark of the Union, not a limit for a lot.')
pgettext('record', 'EU Critical Raw Materials Act, article 29: recycled content of magnets')
pgettext('record', 'CRMA 29')
pgettext('record', 'The share recovered from post-consumer waste is stated for each of eight elements. The pre-consumer share that COM(2025) 946 would add stands beside it.')
pgettext('record', 'Whether the magnets of the product weigh more than 0.2 kg in all.')
pgettext('record', 'Least shares: none are set yet.')
pgettext('record', 'Not before 2027-05-24: the answer says what can be stated already.')
pgettext('record', 'Applies two years after a delegated act whose adoption is not confirmed.')
pgettext('record', 'EU Critical Raw Materials Act, article 28: the sheet of the data carrier')
pgettext('record', 'CRMA 28')
pgettext('record', 'Products with permanent magnets carry a label and a data carrier: who is responsible, which magnets, how heavy, of what, how coated, how taken out.')
pgettext('record', 'Whether the product is one of those that the article names.')
pgettext('record', 'What the product around the magnet is: its responsible person states the rest of the sheet.')
pgettext('record', 'Not before 2027-05-24: the answer says what is there already.')
pgettext('record', 'Applies two years after an implementing act whose adoption is not confirmed.')
pgettext('record', 'China: export of rare-earth technology (MOFCOM 62/2025)')
pgettext('record', 'MOFCOM 62')
pgettext('record', 'Technology of mining, separating, metal and magnet making and recycling leaves China with a licence only.')
pgettext('record', 'Everything: it is about technology, and no statement on a lot answers it.')
pgettext('record', 'Suspended from 2025-11-07 until 2026-11-10.')
pgettext('record', 'Status unknown since 2026-11-10: the answer says what would follow if it were in force.')
pgettext('record', 'China: goods made abroad with Chinese rare earths (MOFCOM 61/2025)')
pgettext('record', 'MOFCOM 61')
pgettext('record', 'Goods made outside China are controlled where listed items of Chinese origin are at least 0.1 % of their value, or Chinese technology made them.')
pgettext('record', 'Whether the measure came back after 2026-11-10: nothing was found about it.')
pgettext('record', 'Whether Chinese technology was used: the record does not say by whose technology a step was made.')
pgettext('record', 'China: export control of five more rare earths (MOFCOM 57/2025)')
pgettext('record', 'MOFCOM 57')
pgettext('record', 'Adds holmium, erbium, thulium, europium and ytterbium to what leaves China with an export licence only.')
pgettext('record', 'China: export control of seven medium and heavy rare earths (MOFCOM and GACC 18/2025)')
pgettext('record', 'MOFCOM 18')
pgettext('record', 'Metals, alloys, targets, magnet material, oxides and compounds of seven rare earths leave China with an export licence only.')
pgettext('record', 'Whether the licence is genuine: what the sender states is shown, not checked with the authority.')
pgettext('record', 'End use and end user.')
pgettext('record', 'Not part of the suspension of November 2025.')

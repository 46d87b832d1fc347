"""An archive of 1,000 declarations as background data: time, and memory that does not grow with their number."""

import json
import tracemalloc
import zipfile
from dataclasses import replace
from io import BytesIO
from time import process_time
from uuid import uuid4

from epd.documents.background import Terms, background_of
from epd.formats.ilcd_zip import stream_archive
from epd.formats.write_ilcd import Writing
from epd.formats.write_ilcd_zip import write_archive
from tests.documents.samples import TODAY, openepd, read

WRITING = Writing("2026-11-21T00:00:00+00:00")


def archive(count: int) -> BytesIO:
    """An archive of this many data sets, each with a flow of its own."""
    first = read(json.dumps(openepd()).encode())
    found = BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(count):
            one = write_archive(replace(first, uuid=str(uuid4()), name=f"Alloy {number}"), WRITING)
            with zipfile.ZipFile(BytesIO(one)) as parts:
                for name in set(parts.namelist()) - seen:
                    packed.writestr(name, parts.read(name))
                    seen.add(name)
    found.seek(0)
    return found


def measured(count: int) -> tuple[float, float]:
    """CPU seconds and the peak of memory in MiB to read all of them, of which only the last is kept."""
    opened = archive(count)
    begun = process_time()
    for document in stream_archive(opened):
        assert background_of(document, Terms(licence="x"), TODAY, "sha256:00").body
    spent = process_time() - begun
    opened.seek(0)
    tracemalloc.start()
    for document in stream_archive(opened):
        assert document.results
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return spent, peak


def test_memory_does_not_grow_with_the_data_sets() -> None:
    few, many = measured(100), measured(1_000)
    print(f"\n  100: {few[0]:.1f} s, {few[1]:.1f} MiB; 1,000: {many[0]:.1f} s, {many[1]:.1f} MiB, "
          f"{many[1] / few[1]:.2f} times the memory for 10 times the data sets")  # fmt: skip
    assert many[1] < few[1] * 2 + 4

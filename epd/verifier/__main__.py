"""The auditor's program: the checks of both applications, joined. Entry point of lodestone-verify.pyz."""

import gc
import sys

from epd.verifier.checks import ALL_CHECKS
from epd.verifier.sixteen import answers
from traceability.verifier.command import main

if __name__ == "__main__":
    gc.disable()  # what is read stays until the end, and looking it through again and again costs a tenth of the time
    sys.exit(main(sys.argv[1:], ALL_CHECKS, answers))

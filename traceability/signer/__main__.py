"""Entry point of lodestone-sign.pyz."""

import sys

from traceability.signer.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

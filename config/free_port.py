"""Whether the address of the demonstration is free, asked before anything is loaded: `python -m config.free_port`."""

import os
import socket
import sys


def main() -> None:
    """Ends with one sentence when LODESTONE_BIND, as 127.0.0.1:8000, cannot be listened on."""
    host, _, port = os.environ["LODESTONE_BIND"].rpartition(":")
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what a stopped server left does not count
        try:
            one.bind((host, int(port)))
        except (OSError, OverflowError, ValueError):
            sys.exit(f"Port {port} is taken or cannot be used: stop what listens there, or choose another: "
                     "make run PORT=8001")  # fmt: skip


if __name__ == "__main__":
    main()

"""python -m adapters.stripe_stand_in --port 8310 --webhook http://127.0.0.1:8000/stripe/webhook --secret whsec_…"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from adapters.stripe_stand_in.account import Account
from adapters.stripe_stand_in.server import Server


def main() -> None:
    """Serves until it is stopped. The first line on the output says at which address."""
    logging.basicConfig(format="%(message)s")
    wishes = _wishes()
    account = Account(webhook=wishes.webhook, secret=wishes.secret, store=wishes.store)
    try:
        server = Server(account, wishes.port)
    except OSError as taken:
        raise SystemExit(f"Port {wishes.port}: {taken.strerror}") from None
    print(f"Stripe stand-in, no real money: {account.base}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _wishes() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m adapters.stripe_stand_in", description="A stand-in for Stripe")
    reader.add_argument("--port", type=int, default=8310, help="of 127.0.0.1; 0 takes a free one")
    reader.add_argument("--webhook", default="", help="address of the shop's webhook; without one nothing is sent")
    reader.add_argument("--secret", default="", help="that signs the webhooks: whsec_…")
    reader.add_argument("--store", type=Path, help="file that keeps everything over a restart")
    wishes = reader.parse_args()
    if wishes.webhook and not wishes.secret:
        reader.error("--webhook needs --secret")
    return wishes


if __name__ == "__main__":
    main()

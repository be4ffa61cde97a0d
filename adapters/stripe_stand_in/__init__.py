"""A stand-in for Stripe in a process of its own: docs/decisions/0030-stand-in-for-stripe.md."""

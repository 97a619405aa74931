"""Muster's API for programs; start with `muster.client.connect`. The operations are in `muster.generated.api`."""

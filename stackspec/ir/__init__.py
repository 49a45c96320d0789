"""Intermediate representations: frozen records that the compiler passes hand on; this room imports only `units`."""

"""Requests as the manager's Python client and its command line send them, and what these need of each answer.

Run as `python3 -m client_checks URL ADMIN_PASSWORD` against a fresh manager: one JSON line a check, with `name`, `ok` and `problems`.
"""

import sys

from client_checks import access, hostile, inventory, own, rare, refusals, state, work
from client_checks.client import Client

client = Client(*sys.argv[1:4])
for part in (access, inventory, work, rare, hostile, state, own, refusals):
    part.run(client)

import sys

from client_checks import access, carried, files, hostile, inventory, own, rare, refusals, state, work
from client_checks.client import Client

client = Client(*sys.argv[1:4])
for part in (access, carried, inventory, work, files, rare, hostile, state, own, refusals):
    part.run(client)

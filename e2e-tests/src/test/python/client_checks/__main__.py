import sys

from client_checks import access, hostile, inventory, state, work
from client_checks.client import Client

client = Client(sys.argv[1], sys.argv[2])
for part in (access, inventory, work, hostile, state):
    part.run(client)

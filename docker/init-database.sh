#!/bin/sh
# Runs once, in the PostgreSQL container, on an empty data directory: the services' login role, which owns the database and
# makes the services' own roles at its first start, but is no superuser.
set -e
psql -v ON_ERROR_STOP=1 -v password="${HOLDFAST_DATABASE_PASSWORD:?}" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE holdfast LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE holdfast OWNER holdfast;
SQL

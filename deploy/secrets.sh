#!/bin/sh
# Lays out ./secrets for docker-compose.yml, once: new passwords for PostgreSQL's logins and Redis, and a file for everybody
# else's keys. What is there is left alone: to replace a password, remove its file first (docs/deploy.md, Day two).
# Each file is readable by the user of the containers that it is mounted in and nobody else: 10001 (ours), 999 (PostgreSQL
# and Redis, whose password ours know, too); needs root for that.
set -eu
umask 077
cd "$(dirname "$0")/.."
mkdir -p secrets
for name in postgres run pages redis; do
	file="secrets/${name}_password"
	[ -s "$file" ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$file"
done
# As PostgreSQL's client reads them: the owner's, which migrates, and those of who works and who shows pages. Written in
# place, so that containers that have them see the new ones.
printf '*:*:*:o2c:%s\n' "$(cat secrets/postgres_password)" > secrets/pgpass
printf '*:*:*:o2c_run:%s\n' "$(cat secrets/run_password)" > secrets/pgpass_run
printf '*:*:*:o2c_pages:%s\n' "$(cat secrets/pages_password)" > secrets/pgpass_pages
[ -e secrets/o2c.env ] || cp .env.example secrets/o2c.env
belongs() { # OWNER MODE FILE...
	owner="$1" mode="$2"
	shift 2
	for name in "$@"; do
		chown "$owner" "secrets/$name" 2>/dev/null || echo "not root: run 'chown $owner secrets/$name' before docker compose up" >&2
		chmod "$mode" "secrets/$name"
	done
}
belongs 10001:10001 0400 pgpass pgpass_run pgpass_pages run_password pages_password o2c.env
belongs 999:999 0400 postgres_password
belongs 10001:999 0440 redis_password
echo "now fill in secrets/o2c.env: keys of Stripe, NetSuite and Salesforce, one NAME=value a line"

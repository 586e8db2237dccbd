#!/bin/sh
# Lays out ./secrets for docker-compose.yml, once: new passwords for PostgreSQL and Redis, and a file for everybody else's keys.
# What is there is left alone. Files are readable by the container's user (10001) and nobody else; needs root for that.
set -eu
umask 077
cd "$(dirname "$0")/.."
mkdir -p secrets
[ -s secrets/postgres_password ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > secrets/postgres_password
[ -s secrets/redis_password ] || head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > secrets/redis_password
printf '*:*:*:o2c:%s\n' "$(cat secrets/postgres_password)" > secrets/pgpass
[ -e secrets/o2c.env ] || cp .env.example secrets/o2c.env
for file in secrets/pgpass secrets/o2c.env secrets/redis_password; do
	chmod 0400 "$file"
	chown 10001:10001 "$file" 2>/dev/null || echo "not root: run 'chown 10001:10001 $file' before docker compose up" >&2
done
echo "now fill in secrets/o2c.env: keys of Stripe, NetSuite and Salesforce, one NAME=value a line"

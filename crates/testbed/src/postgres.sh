# Runs PostgreSQL in a folder of its own until standard input ends; prints the folder when it answers there.
# $1: the folder of PostgreSQL's programs
set -eu
# Who interrupts the tests ends their process, and with it our input. What follows below must still happen.
trap '' HUP INT TERM
folder=$(mktemp -d /tmp/belvedere-postgres.XXXXXX)
trap 'rm -rf "$folder"' EXIT

make_cluster() {
  "$programs/initdb" --pgdata="$folder/data" --username=belvedere --auth=trust --encoding=UTF8 --no-sync "$@"
}

programs=$1
# An order of text that is not that of its bytes, where this PostgreSQL has one: nothing may depend on it.
make_cluster --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >"$folder/log" 2>&1 ||
  make_cluster --locale=C.UTF-8 >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }

# What is lost with the machine is lost with the tests.
options="-k $folder -c listen_addresses= -c max_connections=300 -c fsync=off -c full_page_writes=off"
"$programs/pg_ctl" start --pgdata="$folder/data" --log="$folder/log" --options="$options" --wait >/dev/null ||
  { cat "$folder/log" >&2; exit 1; }
echo "$folder"
cat >/dev/null
"$programs/pg_ctl" stop --pgdata="$folder/data" --mode=immediate >/dev/null

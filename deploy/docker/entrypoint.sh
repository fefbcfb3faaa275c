#!/bin/sh
# Runs the command that follows. A variable REMARKWIRE_..._FILE names a file (a Docker secret) with the value of
# REMARKWIRE_...: so no secret of ours stands in a compose file or in `docker inspect`.
set -eu
for name in $(env | sed -n 's/^\(REMARKWIRE_[A-Z_]*\)_FILE=.*/\1/p'); do
    eval "file=\${${name}_FILE}"
    if [ ! -r "$file" ]; then
        echo "remarkwire: ${name}_FILE: $file cannot be read" >&2
        exit 2
    fi
    export "$name=$(cat "$file")"
    unset "${name}_FILE"
done
exec "$@"

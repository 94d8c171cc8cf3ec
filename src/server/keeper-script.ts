/**
 * What a keeper runs: a shell that starts a server, stays beside it, and ends it. Constant text: every value comes as an
 * argument. It costs two shells and a `sleep`, about two megabytes.
 */
import { guardianName } from "../binary/process-tree.js";
import { endEverything, endingFunctions } from "./guardian-script.js";

/**
 * Arguments: the mark as `NAME=value`, the server's private folder, its record, the binary, host name, port, the entry in the
 * registry, the file that every use changes, seconds of a tenth of the idle time, and quarter seconds to wait for the entry.
 * The environment is the server's, without the mark.
 *
 * The server ends when it is told to (TERM to this shell), when its entry is gone, and after the idle time; whatever its end
 * is, everything that carries its mark goes with it. A server without an entry is one whose starter has died.
 */
export const keeperScript: string = `# ${guardianName}
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
mark=$1 folder=$2 record=$3 binary=$4 hostname=$5 port=$6 entry=$7 use=$8 slice=$9
shift 9
patience=$1

env "$mark" "$binary" serve --port "$port" --hostname "$hostname" </dev/null >>"$folder/output" 2>&1 &
server=$! start=
echo "$server" >"$folder/pid"
cd /
PATH=/usr/bin:/bin:$PATH LC_ALL=C known=OPENCODE_DISABLE_AUTOUPDATE=1
export PATH LC_ALL
if read -r stat <"/proc/$server/stat"; then
  set -- \${stat##*\\) }
  start=\${20}
fi

${endingFunctions}
# Whoever ends a napping shell ends its \`sleep\`, too.
nap() {
  sleep "$1" &
  nap=$!
  wait "$nap"
}

killer=
end_server() {
  is_server || return
  kill -s TERM "$server"
  [ -n "$killer" ] && return
  (
    trap 'kill "$nap"; exit 0' TERM
    nap 3
    is_server && kill -s KILL "$server"
  ) &
  killer=$!
}
trap end_server TERM HUP INT

# The entry may be another server's by now.
is_wanted() {
  case $(cat "$entry") in *"\${mark#*=}"*) ;; *) return 1 ;; esac
}

(
  trap 'kill "$nap"; exit 0' TERM
  trap '' HUP INT
  tries=0
  until [ -e "$entry" ] || [ "$tries" -ge "$patience" ]; do
    tries=$((tries + 1))
    nap 0.25 || nap 1
  done
  quiet=0 seen=
  while is_wanted && [ "$quiet" -lt 10 ]; do
    nap "$slice" || nap 1
    last=
    read -r last <"$use"
    if [ "$last" = "$seen" ]; then quiet=$((quiet + 1)); else quiet=0 seen=$last; fi
  done
  kill -s TERM "$$"
) &
idler=$!

status=0
while is_server; do
  wait "$server"
  status=$?
done
kill -s TERM "$idler" $killer
is_wanted && rm -f -- "$entry" "\${entry%/*}/conversation" "$use"

${endEverything}
exit "$status"
`;

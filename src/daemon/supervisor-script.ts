/**
 * What a supervisor runs: a shell that starts a server, stays beside it, and ends it. Constant text: every value comes as an
 * argument. It costs two shells and a `sleep`, about two megabytes.
 */
import { watchdogName } from "../process/process-tree.js";
import { endEverything, endingFunctions } from "../server/watchdog-script.js";
import { busyExit, idleExit } from "./busy-probe.js";

/**
 * Arguments: the mark as `NAME=value`, the server's private folder, its record, the binary, host name, port, the entry in the
 * registry, the file that every use changes, seconds between two looks, how many looks without a use end it, quarter
 * seconds to wait for the entry, the directory, the runtime that can run the probe, how it is told to, the probe, and the
 * time (ms since 1970). The environment is the server's, without the mark.
 *
 * The server ends when it is told to (TERM to this shell), when its entry is gone, and after the idle time; whatever its end
 * is, everything that carries its mark goes with it. A server without an entry is one whose starter has died.
 *
 * A use is a change of the file, an open connection to the server, one that was opened since the last look, and a session
 * that runs. Which connections there are the system tells; which sessions run the server is asked last.
 */
export const supervisorScript: string = `# ${watchdogName}
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
mark=$1 folder=$2 record=$3 binary=$4 hostname=$5 port=$6 entry=$7 use=$8 slice=$9
shift 9
looks=$1 wait_limit=$2 directory=$3 runtime=$4 how=$5 probe=$6 since=$7

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

# Connections to our port: own side, other side, state (01: open, 0A: listening). A closed one stays for a minute.
port_hex=$(printf %04X "$port")
sockets() {
  side='[0-9A-F]*:[0-9A-F][0-9A-F]*' ours="[0-9A-F]*7F:$port_hex"
  grep -ohs -e "$ours $side 0[1-9B] " -e "$side $ours 0[1-9B] " /proc/net/tcp
}

peers=
is_connected() {
  found=1 open= before=$peers peers=
  while read -r own other state; do
    [ -n "$state" ] || continue
    case $own in
    *7F:"$port_hex") [ "$state" != 01 ] || open=yes ;;
    *) other=$own ;;
    esac
    peers="$peers $other"
    case "$before " in *" $other "*) ;; *) found=0 ;; esac
  done <<LIST
$(sockets)
LIST
  [ -n "$open" ] || return "$found"
}

# Without /proc. Not tried on a real macOS yet.
[ -r /proc/net/tcp ] || is_connected() {
  netstat -an -p tcp | grep -q "127\\.0\\.0\\.1\\.$port .*ESTABLISHED"
}

# Where that cannot be found out it is asked again after another idle time, and not a third time.
unknown=0
may_run() {
  ELECTRON_RUN_AS_NODE=1 "$runtime" "$how" "$probe" "http://$hostname:$port" "$directory" "$since" </dev/null >/dev/null 2>&1
  case $? in
  ${idleExit}) return 1 ;;
  ${busyExit}) unknown=0 ;;
  *) unknown=$((unknown + 1)) ;;
  esac
  [ "$unknown" -lt 3 ]
}

# Says whether the file or a connection tells of a use since the last look.
is_used() {
  last= used_file=
  read -r last <"$use"
  [ "$last" = "$seen" ] || used_file=yes
  seen=$last
  is_connected || [ -n "$used_file" ]
}

(
  trap 'kill "$nap"; exit 0' TERM
  trap '' HUP INT
  tries=0
  until [ -e "$entry" ] || [ "$tries" -ge "$wait_limit" ]; do
    tries=$((tries + 1))
    nap 0.25 || nap 1
  done
  quiet=0 seen=
  while is_wanted; do
    nap "$slice" || nap 1
    if is_used; then quiet=0 unknown=0; else quiet=$((quiet + 1)); fi
    [ "$quiet" -ge "$looks" ] || continue
    quiet=0
    if may_run; then
      is_connected # the probe is no use
      continue
    fi
    # Meanwhile somebody may have come. The probe's own connections are new, but no longer open.
    if is_used && { [ -n "$used_file" ] || [ -n "$open" ]; }; then continue; fi
    echo "\${mark#*=} idle $port" >"\${entry%/*}/ended"
    break
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

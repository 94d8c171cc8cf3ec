/**
 * What a launcher and a supervisor run: shells that start a server, and that end it. Constant texts: every value comes as an
 * argument or over the input. A supervisor costs a shell and a `sleep`, about a megabyte.
 */
import { endEverything, endingFunctions } from "../server/watchdog-script.js";
import { busyExit, idleExit } from "./busy-probe.js";

/**
 * Starts the server and its supervisor, and stays until the starter kills it: only who has started a process hears how it
 * ended, and only who starts a supervisor when the server is there can name it by the server's number.
 *
 * Arguments: the mark as `NAME=value`, the server's private folder, the binary, host name, port, the name of the supervisor,
 * the loader, and the supervisor's script as the loader reads it. The environment is the server's, without the mark.
 *
 * In the folder it is written down who they are: `<server> <supervisor>` in `pids`. TERM ends everything; the exit code is
 * the server's.
 */
export const launcherScript: string = `exec </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
mark=$1 folder=$2 binary=$3 hostname=$4 port=$5 name=$6 loader=$7 script=$8
told=
trap 'told=yes' TERM HUP INT

env "$mark" "$binary" serve --port "$port" --hostname "$hostname" >>"$folder/output" 2>&1 &
server=$! start=
cd /
# For the commands of clients, see \`notice-sender.ts\`.
OPENCODE_TS_PATH=$PATH OPENCODE_TS_LOCALE=\${LC_ALL-}
PATH=/usr/bin:/bin:$PATH LC_ALL=C
export PATH LC_ALL OPENCODE_TS_PATH OPENCODE_TS_LOCALE
if read -r stat <"/proc/$server/stat"; then
  set -- \${stat##*\\) }
  start=\${20}
fi
printf '%s\\n%s\\n' "$script" "$server $start" | /bin/sh -c "$loader" "$name of $server" &
supervisor=$! tries=0
# Before it says so it is not ready to be told anything.
until [ -e "$folder/pids" ] || [ "$tries" -ge 500 ]; do
  tries=$((tries + 1))
  sleep 0.02 || sleep 1
done
[ -e "$folder/pids" ] || kill -s KILL "$server"
trap 'kill -s TERM "$supervisor"' TERM HUP INT
[ -z "$told" ] || kill -s TERM "$supervisor"

wait "$server"
status=$?
while kill -0 "$server"; do
  wait "$server"
  status=$?
done
kill -s TERM "$supervisor"
while kill -0 "$supervisor"; do wait "$supervisor"; done
exit "$status"
`;

/**
 * Arguments: the mark as `NAME=value`, the server's private folder, its record, host name, port, the entry in the registry,
 * the file that every use changes, seconds between two looks at the server, how many of them make one for a use, how many
 * of these without a use end it, quarter seconds to wait for the entry, the directory, the runtime that can run the probe,
 * how it is told to, the probe, the time (ms since 1970), and the program that tells notices. On the input: the server's number, and
 * when it started.
 *
 * The server ends when it is told to (TERM to this shell), when its entry is gone, and after the idle time; whatever its end
 * is, everything that carries its mark goes with it. A server without an entry is one whose starter has died.
 *
 * A use is a change of the file, an open connection to the server, one that was opened since the last look, and a session
 * that runs. Which connections there are the system tells; which sessions run the server is asked last.
 *
 * A client leaves an intent (`intent-files.ts`) for each turn whose notice it is to tell. If it has died, the program tells the notice;
 * meanwhile the server does not end for want of a use. What is left at the server's end is told afterwards.
 */
export const supervisorScript: string = `mark=$1 folder=$2 record=$3 hostname=$4 port=$5 entry=$6 use=$7 pause=$8 naps=$9
shift 9
looks=$1 wait_limit=$2 directory=$3 runtime=$4 how=$5 probe=$6 since=$7 teller=$8
intents=\${entry%/*}/notices
known=LC_ALL=C
read -r server start
exec </dev/null

${endingFunctions}
# One that has ended and was not collected yet does not run.
is_running() {
  stat=
  is_server || return
  case $stat in *") Z "*) return 1 ;; esac
}

# Whoever ends a napping shell ends its \`sleep\`, too.
nap=
nap() {
  sleep "$1" &
  nap=$!
  wait "$nap" || return
  nap=
}

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
  ELECTRON_RUN_AS_NODE=1 "$runtime" "$how" "$probe" "http://$hostname:$port" "$directory" "$since" </dev/null >/dev/null 2>&1 &
  nap=$!
  wait "$nap"
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

# The process \`$1\` that began at \`$2\`, and no other one with its number.
is_alive() {
  [ "$1" -gt 0 ] || return
  [ "$2" = - ] && { kill -0 "$1"; return; }
  if [ -r /proc/self/stat ]; then
    read -r stat <"/proc/$1/stat" || return
    set -- "$2" \${stat##*\\) }
    case $2 in [ZX]) return 1 ;; esac
    [ "\${21}" = "$1" ]
  else
    began=$(TZ=UTC ps -o lstart= -p "$1")
    [ "$(echo $began | tr ' ' _)" = "$2" ]
  fi
}

# Which turns are to be told of, and whether the process of one has died.
look_for_intents() {
  owed= orphaned=
  for intent in "$intents"/*.json; do
    owner= start_of_owner=
    read -r owner start_of_owner <"$intent" || continue
    owed=yes
    is_alive "$owner" "$start_of_owner" || orphaned=yes
  done
}

is_telling() {
  [ -r /proc/self/stat ] || { kill -0 "$telling"; return; }
  read -r stat <"/proc/$telling/stat" || return
  set -- \${stat##*\\) }
  [ "$1" != Z ] && [ "$2" = "$$" ]
}

start_telling() {
  ELECTRON_RUN_AS_NODE=1 "$runtime" "$how" "$teller" "\${entry%/*}" </dev/null >/dev/null 2>>"$1" &
  telling=$!
}

# Where the program fails it is tried five times: then the next server of this place tells what is left.
telling= failures=0
tell() {
  look_for_intents
  if [ -n "$telling" ]; then
    is_telling && return
    if wait "$telling"; then failures=0; else failures=$((failures + 1)); fi
    telling=
  fi
  [ -n "$orphaned" ] && may_tell && start_telling "$folder/output"
}

may_tell() {
  [ -n "$teller" ] && [ "$failures" -lt 5 ]
}

# Three seconds to end by itself.
finish() {
  trap '' TERM HUP INT
  [ -z "$nap" ] || kill "$nap"
  tries=0
  is_running && kill -s TERM "$server"
  while is_running && [ "$tries" -lt 20 ]; do
    tries=$((tries + 1))
    if [ "$tries" -le 10 ]; then sleep 0.05; else sleep 0.25; fi || sleep 1
  done
  is_running && kill -s KILL "$server"
  is_wanted && rm -f -- "$entry" "\${entry%/*}/conversation" "$use"

  ${endEverything}
  look_for_intents
  [ -n "$orphaned" ] && may_tell && start_telling /dev/null
  exit
}
trap finish TERM HUP INT
echo "$server $$" >"$folder/pids"

tries=0
until [ -e "$entry" ] || [ "$tries" -ge "$wait_limit" ]; do
  is_running || finish
  tries=$((tries + 1))
  nap 0.25 || nap 1
done
quiet=0 seen= rest=$naps
while is_running && is_wanted; do
  nap "$pause" || nap 1
  tell
  rest=$((rest - 1))
  [ "$rest" -le 0 ] || continue
  rest=$naps
  if is_used; then quiet=0 unknown=0; else quiet=$((quiet + 1)); fi
  [ "$quiet" -ge "$looks" ] || continue
  quiet=0
  [ -n "$owed" ] && may_tell && continue
  if may_run; then
    is_connected # the probe is no use
    continue
  fi
  # Meanwhile somebody may have come. The probe's own connections are new, but no longer open.
  if is_used && { [ -n "$used_file" ] || [ -n "$open" ]; }; then continue; fi
  echo "\${mark#*=} idle $port" >"\${entry%/*}/ended"
  break
done
finish
`;

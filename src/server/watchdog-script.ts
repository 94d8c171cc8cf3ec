/**
 * What a watchdog runs. Constant texts: every value comes as an argument or over its input, none is pasted in.
 *
 * The input is a pipe that we hold: `server <pid> [start]` names the process to end (`server` alone: none at the moment),
 * `name <text>` makes the watchdog show itself under another name, with the script on the next line once more (a shell
 * cannot change its command line in another way); `end` tells the watchdog to go. The end of the input without that means
 * that we are gone, however that came.
 */
import { scriptLoader } from "../process/detached-shell.js";
import { supervisorName, watchdogName } from "../process/process-tree.js";

/** Patterns for a command line. */
const watchdogs = `*"${watchdogName}"*|*"${supervisorName}"*`;

/**
 * What the end of a server needs: `mark` (`NAME=value`), `server` and `start` (its number and when it started, field 22 of its
 * stat), and in `known` something that is in the environment of the shell.
 */
export const endingFunctions: string = `# The server, and no other process that has its number by now: field 22 of stat is when it started, see proc(5).
is_server() {
  [ -n "$server" ] || return 1
  if [ -z "$start" ]; then
    kill -0 "$server"
    return
  fi
  read -r stat <"/proc/$server/stat" || return 1
  set -- \${stat##*\\) }
  [ "\${20}" = "$start" ]
}

# Watchdogs are left out, and end what their own servers have started. The first line of a command line is enough to
# know one. No process is started for each: a build may have hundreds.
family() {
  for list in /proc/"$1"/task/*/children; do
    children=
    read -r children <"$list"
    for child in $children; do
      command=
      read -r command <"/proc/$child/cmdline"
      case $command in ${watchdogs}) continue ;; esac
      echo "$child"
      family "$child"
    done
  done
}

# The same for systems without /proc. Not tried on a real macOS yet.
family_by_pgrep() {
  for child in $(pgrep -P "$1"); do
    case $(ps -o command= -p "$child") in ${watchdogs}) continue ;; esac
    echo "$child"
    family_by_pgrep "$child"
  done
}

marked() {
  grep -zxlsF "$mark" /proc/[0-9]*/environ
}

# Not every grep knows -z, and some systems have none. This is slower: it reads byte by byte.
grep -zxqsF "$known" "/proc/$$/environ" || marked() {
  for file in /proc/[0-9]*/environ; do
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in *"$mark"*) echo "$file" && break ;; esac
    done <"$file"
  done
}

targets() {
  if [ -r /proc/self/environ ]; then
    marked
    is_server && family "$server"
  elif is_server; then
    echo "$server"
    family_by_pgrep "$server"
  fi
}

# Each process, and the group that it leads if it leads one. Fails when there is none.
end_targets() {
  set --
  for target in $(targets); do
    target=\${target#/proc/}
    target=\${target%/*}
    [ "$target" -gt 1 ] && set -- "$@" "$target" "-$target"
  done
  is_server && kill -s KILL "$server" "-$server"
  [ $# -gt 0 ] || return
  kill -s KILL "$@"
  return 0
}

`;

/** Ends a server that is gone or has to go, with everything that it has started, and removes its `folder` and its `record`. */
export const endEverything: string = `quiet=0 look=0
until [ "$quiet" -eq 2 ] || [ "$look" -eq 30 ]; do
  if end_targets; then quiet=0; else quiet=$((quiet + 1)); fi
  look=$((look + 1))
  sleep 0.05 || sleep 1
done
rm -rf -- "$folder"
[ "$quiet" -lt 2 ] || rm -f -- "$record"
`;

/**
 * For any POSIX shell. Arguments: the mark as `NAME=value`, the server's private folder, its record. `LC_ALL=C` must be in
 * its environment.
 *
 * It ends what carries the mark in its environment (Linux), and the server with its process group and its descendants,
 * without the watchdogs among them: these end what their own servers have started. It looks until two looks in a row find
 * nothing, since a process may be about to start another one, and gives up after some two seconds.
 */
export const posixScript: string = `trap '' HUP INT QUIT TERM TSTP
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
mark=$1 folder=$2 record=$3 known=LC_ALL=C server= start=

while read -r word one two; do
  case $word in
  server) server=$one start=$two ;;
  name) exec env -i PATH="$PATH" LC_ALL=C /bin/sh -c '${scriptLoader}' "$one $two" ;;
  end) exit 0 ;;
  esac
done

${endingFunctions}${endEverything}`;

/** The same for PowerShell, not tried on a real Windows yet. The folder is in the environment; there are no records. */
export const windowsScript: string = [
  "$server = $null",
  "while ($null -ne ($line = [Console]::In.ReadLine())) {",
  "  $word, $one, $two = $line.Split(' ')",
  "  if ($word -eq 'server') { $server = $one }",
  "  if ($word -eq 'end') { exit 0 }",
  "}",
  "if ($server) { taskkill.exe /PID $server /T /F | Out-Null }",
  "Remove-Item -LiteralPath $env:OPENCODE_TS_FOLDER -Recurse -Force -ErrorAction SilentlyContinue",
].join("\n");

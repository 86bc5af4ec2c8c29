# Runs one agent CLI in a container and leaves an honest record of how it went.
# Arguments: the agent CLI and its arguments. Everything else comes by environment (AGENT_RUN_*).
# Runs under dash, busybox ash and bash; as PID 1 of a container, or as an ordinary process.
# `src/script/agent-run.ts` holds this text without comments: run `pnpm embed` after a change here.

# The files belong to pod and host together, and to nobody else.
umask 0007
# PID 1 loses a signal that it has no trap for: note an early one until the rest is read.
asked=
trap 'asked=yes' TERM INT HUP
# A reader of the container's output that goes away must end neither this shell nor the run.
trap '' PIPE
# bash reports every child that a signal ended on stderr: keep the container's streams aside as 3 and
# 4, and let the shell's own chatter go.
exec 3>&1 4>&2 2>/dev/null

agent= mirrors= timer= lease= stopping= failure= status=0 started_at=0
grace=${AGENT_RUN_GRACE_SEC:-30}
# The script's own helpers must be found whatever PATH the agent CLI is to have.
agent_path=$PATH
PATH=$PATH:/usr/local/bin:/usr/bin:/bin

# Milliseconds since boot, without a fork. busybox's date knows no milliseconds.
uptime_ms() {
  uptime=0
  read -r uptime _ </proc/uptime || return 1
  case $uptime in *.[0-9][0-9]) ;; *) return 1 ;; esac
  # The 1 in front keeps "08" from being read as an octal number.
  uptime=$((${uptime%.*} * 1000 + (1${uptime#*.} - 100) * 10))
}

# The clock is read once and carried on by the uptime, so that durations are right to 10 ms
# even where the date is known to the second only.
start_clock() {
  epoch=$(date +%s%3N)
  case $epoch in
    '' | *[!0-9]*) epoch=$(date +%s)000 ;;
  esac
  uptime_ms && epoch=$((epoch - uptime))
}

now_ms() {
  if uptime_ms; then now=$((epoch + uptime)); else now=$(date +%s)000; fi
}

# A tenth of a second where sleep knows fractions.
nap() {
  sleep 0.1 || sleep 1
}

# Says what went wrong where people look, and where it survives an unwritable volume.
complain() {
  printf 'agent-run: %s: %s\n' "$1" "$2" >&4
  # Only inside a container does this file exist; it must never be made elsewhere.
  if [ -f /dev/termination-log ] && [ -w /dev/termination-log ]; then
    printf '%s: %s\n' "$1" "$2" >/dev/termination-log
  fi
}

size_of() {
  size=$(stat -c %s "$1") || size=$(wc -c <"$1") || size=0
  size=$((size))
}

# The signal that a status tells of, as far as a shell can know: `exit 143` looks the same.
signal_of() {
  signal=null
  if [ "$1" -gt 128 ] && [ "$1" -le 192 ]; then
    name=$(kill -l $(($1 - 128)))
    case $name in
      '' | *[!A-Z0-9+-]*) ;;
      SIG*) signal="\"$name\"" ;;
      *) signal="\"SIG$name\"" ;;
    esac
  fi
}

# Overwrites the record in place, at its full size: the blocks are there already, so that it can be
# written when the disk is full. `<>` opens without truncating.
write_record() {
  printf '%-1023s\n' "$1" 1<>"$AGENT_RUN_EXIT"
}

record_end() {
  size_of "$AGENT_RUN_STDOUT"
  stdout_bytes=$size
  size_of "$AGENT_RUN_STDERR"
  stderr_bytes=$size
  signal_of "$status"
  now_ms
  word=null
  [ -z "$failure" ] || word="\"$failure\""
  write_record "{\"version\":1,\"podUid\":\"$AGENT_RUN_POD_UID\",\"status\":$status,\"signal\":$signal,\"failure\":$word,\"stdoutBytes\":$stdout_bytes,\"stderrBytes\":$stderr_bytes,\"startedAt\":$started_at,\"endedAt\":$now,\"end\":true}"
}

# Writes to a file that has lost its name already, so that nothing stays whatever happens. dd, since a
# network file system may tell only at the close, which shells ignore.
has_room() {
  {
    rm -f "$1"
    if command -v dd >/dev/null; then dd if=/dev/zero bs=65536 count=1; else printf '%65536s' ''; fi
  } >"$1"
}

# Ends a run that never came to its agent CLI.
give_up() {
  failure=$1
  status=$3
  complain "$1" "$2"
  record_end
  exit "$status"
}

# One line of /proc/PID/stat as words: state, parent, group … (the name in front may hold anything).
proc_state() {
  state=
  stat=
  while IFS= read -r line; do stat=$stat$line; done </proc/"$1"/stat || return 1
  stat=${stat##*) }
  state=${stat%% *}
  [ -n "$state" ]
}

is_running() {
  if [ -d /proc/self ]; then
    proc_state "$1" || return 1
    case $state in Z | X) return 1 ;; esac
  else
    kill -0 "$1"
  fi
}

# An ordinary process must never end what else its user has open: only what carries this mark.
AGENT_RUN_MARK=$$-$AGENT_RUN_POD_UID
export AGENT_RUN_MARK
mark=$AGENT_RUN_MARK
marked() {
  # Without the mark itself, or it would find itself.
  AGENT_RUN_MARK='' grep -lszxF -- "AGENT_RUN_MARK=$mark" /proc/[0-9]*/environ
}

# Ends one by one what the agent CLI left behind, so that nobody writes any more when the bytes are
# counted: as PID 1 all others of the container, else those with the mark. The mirrors stay: `kill -1`
# would end them before they have read. Done when a look finds nobody new: also one that has ended
# meanwhile may have started another. Bounded, since a process that hangs in the kernel cannot be ended.
end_others() {
  now_ms
  limit=$((now + 3000)) ended=' ' looks=0
  while [ "$now" -lt "$limit" ]; do
    found=
    # No subshell here: it would be in the list.
    if [ $$ -eq 1 ]; then set -- /proc/[0-9]*; else set -- $(marked); fi
    for entry in "$@"; do
      pid=${entry#/proc/}
      pid=${pid%/environ}
      case " $$ $mirrors $ended" in *" $pid "*) continue ;; esac
      found=yes
      is_running "$pid" && kill -KILL "$pid" || ended="$ended$pid "
    done
    [ -n "$found" ] || return 0
    looks=$((looks + 1))
    [ "$looks" -lt 50 ] || nap
    now_ms
  done
}

# Passes the end on to the agent CLI, once, and ends it for good when its grace is over.
stop_agent() {
  asked=yes
  [ -n "$agent" ] && [ -z "$stopping" ] || return 0
  stopping=yes
  kill -TERM "$agent"
  # A sleep that was ended early must not kill: by then the number may be another process's.
  (sleep "$grace" && kill -KILL "$agent") >/dev/null 3>&- 4>&- &
  timer=$!
}

# Ends the run when the host has stopped renewing its lease. The file's content is compared, not its
# time: clocks of pod, host and file server may differ.
watch_lease() {
  last= quiet=0 step=$((AGENT_RUN_LEASE_SEC / 10 + 1))
  while sleep "$step"; do
    content=
    IFS= read -r content <"$AGENT_RUN_LEASE"
    quiet=$((quiet + step))
    [ "$content" = "$last" ] || quiet=0
    last=$content
    [ "$quiet" -lt "$AGENT_RUN_LEASE_SEC" ] || { kill -USR1 $$ && return; }
  done
}

# Waits for the agent CLI. A signal's trap ends a wait early, with a status above 128 that is not the
# agent's; dash forgets a child once it has told its status, bash remembers it.
wait_for_agent() {
  while :; do
    asked=
    wait "$agent"
    status=$?
    [ -n "$asked" ] && [ "$status" -gt 128 ] || return 0
    kill -0 "$agent" && continue
    wait "$agent"
    again=$?
    [ "$again" -eq 127 ] || status=$again
    return 0
  done
}

# How far a mirror is: it has read `position` bytes of its file and written `written`, or null where
# the kernel does not say.
mirror_position() {
  position=0 written=null
  for entry in /proc/"$1"/fd/*; do
    [ "$entry" -ef "$2" ] || continue
    while read -r key value; do
      [ "$key" = pos: ] && [ "$value" -gt "$position" ] && position=$value
    done </proc/"$1"/fdinfo/"${entry##*/}"
  done
  while read -r key value; do
    [ "$key" = wchar: ] && [ "$value" -gt 0 ] && written=$value
  done </proc/"$1"/io
}

# Lets a mirror catch up, until the time given. It may lag or fail: nobody's outcome depends on it.
drain() {
  while [ "$3" -gt 0 ] && is_running "$1"; do
    mirror_position "$1" "$2"
    if [ "$position" -ge "$3" ]; then
      # Read is not yet written: what the mirror holds would be lost with it.
      [ "$written" != null ] || { nap && break; }
      [ "$written" -lt "$3" ] || break
    fi
    now_ms
    [ "$now" -lt "$4" ] || break
    nap
  done
  kill "$1"
}

trap stop_agent TERM INT HUP
trap 'failure=lease_expired; stop_agent' USR1
start_clock
now_ms
started_at=$now

# Only one pod may ever write these files: a Job that was suspended and resumed gets a second one.
if ! (set -C && : >"$AGENT_RUN_STARTED"); then
  if [ -e "$AGENT_RUN_STARTED" ]; then
    # Whoever has it writes the record: not a byte of it is ours.
    read -r holder <"$AGENT_RUN_STARTED"
    complain already_started "pod ${holder:-unknown} has taken this run already ($AGENT_RUN_STARTED)"
    exit 1
  fi
  give_up output_unwritable "cannot create $AGENT_RUN_STARTED: the run directory is missing or belongs to another user" 1
fi
# Reserved before anything else is written, so that it can be told when the disk is full.
reserved=
write_record '' && reserved=yes
printf '%s\n' "$AGENT_RUN_POD_UID" >"$AGENT_RUN_STARTED" || give_up disk_full "cannot write to $AGENT_RUN_STARTED" 1
[ -n "$reserved" ] || give_up output_unwritable "cannot write $AGENT_RUN_EXIT" 1
for file in "$AGENT_RUN_STDOUT" "$AGENT_RUN_STDERR"; do
  # Truncated here, opened for appending below: a child that opens /dev/stdout again cannot overwrite.
  (: >"$file") || give_up output_unwritable "cannot write $file" 1
done
(: <"$AGENT_RUN_PROMPT") || give_up prompt_unreadable "cannot read $AGENT_RUN_PROMPT" 1

# The shell's own look-up would also find its builtins and the functions above.
find_cli() {
  case $1 in
    */*) [ -f "$1" ] && [ -x "$1" ] && return 0 ;;
    *)
      IFS=:
      for folder in $agent_path; do
        [ -f "${folder:-.}/$1" ] && [ -x "${folder:-.}/$1" ] && { unset IFS; return 0; }
      done
      unset IFS
      ;;
  esac
  return 1
}
if ! find_cli "$1"; then
  message="the image has no executable $1 (PATH is $agent_path)"
  # Into the file too: the host shows what the agent CLI left on stderr.
  printf 'agent-run: cli_missing: %s\n' "$message" >>"$AGENT_RUN_STDERR"
  give_up cli_missing "$message" 127
fi

# Files first, mirrors beside them: through a pipe, agents that exit at once lose the end of their
# output. The mirrors exist before the agent, for those that end within milliseconds.
tail -c +1 -f "$AGENT_RUN_STDOUT" >&3 3>&- 4>&- &
stdout_mirror=$!
tail -c +1 -f "$AGENT_RUN_STDERR" >&4 3>&- 4>&- &
stderr_mirror=$!
mirrors="$stdout_mirror $stderr_mirror"

if [ -n "$asked" ]; then
  # Ended before it began.
  status=143
else
  # A subshell of its own, so that `exec` takes the program and never a builtin or a function.
  (
    trap - PIPE TERM INT HUP USR1
    PATH=$agent_path
    exec "$@"
  ) <"$AGENT_RUN_PROMPT" >>"$AGENT_RUN_STDOUT" 2>>"$AGENT_RUN_STDERR" 3>&- 4>&- &
  agent=$!
  # A signal that came while `agent` was not set yet.
  [ -z "$asked" ] || stop_agent
  if [ -n "$AGENT_RUN_LEASE" ] && [ -n "$AGENT_RUN_LEASE_SEC" ]; then
    watch_lease >/dev/null 3>&- 4>&- &
    lease=$!
  fi
  wait_for_agent
fi
# From here on a signal has nobody to be passed on to.
agent=
[ -z "$timer$lease" ] || kill $timer $lease
end_others

# A writer that ignores a full disk ends well and has lost its output. A full disk has no room for
# another 64 KiB either.
if ! has_room "$AGENT_RUN_STARTED.probe"; then
  failure=disk_full
  complain disk_full "the volume is full: what the agent wrote did not all arrive"
fi

record_end || {
  complain output_unwritable "cannot write $AGENT_RUN_EXIT"
  [ "$status" -ne 0 ] || status=1
}
# Never success for a run whose output is not whole.
[ "$status" -ne 0 ] || [ -z "$failure" ] || status=1

now_ms
until=$((now + 2000))
drain "$stdout_mirror" "$AGENT_RUN_STDOUT" "$stdout_bytes" "$until"
drain "$stderr_mirror" "$AGENT_RUN_STDERR" "$stderr_bytes" "$until"
exit "$status"

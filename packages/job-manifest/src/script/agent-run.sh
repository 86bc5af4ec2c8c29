# Runs one agent CLI in a container and leaves an honest record of how it went.
# Arguments: the agent CLI and its arguments. Everything else comes by environment (AGENT_RUN_*).
# Runs under dash, busybox ash and bash; as PID 1 of a container, or as an ordinary process.
# `src/script/agent-run.ts` holds this text without comments: run `pnpm embed` after a change here.

# The files belong to pod and host together, and to nobody else.
umask 0007
# All variables here begin with "_", which the agent CLI's may not: a shell passes on what it assigns to
# a name that came by environment.
# PID 1 loses a signal that it has no trap for: note an early one until the rest is read.
_asked=
trap '_asked=yes' TERM INT HUP
# A reader of the container's output that goes away must end neither this shell nor the run.
trap '' PIPE
# bash reports every child that a signal ended on stderr: keep the container's streams aside as 3 and
# 4, and let the shell's own chatter go.
exec 3>&1 4>&2 2>/dev/null

_agent= _mirrors= _timer= _lease= _stopping= _failure= _status=0 _started_at=0
_grace=${AGENT_RUN_GRACE_SEC:-30}
# The script's own helpers must be found whatever PATH the agent CLI is to have.
_agent_path=$PATH
PATH=$PATH:/usr/local/bin:/usr/bin:/bin

# Milliseconds since boot, without a fork. busybox's date knows no milliseconds.
uptime_ms() {
  _uptime=0
  read -r _uptime _ </proc/uptime || return 1
  case $_uptime in *.[0-9][0-9]) ;; *) return 1 ;; esac
  # The 1 in front keeps "08" from being read as an octal number.
  _uptime=$((${_uptime%.*} * 1000 + (1${_uptime#*.} - 100) * 10))
}

# The clock is read once and carried on by the uptime, so that durations are right to 10 ms
# even where the date is known to the second only.
start_clock() {
  _epoch=$(date +%s%3N)
  case $_epoch in
    '' | *[!0-9]*) _epoch=$(date +%s)000 ;;
  esac
  uptime_ms && _epoch=$((_epoch - _uptime))
}

now_ms() {
  if uptime_ms; then _now=$((_epoch + _uptime)); else _now=$(date +%s)000; fi
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
  _size=$(stat -c %s "$1") || _size=$(wc -c <"$1") || _size=0
  _size=$((_size))
}

# The signal that a status tells of, as far as a shell can know: `exit 143` looks the same.
signal_of() {
  _signal=null
  if [ "$1" -gt 128 ] && [ "$1" -le 192 ]; then
    _name=$(kill -l $(($1 - 128)))
    case $_name in
      '' | *[!A-Z0-9+-]*) ;;
      SIG*) _signal="\"$_name\"" ;;
      *) _signal="\"SIG$_name\"" ;;
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
  _stdout_bytes=$_size
  size_of "$AGENT_RUN_STDERR"
  _stderr_bytes=$_size
  signal_of "$_status"
  now_ms
  _word=null
  [ -z "$_failure" ] || _word="\"$_failure\""
  write_record "{\"version\":1,\"podUid\":\"$AGENT_RUN_POD_UID\",\"status\":$_status,\"signal\":$_signal,\"failure\":$_word,\"stdoutBytes\":$_stdout_bytes,\"stderrBytes\":$_stderr_bytes,\"startedAt\":$_started_at,\"endedAt\":$_now,\"end\":true}"
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
  _failure=$1
  _status=$3
  complain "$1" "$2"
  record_end
  exit "$_status"
}

# One line of /proc/PID/stat as words: state, parent, group … (the name in front may hold anything).
proc_state() {
  _state=
  _stat=
  while IFS= read -r _line; do _stat=$_stat$_line; done </proc/"$1"/stat || return 1
  _stat=${_stat##*) }
  _state=${_stat%% *}
  [ -n "$_state" ]
}

is_running() {
  if [ -d /proc/self ]; then
    proc_state "$1" || return 1
    case $_state in Z | X) return 1 ;; esac
  else
    kill -0 "$1"
  fi
}

# An ordinary process must never end what else its user has open: only what carries this mark. PID 1
# needs none.
_mark=
if [ $$ -ne 1 ]; then
  read -r _mark </proc/sys/kernel/random/uuid
  _mark=$$-${_mark:-$AGENT_RUN_POD_UID}
  AGENT_RUN_MARK=$_mark
  export AGENT_RUN_MARK
fi
marked() {
  # Without the mark itself, or it would find itself.
  AGENT_RUN_MARK='' grep -lszxF -- "AGENT_RUN_MARK=$_mark" /proc/[0-9]*/environ
}

# Ends one by one what the agent CLI left behind, so that nobody writes any more when the bytes are
# counted: as PID 1 all others of the container, else those with the mark. The mirrors stay: `kill -1`
# would end them before they have read. Done when a look finds nobody new: also one that has ended
# meanwhile may have started another. Bounded, since a process that hangs in the kernel cannot be ended.
end_others() {
  now_ms
  _limit=$((_now + 3000)) _ended=' ' _looks=0
  # By count, too: a container whose /proc and date have gone has no time that passes.
  while [ "$_now" -lt "$_limit" ] && [ "$_looks" -lt 200 ]; do
    _found=
    # No subshell here: it would be in the list.
    if [ $$ -eq 1 ]; then set -- /proc/[0-9]*; else set -- $(marked); fi
    for _entry in "$@"; do
      _pid=${_entry#/proc/}
      _pid=${_pid%/environ}
      case " $$ $_mirrors $_ended" in *" $_pid "*) continue ;; esac
      _found=yes
      is_running "$_pid" && kill -KILL "$_pid" || _ended="$_ended$_pid "
    done
    [ -n "$_found" ] || return 0
    _looks=$((_looks + 1))
    [ "$_looks" -lt 50 ] || nap
    now_ms
  done
}

# Passes the end on to the agent CLI, once, and ends it for good when its grace is over.
stop_agent() {
  _asked=yes
  [ -n "$_agent" ] && [ -z "$_stopping" ] || return 0
  _stopping=yes
  kill -TERM "$_agent"
  # A sleep that was ended early must not kill: by then the number may be another process's.
  (sleep "$_grace" && kill -KILL "$_agent") >/dev/null 3>&- 4>&- &
  _timer=$!
}

# Ends the run when the host has stopped renewing its lease. The file's content is compared, not its
# time: clocks of pod, host and file server may differ.
watch_lease() {
  _last= _quiet=0 _step=$((AGENT_RUN_LEASE_SEC / 10 + 1))
  while sleep "$_step"; do
    _content=
    IFS= read -r _content <"$AGENT_RUN_LEASE"
    _quiet=$((_quiet + _step))
    [ "$_content" = "$_last" ] || _quiet=0
    _last=$_content
    [ "$_quiet" -lt "$AGENT_RUN_LEASE_SEC" ] || { kill -USR1 $$ && return; }
  done
}

# Waits for the agent CLI. A signal's trap ends a wait early, with a status above 128 that is not the
# agent's; dash forgets a child once it has told its status, bash remembers it.
wait_for_agent() {
  while :; do
    _asked=
    wait "$_agent"
    _status=$?
    [ -n "$_asked" ] && [ "$_status" -gt 128 ] || return 0
    kill -0 "$_agent" && continue
    wait "$_agent"
    _again=$?
    [ "$_again" -eq 127 ] || _status=$_again
    return 0
  done
}

# How far a mirror is: it has read `position` bytes of its file and written `written`, or null where
# the kernel does not say.
mirror_position() {
  _position=0 _written=null
  for _entry in /proc/"$1"/fd/*; do
    [ "$_entry" -ef "$2" ] || continue
    while read -r _key _value; do
      [ "$_key" = pos: ] && [ "$_value" -gt "$_position" ] && _position=$_value
    done </proc/"$1"/fdinfo/"${_entry##*/}"
  done
  while read -r _key _value; do
    [ "$_key" = wchar: ] && [ "$_value" -gt 0 ] && _written=$_value
  done </proc/"$1"/io
}

# Lets a mirror catch up, until the time given. It may lag or fail: nobody's outcome depends on it.
drain() {
  _turns=0
  while [ "$3" -gt 0 ] && is_running "$1"; do
    mirror_position "$1" "$2"
    if [ "$_position" -ge "$3" ]; then
      # Read is not yet written: what the mirror holds would be lost with it.
      [ "$_written" != null ] || { nap && break; }
      [ "$_written" -lt "$3" ] || break
    fi
    now_ms
    _turns=$((_turns + 1))
    [ "$_now" -lt "$4" ] && [ "$_turns" -lt 200 ] || break
    nap
  done
  # A mirror that was only just forked drops the signals that this shell has traps for, and would stay.
  kill -KILL "$1"
}

trap stop_agent TERM INT HUP
# Without a lease nobody sends it, and it must end nobody.
trap '' USR1
start_clock
now_ms
_started_at=$_now

# Only one pod may ever write these files: a Job that was suspended and resumed gets a second one.
if ! (set -C && : >"$AGENT_RUN_STARTED"); then
  if [ -e "$AGENT_RUN_STARTED" ]; then
    # Whoever has it writes the record: not a byte of it is ours.
    read -r _holder <"$AGENT_RUN_STARTED"
    complain already_started "pod ${_holder:-unknown} has taken this run already ($AGENT_RUN_STARTED)"
    exit 1
  fi
  _folder=${AGENT_RUN_STARTED%/*}
  if [ -d "$_folder" ] && [ -w "$_folder" ] && [ -x "$_folder" ]; then
    give_up disk_full "cannot create $AGENT_RUN_STARTED, though the run directory is writable: the volume has no room" 1
  fi
  give_up output_unwritable "cannot create $AGENT_RUN_STARTED: the run directory is missing or belongs to another user" 1
fi
# Reserved before anything else is written, so that it can be told when the disk is full.
_reserved=
write_record '' && _reserved=yes
printf '%s\n' "$AGENT_RUN_POD_UID" >"$AGENT_RUN_STARTED" || give_up disk_full "cannot write to $AGENT_RUN_STARTED" 1
[ -n "$_reserved" ] || give_up output_unwritable "cannot write $AGENT_RUN_EXIT" 1
for _file in "$AGENT_RUN_STDOUT" "$AGENT_RUN_STDERR"; do
  # Truncated here, opened for appending below: a child that opens /dev/stdout again cannot overwrite.
  (: >"$_file") || give_up output_unwritable "cannot write $_file" 1
done
(: <"$AGENT_RUN_PROMPT") || give_up prompt_unreadable "cannot read $AGENT_RUN_PROMPT" 1

# The shell's own look-up would also find its builtins and the functions above.
find_cli() {
  case $1 in
    */*) [ -f "$1" ] && [ -x "$1" ] ;;
    *)
      (
        IFS=:
        for _folder in $_agent_path; do
          [ -f "${_folder:-.}/$1" ] && [ -x "${_folder:-.}/$1" ] && exit 0
        done
        exit 1
      )
      ;;
  esac
}
if ! find_cli "$1"; then
  _message="the image has no executable $1 (PATH is $_agent_path)"
  # Into the file too: the host shows what the agent CLI left on stderr.
  printf 'agent-run: cli_missing: %s\n' "$_message" >>"$AGENT_RUN_STDERR"
  give_up cli_missing "$_message" 127
fi

# Files first, mirrors beside them: through a pipe, agents that exit at once lose the end of their
# output. The mirrors exist before the agent, for those that end within milliseconds.
tail -c +1 -f "$AGENT_RUN_STDOUT" >&3 3>&- 4>&- &
_stdout_mirror=$!
tail -c +1 -f "$AGENT_RUN_STDERR" >&4 3>&- 4>&- &
_stderr_mirror=$!
_mirrors="$_stdout_mirror $_stderr_mirror"

if [ -n "$_asked" ]; then
  # Ended before it began.
  _status=143
else
  # A subshell of its own, so that `exec` takes the program and never a builtin or a function.
  (
    trap - PIPE TERM INT HUP USR1
    # Whoever knows where the record is may write one: the agent CLI is not told.
    unset AGENT_RUN_STDOUT AGENT_RUN_STDERR AGENT_RUN_EXIT AGENT_RUN_STARTED AGENT_RUN_PROMPT \
      AGENT_RUN_POD_UID AGENT_RUN_GRACE_SEC AGENT_RUN_LEASE AGENT_RUN_LEASE_SEC
    PATH=$_agent_path
    exec "$@"
  ) <"$AGENT_RUN_PROMPT" >>"$AGENT_RUN_STDOUT" 2>>"$AGENT_RUN_STDERR" 3>&- 4>&- &
  _agent=$!
  # A signal that came while `agent` was not set yet.
  [ -z "$_asked" ] || stop_agent
  if [ -n "$AGENT_RUN_LEASE" ] && [ -n "$AGENT_RUN_LEASE_SEC" ]; then
    # Not for an agent that has just ended by itself.
    trap 'kill -0 "$_agent" && _failure=lease_expired && stop_agent' USR1
    watch_lease >/dev/null 3>&- 4>&- &
    _lease=$!
  fi
  wait_for_agent
fi
# From here on a signal has nobody to be passed on to.
_agent=
[ -z "$_timer$_lease" ] || kill -KILL $_timer $_lease
end_others

# A writer that ignores a full disk ends well and has lost its output. A full disk has no room for
# another 64 KiB either.
if ! has_room "$AGENT_RUN_STARTED.probe"; then
  _failure=disk_full
  complain disk_full "the volume is full: what the agent wrote did not all arrive"
fi

record_end || {
  complain output_unwritable "cannot write $AGENT_RUN_EXIT"
  [ "$_status" -ne 0 ] || _status=1
}
# Never success for a run whose output is not whole.
[ "$_status" -ne 0 ] || [ -z "$_failure" ] || _status=1

now_ms
_until=$((_now + 2000))
drain "$_stdout_mirror" "$AGENT_RUN_STDOUT" "$_stdout_bytes" "$_until"
drain "$_stderr_mirror" "$AGENT_RUN_STDERR" "$_stderr_bytes" "$_until"
exit "$_status"

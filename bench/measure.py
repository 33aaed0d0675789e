"""Runs one command, and prints what it took: user s, system s, wall s, MB of memory, exit status.

    python3 -I -S measure.py OUTPUT FEED COMMAND…    # FEED: a file that comes through a pipe, or ''

A small process of its own: Linux counts the memory of the one that starts a command as the command's, so
nothing below that of a bare Python (about 10 MB) can be told."""
import os
import sys
import time

output, feed, command = sys.argv[1], sys.argv[2], sys.argv[3:]
began = time.monotonic()
source, other = os.pipe() if feed else (os.open(os.devnull, os.O_RDONLY), None)
cat = None
if feed:
    cat = os.posix_spawnp('cat', ['cat', feed], os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, other, 1), (os.POSIX_SPAWN_CLOSE, source)])
    os.close(other)
target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
child = os.posix_spawnp(command[0], command, os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, source, 0), (os.POSIX_SPAWN_DUP2, target, 1)])
os.close(source)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - began
if cat:
    os.waitpid(cat, 0)
print(usage.ru_utime, usage.ru_stime, wall, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))

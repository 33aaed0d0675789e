#!/usr/bin/env python3
"""Winnow beside grep -P, rg -P and xmllint on the same data in one run: MB per CPU-second.

Runs are interleaved (every tool once a round), so that a busy machine slows all alike; medians and
ratios are printed. Output goes to a file, never to /dev/null: grep stops at the first match there.
Winnow frames, decodes, matches all default rules and correlates; the others only search or parse."""
import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def measure(command, out):
    """(CPU seconds of the child, wall seconds, MB of memory); None where it failed."""
    began = time.monotonic()
    with open(out, 'wb') as f:
        p = subprocess.Popen(command, stdout=f, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(p.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        return None
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1024


def make(kind, mb, path):
    with open(path, 'wb') as f:
        subprocess.run([sys.executable, f'{HERE}/generate.py', kind, '--mb', str(mb)], stdout=f, check=True)


def compare(title, path, tools, rounds, out):
    mb = os.path.getsize(path) / 1e6
    results = {name: [] for name, _ in tools}
    for name, command in tools:                       # warm the page cache and the tools
        measure(command, out)
    for _ in range(rounds):
        for name, command in tools:
            results[name].append(measure(command, out))
    print(f'\n{title}: {mb:.0f} MB, {rounds} rounds, medians')
    first = None
    for name, _ in tools:
        runs = [r for r in results[name] if r]
        if not runs:
            print(f'  {name:34} failed')
            continue
        cpu, wall, rss = (statistics.median(x) for x in zip(*runs))
        first = first or cpu
        spread = max(r[0] for r in runs) / min(r[0] for r in runs)
        print(f'  {name:34} {mb / cpu:9.1f} MB per CPU-s   {cpu:7.2f} s CPU  {wall:7.2f} s wall  '
              f'{rss:6.0f} MB RSS   {cpu / first:6.2f} x the CPU of the first (spread {spread:.2f})')


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--winnow', default='.build/release/winnow')
    ap.add_argument('--mb', type=int, default=200)
    ap.add_argument('--rounds', type=int, default=3)
    a = ap.parse_args()
    winnow = os.path.abspath(a.winnow)
    if not os.access(winnow, os.X_OK):
        sys.exit(f'{a.winnow}: not built; run `make build`')
    print(f'{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, '
          f'load {os.getloadavg()[0]:.1f}; winnow '
          + subprocess.run([winnow, '--version'], capture_output=True, text=True).stdout.strip())
    with tempfile.TemporaryDirectory() as tmp:
        log, xml, out, patterns = (f'{tmp}/{n}' for n in ('service.log', 'events.xml', 'out', 'one'))
        make('log', a.mb, log)
        make('events', a.mb, xml)
        with open(f'{HERE}/patterns.txt', encoding='utf-8') as f:
            alternatives = [p.rstrip('\n') for p in f if p.strip()]
        with open(patterns, 'w', encoding='utf-8') as f:
            f.write('|'.join(f'(?:{p})' for p in alternatives))
        scan = [winnow, 'scan', '--format', 'ndjson', '--quiet', '--fail-on', 'never']
        tools = [('winnow scan, default packs, 1 job', scan + ['--jobs', '1', log]),
                 ('winnow scan, default packs, 2 jobs', scan + ['--jobs', '2', log])]
        if shutil.which('grep'):
            tools.append((f'grep -P -c, {len(alternatives)} patterns', ['env', 'LC_ALL=C', 'grep', '-P', '-c', '-f', patterns, log]))
        if shutil.which('rg'):
            tools.append((f'rg -P -c, {len(alternatives)} patterns', ['rg', '-P', '-c', '--no-config', '-f', patterns, log]))
        compare('NSSM log', log, tools, a.rounds, out)
        tools = [('winnow scan, default packs, 1 job', scan + ['--jobs', '1', xml]),
                 ('winnow scan, default packs, 2 jobs', scan + ['--jobs', '2', xml])]
        if shutil.which('xmllint'):
            rooted = f'{tmp}/rooted.xml'
            with open(rooted, 'wb') as f, open(xml, 'rb') as g:
                f.write(b'<Events>')
                shutil.copyfileobj(g, f)
                f.write(b'</Events>')
            tools.append(('xmllint --stream --noout', ['xmllint', '--stream', '--noout', rooted]))
        compare('Windows events', xml, tools, a.rounds, out)


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""Fails when a scan of small inputs takes more instructions than bench/ceilings.txt allows.

Instructions are counted by valgrind, which gives the same number again to within 0.01 % however busy
the machine is. They tell nothing of caches and of vectors wider than 256 bits, which valgrind does not
know: the ceiling catches work that was added, `make bench` tells the speed. Where there is no valgrind,
or another compiler than the one that the ceilings were recorded with, it says so and passes."""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

import generate
import peers
import rules

HERE = os.path.dirname(os.path.abspath(__file__))
CEILINGS = f'{HERE}/ceilings.txt'
ROOM = 1.1
TIMEOUT = 300


def inputs(folder, configuration):
    """(row, arguments of `winnow scan`): what is scanned with which rules."""
    def write(name, content):
        with open(f'{folder}/{name}', 'wb') as f:
            f.write(content)
        return f.name
    # A thirtieth of the rules: to load all of them would outweigh the scan.
    text = write('text.yaml', ''.join(rules.pack(150, every=30)).encode())
    event = write('event.yaml', ''.join(rules.event_pack(every=30)).encode())
    line = write('line.log', b'2026/03/01 00:00:00 open C:\\svc\\data\\1.csv: Too many open files\n')
    log = write('service.log', b''.join(generate.blocks('log', 250_000, 0.05, 7)))
    events = write('events.xml', b''.join(generate.blocks('events', 250_000, 0.1, 7)))
    crashes = write('crashes.log', b''.join(generate.blocks('crashes', 100_000, 0, 7)))
    few = ['--no-default-rules', '--rules', text, '--rules', event]
    rows = [('start with 10 rules', [*few, line]),
            ('250 kB of log, 10 rules', [*few, log]),
            ('250 kB of events, 10 rules', [*few, events]),
            ('100 kB of crashes, 10 rules', [*few, crashes])]
    # A debug build takes half a minute of valgrind to read the default packs: too long for each test run.
    return rows if configuration == 'debug' else [('start with all default packs', [line]), *rows]


def count(winnow, arguments):
    """Instructions of one scan; None where valgrind itself cannot run the binary."""
    # Swift seeds its hashes anew in each process otherwise, and the count would vary.
    command = ['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', winnow, 'scan', '--format',
               'ndjson', '--quiet', '--fail-on', 'never', '--jobs', '1', '--output', '/dev/null', *arguments]
    p = subprocess.run(command, env={**os.environ, 'SWIFT_DETERMINISTIC_HASHING': '1'}, stdin=subprocess.DEVNULL,
                       capture_output=True, text=True, timeout=TIMEOUT)
    found = re.search(r'Collected : (\d+)', p.stderr)
    if re.search('unhandled instruction|unrecognised instruction|Giving up', p.stderr):
        return None
    if p.returncode or not found:
        sys.exit(f'{" ".join(command)}: exit status {p.returncode}\n{p.stderr[-2000:]}')
    return int(found[1])


def recorded():
    """Compiler, and ceilings by (configuration, row)."""
    compiler, ceilings = '', {}
    with open(CEILINGS, encoding='utf-8') as f:
        for line in f:
            if line.startswith('compiler: '):
                compiler = line.split(': ', 1)[1].strip()
            elif not line.startswith('#'):
                configuration, number, row = line.rstrip('\n').split(' ', 2)
                ceilings[configuration, row] = int(number)
    return compiler, ceilings


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--winnow', required=True)
    ap.add_argument('--configuration', choices=['debug', 'release'], default='debug')
    ap.add_argument('--record', action='store_true', help='write new ceilings, a tenth above what is counted')
    a = ap.parse_args()
    if not shutil.which('valgrind'):
        print(f'ceiling: no valgrind here, instructions are not counted; {peers.INSTALL["valgrind"]}')
        return
    said = re.search(r'Swift version \S+', peers.said('swift', '--version'))
    compiler, ceilings = recorded()
    here = f'{said[0] if said else "unknown"}, {os.uname().machine}'
    if compiler != here and not a.record:
        print(f'ceiling: recorded with {compiler}, here is {here}: instructions are not compared')
        return
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # Valgrind gives up on the debug information of a binary as large as ours.
        bare = f'{folder}/winnow'
        if not shutil.which('strip') or subprocess.run(['strip', '-o', bare, a.winnow]).returncode:
            bare = os.path.abspath(a.winnow)
        rows = inputs(folder, a.configuration)
        counts = dict(zip((row for row, _ in rows), pool.map(lambda r: count(bare, r[1]), rows)))
    if None in counts.values():
        print('ceiling: valgrind does not know this binary (an instruction, or its debug information): not counted')
        return
    if a.record:
        # Ceilings of another compiler, or of rows that are gone, say nothing any more.
        ceilings = {k: n for k, n in ceilings.items() if k[0] != a.configuration and compiler == here}
        ceilings.update({(a.configuration, row): int(n * ROOM) for row, n in counts.items()})
        with open(CEILINGS, 'w', encoding='utf-8') as f:
            f.write('# Instructions that a scan may take: bench/ceiling.py --record writes a tenth above the count.\n'
                    f'compiler: {here}\n')
            f.writelines(f'{c} {n} {row}\n' for (c, row), n in sorted(ceilings.items()))
    over = 0
    for row, n in counts.items():
        limit = ceilings.get((a.configuration, row))
        if limit is None:
            sys.exit(f'ceiling: none recorded for {a.configuration}, {row}; bench/ceiling.py --record')
        over += n > limit
        print(f'ceiling: {"OVER" if n > limit else "ok  "} {row}: {n:,} instructions of {limit:,}')
    if over:
        sys.exit(f'ceiling: {over} over; make it cheaper, or say in the commit why not and run '
                 f'bench/ceiling.py --record --configuration {a.configuration} --winnow {a.winnow}')


if __name__ == '__main__':
    main()

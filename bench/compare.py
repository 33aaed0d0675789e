#!/usr/bin/env python3
"""Winnow beside its peers: the same rules on the same data, all in one run.

Every command runs once a round, so that a busy machine slows all alike; the first round warms up and
its output is checked against the others'. Medians of the further rounds are compared by user CPU and
by wall time. Winnow frames, decodes and reports with NDJSON out; the peers count lines, or parse.
A full run writes docs/performance.md; --quick and --rows only print, but for --output."""
import argparse
import os
import shutil
import statistics
import subprocess
import sys

import check
import report
from data import Data
from peers import Peers

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GROUPS = {
    'log': '400 MB of log, 150 rules, crash framing on, against rg, rg -P, grep -P and Hyperscan',
    'jobs': '--jobs 2 against --jobs 1',
    'packs': 'all default packs and correlation against the 150 stateless rules',
    'events': '400 MB of event XML with 1, 10 and 100 % candidates against xmllint',
    'utf16': 'the events as UTF-16LE',
    'rules': '1,500 and 2,858 rules against 150',
    'stdin': 'a pipe against the file',
    'dump': 'a crash with 10,000 goroutines',
    'crashes': '100 MB of crashes',
    'gz': 'gzip input against gzip -dc',
    'start': 'cold start with one line',
    'rss': 'the most memory of any run of Winnow',
}
STARTS = 20


class Run:
    """A command that is measured once a round; `feed` is a file that comes through a pipe."""
    def __init__(self, command, data, feed=None, times=1):
        self.command, self.data, self.feed, self.times = command, data, feed, times
        self.samples = []

    def once(self, out):
        """User and system CPU and wall seconds, MB of memory; the output is in `out`."""
        command = [sys.executable, '-I', '-S', f'{ROOT}/bench/measure.py', out, self.feed or '', *self.command]
        p = subprocess.run(command, capture_output=True, text=True)
        *sample, status = (float(x) for x in p.stdout.split()) if not p.returncode else (p.returncode,)
        if status not in (0, 1) or len(sample) != 4:
            sys.exit(f'{" ".join(self.command)}: exit status {status:.0f}\n{p.stderr}')
        return sample

    def median(self, what):
        column = {'user': 0, 'wall': 2, 'rss': 3}
        if what == 'cpu':
            return statistics.median(s[0] + s[1] for s in self.samples)
        return statistics.median(s[column[what]] for s in self.samples)


class Bench:
    def __init__(self, winnow, data, peers, groups, small):
        self.winnow, self.data, self.peers, self.groups, self.small = winnow, data, peers, groups, small
        self.runs, self.rows, self.checks = {}, [], []
        self.shown = f'{data.mb} MB'

    def scan(self, name, path, pack=None, jobs=1, default=False, feed=None, times=1):
        if name not in self.runs:
            command = [self.winnow, 'scan', '--format', 'ndjson', '--quiet', '--fail-on', 'never', '--jobs', str(jobs)]
            command += [] if default else ['--no-default-rules']
            command += ['--rules', pack] if pack else []
            self.runs[name] = Run(command + ['-' if feed else path], path, feed, times)
        return name

    def peer(self, name, peer, *arguments, path):
        if peer not in self.peers.commands:
            return None
        self.runs[name] = Run([*self.peers.commands[peer], *arguments, path], path)
        return name

    def row(self, group, title, kind, target, mine, other=None, by=('wall', 'user')):
        """`kind`: `faster` (other / mine), `slower` (mine / other), `seconds`, `mb_per_cpu`, `rss`."""
        if kind in ('faster', 'slower') and not (mine and other):
            return
        self.rows.append({'group': group, 'title': title, 'kind': kind, 'target': target,
                          'mine': mine, 'other': other, 'by': by})

    def add_log(self):
        rules, patterns = self.data.pack(), self.data.patterns()
        one = self.data.alternation(patterns)
        for percent in ('0.1', '5'):
            log = self.data.log(percent)
            short = self.data.slice(percent, self.small)
            whole = self.scan(f'log {percent}', log, rules)
            part = self.scan(f'log {percent} part', short, rules)
            title = f'{self.shown} log, {percent} % hits, 150 rules'
            slice_title = f'{self.small} MB of it (the peer is slow)'
            self.row('log', f'{title}: `rg -c -f`', 'faster', 3.5, whole,
                     self.peer(f'rg {percent}', 'rg', '-c', '-f', patterns, path=log))
            self.row('log', f'{title}, {slice_title}: `rg -P -c -f`', 'faster', 30, part,
                     self.peer(f'rg -P {percent}', 'rg -P', '-c', '-f', patterns, path=short))
            self.row('log', f'{title}, {slice_title}: `grep -P -c`', 'faster', 20, part,
                     self.peer(f'grep -P {percent}', 'grep -P', '-c', '-f', one, path=short))
            self.row('log', f'{title}: {self.peers.versions.get("hyperscan", "")}', 'faster', 1.2, whole,
                     self.peer(f'hyperscan {percent}', 'hyperscan', patterns, path=log))
            if 'rg' in self.peers.commands:
                rg = [*self.peers.commands['rg'], '-b', '-f', patterns]
                self.lines(whole, 'rg', [*rg, log])
                self.lines(part, 'rg', [*rg, short])
            if 'rg -P' in self.peers.commands:
                self.lines(part, 'rg -P', [*self.peers.commands['rg -P'], '-b', '-f', patterns, short])
            if 'grep -P' in self.peers.commands:
                self.lines(part, 'grep -P', [*self.peers.commands['grep -P'], '-b', '-f', one, short])
            if 'hyperscan' in self.peers.commands:
                self.lines(whole, 'hyperscan', [*self.peers.commands['hyperscan'], '-b', patterns, log])
            self.checks.append((whole, f"Python `re`, rule by rule, on the first {self.small // 2} MB",
                                lambda f, log=log: check.same_rules(f, log, self.small * 500_000)))

    def lines(self, run, peer, command):
        def same(found):
            theirs = check.offsets(command, f'{self.data.folder}/peer.out')
            return 'the peer failed' if theirs is None else check.same_lines(found, theirs)
        self.checks.append((run, f'{peer}, line by line', same))

    def equal(self, run, other, by=(0, 1, 2, 3)):
        """Same findings as another run, told by the parts of each that `by` names."""
        def same(found):
            theirs = check.findings(self.out(other))
            a, b = (sorted(tuple(str(f[i]) for i in by) for f in x) for x in (found, theirs))
            return None if a == b else f'{len(a)} findings, the other has {len(b)}'
        self.checks.append((run, other, same))

    def add_jobs(self):
        for percent in ('0.1', '5'):
            log, rules = self.data.log(percent), self.data.pack()
            one, two = self.scan(f'log {percent}', log, rules), self.scan(f'log {percent} 2 jobs', log, rules, jobs=2)
            self.row('jobs', f'{self.shown} log, {percent} % hits: 2 jobs against 1', 'faster', 1.7, two, one, by=('wall',))
            self.equal(two, one)

    def add_packs(self):
        for percent in ('0.1', '5'):
            log = self.data.log(percent)
            self.row('packs', f'{self.shown} log, {percent} % hits: all default packs, correlation', 'slower', 1.3,
                     self.scan(f'log {percent} default packs', log, default=True),
                     self.scan(f'log {percent}', log, self.data.pack()))

    def add_events(self):
        for percent, target in (('1', 12), ('10', 8), ('100', 3)):
            path = self.data.events(percent)
            mine = self.scan(f'events {percent}', path, self.data.event_pack())
            self.row('events', f'{self.shown} event XML, 150 rules, {percent} % candidates: `xmllint --stream --noout`',
                     'faster', target, mine, self.peer(f'xmllint {percent}', 'xmllint', path=path))
            limit = self.small * 1_000_000
            self.checks.append((mine, f"Python's XML parser, rule by rule, on the first {self.small} MB",
                                lambda f, path=path: check.same_events(f, path, limit)))

    def add_utf16(self):
        pack = self.data.event_pack()
        plain = self.scan('events 10', self.data.events('10'), pack)
        wide = self.scan('events 10 UTF-16LE', self.data.events_utf16('10'), pack)
        self.row('utf16', 'the same events as UTF-16LE, per event', 'slower', 1.5, wide, plain)
        self.equal(wide, plain, by=(0, 3))

    def add_rules(self):
        log = self.data.log('0.1')
        few = self.scan('log 0.1', log, self.data.pack())
        for count, target in ((1500, 1.5), (2858, 2)):
            many = self.scan(f'log 0.1 {count} rules', log, self.data.pack(count))
            self.row('rules', f'{self.shown} log, 0.1 % hits: {count:,} rules instead of 150', 'slower', target, many, few)
            if 'rg' in self.peers.commands:
                self.lines(many, 'rg', [*self.peers.commands['rg'], '-b', '-f', self.data.patterns(count), log])

    def add_stdin(self):
        log, rules = self.data.log('0.1'), self.data.pack()
        file, pipe = self.scan('log 0.1', log, rules), self.scan('log 0.1 pipe', log, rules, feed=log)
        self.row('stdin', f'{self.shown} log through a pipe', 'slower', 1.3, pipe, file)
        self.equal(pipe, file)

    def add_dump(self):
        path = self.data.dump()
        run = self.scan('dump', path, self.data.crash_pack(), default=True)
        self.row('dump', f'10,000 goroutines, {os.path.getsize(path) / 1e6:.1f} MB, default packs', 'seconds', 0.1, run)
        self.checks.append((run, 'one crash that holds all goroutines', self.crashes(path, 1)))

    def add_crashes(self):
        path = self.data.crashes()
        run = self.scan('crashes', path, self.data.crash_pack(), default=True)
        self.row('crashes', f'{os.path.getsize(path) / 1e6:.0f} MB of crashes, default packs', 'mb_per_cpu', 150, run)
        self.checks.append((run, 'as many crashes as `panic:` lines', self.crashes(path)))

    def crashes(self, path, expected=None):
        def same(found):
            with open(path, 'rb') as f:
                text = f.read()
            panics = text.count(b'\npanic: ') if expected is None else expected
            spans = [(o, n) for rule, o, n, _ in found if rule == 'benchcrash.any']
            inside = sum(text.count(b'\ngoroutine ', o, o + n) for o, n in spans)
            goroutines = text.count(b'\ngoroutine ')
            if (len(spans), inside) == (panics, goroutines):
                return None
            return f'{len(spans)} crashes with {inside} goroutines, not {panics} with {goroutines}'
        return same

    def add_gz(self):
        if 'gzip' not in self.peers.commands:
            return
        path = self.data.gz('0.1')
        mine = self.scan('log 0.1 gz 2 jobs', path, self.data.pack(), jobs=2)
        self.row('gz', f'{self.shown} log as .gz, 2 jobs: `gzip -dc`', 'slower', 1.1, mine,
                 self.peer('gzip -dc', 'gzip', path=path), by=('wall',))
        self.equal(mine, self.scan('log 0.1', self.data.log('0.1'), self.data.pack()))

    def add_start(self):
        run = self.scan('one line', self.data.line(), default=True, times=STARTS)
        self.row('start', 'cold start, default packs, one line', 'seconds', 0.02, run, by=('wall',))

    def add_rss(self):
        if self.runs:
            self.row('rss', 'memory of the largest of these runs', 'rss', 64, None, by=('rss',))

    def out(self, name):
        return f'{self.data.folder}/{name.replace(" ", "_")}.out'

    def measure(self, rounds):
        for group in self.groups:
            getattr(self, f'add_{group}')()
        for number in range(rounds + 1):
            for name, run in self.runs.items():
                for _ in range(run.times):
                    sample = run.once(self.out(name))
                    if number:
                        run.samples.append(sample)
            print(f'round {number} of {rounds} done, load {os.getloadavg()[0]:.1f}', file=sys.stderr)

    def verify(self):
        """(run, against, None or what differs) of each check, on the last round's output."""
        findings, results = {}, []
        for run, against, same in self.checks:
            if run not in findings:
                findings[run] = check.findings(self.out(run))
            results.append((run, against, len(findings[run]), same(findings[run])))
        return results


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--winnow', default=f'{ROOT}/.build/release/winnow', help='the release binary')
    ap.add_argument('--quick', action='store_true', help='40 MB instead of 400, 10 of crashes: indicative only')
    ap.add_argument('--rows', default=','.join(GROUPS), metavar='A,B', help='only these: ' + ', '.join(GROUPS))
    ap.add_argument('--rounds', type=int, default=5, help='after the warm-up (default 5)')
    ap.add_argument('--work', default=f'{ROOT}/.build/bench', help='where data and outputs are kept (7 GB, with --quick 0.7)')
    ap.add_argument('--output', help='write the table to this file (a full run: docs/performance.md)')
    a = ap.parse_args()
    winnow, groups = os.path.abspath(a.winnow), a.rows.split(',')
    unknown = [g for g in groups if g not in GROUPS]
    if unknown or a.rounds < 1:
        sys.exit(f'unknown rows: {", ".join(unknown)}; known: {", ".join(GROUPS)}' if unknown else '--rounds: at least 1')
    if not os.access(winnow, os.X_OK):
        sys.exit(f'{a.winnow}: not built; run `make build`')
    folder = os.path.abspath(a.work)
    data = Data(folder, 40 if a.quick else 400)
    if shutil.disk_usage(folder).free < data.mb * 20e6:
        sys.exit(f'{folder}: {data.mb / 50:.0f} GB of room are needed')
    peers = Peers(folder)
    for words in peers.missing():
        print(words, file=sys.stderr)
    bench = Bench(winnow, data, peers, groups, 4 if a.quick else 40)
    packs = [data.pack(), data.event_pack(), data.crash_pack()]
    tests = subprocess.run([winnow, 'rules', 'test', *packs], capture_output=True, text=True)
    if tests.returncode:
        sys.exit(f'the rules of the bench fail their tests:\n{tests.stdout}{tests.stderr}')
    began = os.getloadavg()[0]
    bench.measure(a.rounds)
    results = bench.verify()
    told = report.Report(bench, results, a.rounds, a.quick, (began, os.getloadavg()[0]))
    print(told.text())
    full = not a.quick and set(groups) == set(GROUPS)
    output = a.output or (f'{ROOT}/docs/performance.md' if full else None)
    if output:
        with open(output, 'w', encoding='utf-8') as f:
            f.write(told.markdown())
        print(f'written: {output}', file=sys.stderr)
    # A row that is not reached is a result; findings that differ are an error.
    sys.exit(1 if any(differs for *_, differs in results) else 0)


if __name__ == '__main__':
    main()

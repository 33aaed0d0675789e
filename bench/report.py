"""The table of a bench run, for the terminal and for docs/performance.md."""
import datetime
import os
import platform
import subprocess

import peers


class Report:
    def __init__(self, bench, checks, rounds, quick, load):
        self.bench, self.checks, self.rounds, self.quick, self.load = bench, checks, rounds, quick, load
        self.rows = [self._row(r) for r in bench.rows]

    def _row(self, row):
        """(title, target, measured, ratio, reached) as words."""
        runs, kind, target, by = self.bench.runs, row['kind'], row['target'], row['by']
        if kind == 'rss':
            name, most = max(((n, max(s[3] for s in r.samples)) for n, r in runs.items()
                              if r.command[0] == self.bench.winnow), key=lambda x: x[1])
            return row['title'], f'≤ {target} MB', f'{most:.0f} MB ({name})', '', most <= target
        mine = runs[row['mine']]
        if kind == 'seconds':
            wall = mine.median('wall')
            return row['title'], f'≤ {target:g} s', f'{wall:.3f} s wall, {mine.median("user"):.3f} s user', '', wall <= target
        if kind == 'mb_per_cpu':
            speed = os.path.getsize(mine.data) / 1e6 / mine.median('cpu')
            return row['title'], f'≥ {target} MB per CPU-s', f'{speed:.0f} MB per CPU-s', '', speed >= target
        other = runs[row['other']]
        pairs = [(mine.median(m), other.median(m)) for m in by]
        if kind == 'faster':
            ratios = [theirs / max(ours, 1e-3) for ours, theirs in pairs]
            reached, limit = all(r >= target for r in ratios), f'≥ {target:g}× faster'
        else:
            ratios = [ours / max(theirs, 1e-3) for ours, theirs in pairs]
            reached, limit = all(r <= target for r in ratios), f'≤ {target:g}× the time'
        measured = ', '.join(f'{ours:.3f} s against {theirs:.3f} {m}' for (ours, theirs), m in zip(pairs, by))
        return row['title'], limit, measured, ' / '.join(f'{r:.2f}×' for r in ratios), reached

    def machine(self):
        cpu = platform.machine()
        try:
            with open('/proc/cpuinfo', encoding='utf-8') as f:
                cpu = next(line.split(':', 1)[1].strip() for line in f if line.startswith('model name'))
        except (OSError, StopIteration):
            pass
        memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30
        return f'{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release().partition("-")[0]}'

    def versions(self):
        here = os.path.dirname(os.path.abspath(__file__))
        commit = subprocess.run(['git', '-C', here, 'describe', '--always', '--dirty'], capture_output=True, text=True)
        swift = peers.said('swift', '--version').splitlines()
        return [('winnow', f'{peers.said(self.bench.winnow, "--version")}, commit {commit.stdout.strip() or "unknown"}'),
                ('swift', next((line for line in swift if 'version' in line), 'unknown')),
                *self.bench.peers.versions.items(), ('Python', platform.python_version())]

    def notes(self):
        run = f'{self.rounds} rounds after a warm-up, interleaved; load {self.load[0]:.1f} at the start, {self.load[1]:.1f} at the end'
        return [self.machine(), run] + (['a quick run: small inputs, so start-up weighs more than it should'] if self.quick else [])

    def spread(self):
        """The widest spread of wall times of one command, as the rest of the words on noise."""
        def ratio(r):
            return max(s[2] for s in r.samples) / min(s[2] for s in r.samples)
        name, run = max(((n, r) for n, r in self.bench.runs.items() if r.times == 1), key=lambda x: ratio(x[1]), default=(None, None))
        return f'widest spread of one command, slowest by fastest round: {ratio(run):.2f} ({name})' if run else ''

    def text(self):
        lines = ['', *self.notes(), self.spread(), '']
        for title, target, measured, ratio, reached in self.rows:
            lines += [f'{"reached    " if reached else "not reached"}  {title}',
                      f'             {measured}{"; " + ratio if ratio else ""}; target {target}']
        lines += ['', 'correctness:']
        lines += [f'  {"differs" if differs else "same"}: {run}, {count:,} findings, against {against}{": " + differs if differs else ""}'
                  for run, against, count, differs in self.checks]
        lines += [f'{sum(r[4] for r in self.rows)} of {len(self.rows)} rows reached']
        return '\n'.join(lines)

    def markdown(self):
        date = datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d')
        lines = ['# Performance', '',
                 'Written by `make bench`; not to be edited. Every command ran once a round beside all others, on',
                 'generated data (`bench/generate.py`, checked by hash) in the page cache, with output to a file.',
                 'Winnow runs with `--jobs 1` where no other number is given, frames crashes, and writes NDJSON; its',
                 'peers count lines or parse. Ratios are of medians, wall / user CPU; a row is reached when both are.',
                 'One in ten of the candidate events is what its rule wants.',
                 '', f'- date: {date}', *(f'- {note}' for note in self.notes()), f'- {self.spread()}',
                 *(f'- {name}: {version}' for name, version in self.versions()),
                 *(f'- {words}' for words in self.bench.peers.missing()),
                 '', '| work | target | measured | ratio | reached |', '|---|---|---|---|---|']
        lines += [f'| {t} | {target} | {m} | {ratio} | {"yes" if reached else "**no**"} |'
                  for t, target, m, ratio, reached in self.rows]
        lines += ['', '## All commands', '', '| run | wall s | user s | memory MB |', '|---|---|---|---|']
        lines += [f'| {name} | {r.median("wall"):.3f} | {r.median("user"):.3f} | {r.median("rss"):.0f} |'
                  for name, r in self.bench.runs.items()]
        lines += ['', '## The same findings', '',
                  'Lines of a peer are compared with the records of Winnow by byte offset, in both directions.', '',
                  '| run | findings | compared with | result |', '|---|---|---|---|']
        lines += [f'| {run} | {count:,} | {against} | {differs or "same"} |' for run, against, count, differs in self.checks]
        return '\n'.join(lines) + '\n'

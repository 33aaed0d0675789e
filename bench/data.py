"""The bench's inputs: data generated once into a folder and checked by hash in each run, and rules."""
import hashlib
import os
import shutil
import subprocess
import sys

import rules

HERE = os.path.dirname(os.path.abspath(__file__))


def recorded():
    with open(f'{HERE}/data.sha256', encoding='utf-8') as f:
        return {name: digest for digest, name in (line.split() for line in f)}


def digest(path):
    h = hashlib.sha256()
    with open(path, 'rb') as f:
        for block in iter(lambda: f.read(1 << 20), b''):
            h.update(block)
    return h.hexdigest()


class Data:
    """Files by name; each is made when it is first asked for."""
    def __init__(self, folder, mb):
        self.folder, self.mb = folder, mb
        self.hashes, self.checked = recorded(), set()
        os.makedirs(folder, exist_ok=True)

    def _file(self, name, make):
        """`name`, made by `make(path)` where it is missing or not what its hash says."""
        path, wanted = f'{self.folder}/{name}', self.hashes.get(name)
        if name in self.checked:
            return path
        self.checked.add(name)
        if os.path.exists(path) and wanted and digest(path) == wanted:
            return path
        print(f'making {name}', file=sys.stderr)
        make(path + '.new')
        os.replace(path + '.new', path)
        found = digest(path)
        if wanted and found != wanted:
            sys.exit(f'{name}: SHA-256 is {found}, bench/data.sha256 says {wanted}')
        if not wanted:
            print(f'no hash in bench/data.sha256: {found} {name}', file=sys.stderr)
        return path

    def _script(self, name, script, *arguments):
        def make(path):
            with open(path, 'wb') as f:
                subprocess.run([sys.executable, f'{HERE}/{script}', *map(str, arguments)], stdout=f, check=True)
        return self._file(name, make)

    def log(self, percent):
        return self._script(f'log-{percent}-{self.mb}.log', 'generate.py', 'log', '--mb', self.mb, '--hits', percent)

    def events(self, percent):
        return self._script(f'events-{percent}-{self.mb}.xml', 'generate.py', 'events', '--mb', self.mb, '--hits', percent)

    def dump(self):
        return self._script('dump.log', 'generate.py', 'dump')

    def crashes(self):
        mb = self.mb // 4
        return self._script(f'crashes-{mb}.log', 'generate.py', 'crashes', '--mb', mb)

    def events_utf16(self, percent):
        """The same events as Event Viewer saves them; twice the bytes."""
        def make(path):
            with open(self.events(percent), encoding='utf-8', newline='') as f, \
                    open(path, 'w', encoding='utf-16-le', newline='') as g:
                g.write('\ufeff')
                first = f.read(1 << 20).replace('encoding="utf-8"', 'encoding="utf-16"', 1)
                g.write(first)
                shutil.copyfileobj(f, g, 1 << 20)
        return self._file(f'events-{percent}-{self.mb}-utf16.xml', make)

    def slice(self, percent, mb):
        """The first `mb` of a log, up to a line end."""
        path = f'{self.folder}/log-{percent}-{self.mb}-first{mb}.log'
        with open(self.log(percent), 'rb') as f, open(path, 'wb') as g:
            g.write(f.read(mb * 1_000_000))
            g.write(f.readline())
        return path

    def gz(self, percent):
        """The log as `gzip -6` leaves it; its own bytes may differ between versions of gzip."""
        log = self.log(percent)
        path = f'{self.folder}/{os.path.basename(log)}.gz'
        if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(log):
            with open(path + '.new', 'wb') as f:
                subprocess.run(['gzip', '-6', '-n', '-c', log], stdout=f, check=True)
            os.replace(path + '.new', path)
        return path

    def line(self):
        return self._text('line.log', '2026/03/01 00:00:00 open C:\\svc\\data\\1.csv: Too many open files\n')

    def patterns(self, count=150):
        return self._text(f'patterns-{count}', ''.join(r.pattern + '\n' for r in rules.rules(count)))

    def pack(self, count=150):
        return self._text(f'pack-{count}.yaml', ''.join(rules.pack(count)))

    def event_pack(self):
        return self._text('events.yaml', ''.join(rules.event_pack()))

    def crash_pack(self):
        return self._text('crash.yaml', ''.join(rules.crash_pack()))

    def _text(self, name, text):
        with open(f'{self.folder}/{name}', 'w', encoding='utf-8') as f:
            f.write(text)
        return f.name

    def alternation(self, patterns):
        """One pattern of all, for grep -P, which takes no list; caseless ones keep to themselves."""
        with open(patterns, encoding='utf-8') as f, open(patterns + '.one', 'w', encoding='utf-8') as g:
            g.write('|'.join(f'(?:{line.rstrip()})' for line in f))
        return patterns + '.one'

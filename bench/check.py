"""Whether all tools found the same: a speed is worth nothing without it."""
import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import rules


def findings(path):
    """(rule, offset, length, record id) of each finding's first record."""
    made = []
    with open(path, 'rb') as f:
        for line in f:
            finding = json.loads(line)
            e = finding['evidence'][0]
            made.append((finding['rule'], e['offset'], e['length'], e['record_id']))
    return made


def offsets(command, out):
    """Byte offsets of the lines that a peer says it found."""
    with open(out, 'wb') as f:
        if subprocess.run(command, stdout=f).returncode not in (0, 1):
            return None
    with open(out, 'rb') as f:
        return [int(line.split(b':', 1)[0]) for line in f]


def same_lines(ours, theirs):
    """None where each of their lines lies in a record of ours and each record of ours holds one.

    A record is a line, or a crash that is many; lines are told by offset."""
    spans = sorted({(offset, offset + length) for _, offset, length, _ in ours})
    lines = sorted(set(theirs))
    at, outside, empty = 0, 0, 0
    for start, end in spans:
        while at < len(lines) and lines[at] < start:
            outside, at = outside + 1, at + 1
        first = at
        while at < len(lines) and lines[at] < end:
            at += 1
        empty += first == at
    outside += len(lines) - at
    if outside or empty:
        return f'{outside} lines of the peer are in no record, {empty} records hold no line of it'
    return None


def same_rules(ours, path, limit):
    """None where Python's `re`, rule by rule and line by line, finds the same in the first `limit` bytes.

    In a record of several lines the rule need not be found where Winnow looks only at its headline."""
    compiled = [(f'bench.{r.name.replace(".", "-")}', re.compile(r.pattern)) for r in rules.base()]
    with open(path, 'rb') as f:
        data = f.read(limit)
    data = data[:data.rfind(b'\n') + 1]
    lines, offset = {}, 0
    for line in data.split(b'\n'):
        lines[offset] = line.decode('utf-8', 'replace')
        offset += len(line) + 1
    many = [(o, o + n) for _, o, n, _ in ours if o < len(data) and b'\n' in data[o:o + n].rstrip(b'\n')]
    framed = {o for start, end in many for o in lines if start <= o < end} if many else set()
    expected = {(name, o) for o, line in lines.items() if o not in framed
                for name, pattern in compiled if pattern.search(line)}
    found = {(rule, o) for rule, o, _, _ in ours if o < len(data) and o not in framed}
    if expected != found:
        a, b = sorted(expected - found), sorted(found - expected)
        return f're finds {len(a)} more {a[:2]}, Winnow {len(b)} more {b[:2]}'
    return None


def same_events(ours, path, limit):
    """None where an XML parser finds the same rules in the events of the first `limit` bytes."""
    wanted = {(provider, code): f'benchevents.{name}' for name, provider, code in rules.event_rules()}
    space = '{http://schemas.microsoft.com/win/2004/08/events/event}'
    parser = ElementTree.XMLPullParser(['end'])
    with open(path, 'rb') as f:
        parser.feed(f.read(limit))
    expected, last = set(), 0
    for _, element in parser.read_events():
        if element.tag != space + 'Event':
            continue
        system = element.find(space + 'System')
        last = int(system.find(space + 'EventRecordID').text)
        key = system.find(space + 'Provider').get('Name'), int(system.find(space + 'EventID').text)
        state = next((d.text for d in element.iter(space + 'Data') if d.get('Name') == 'state'), '')
        if key in wanted and 'failed' in state:
            expected.add((wanted[key], last))
        element.clear()
    found = {(rule, int(record)) for rule, _, _, record in ours if int(record) <= last}
    if expected != found:
        return f'an XML parser finds {len(expected - found)} more, Winnow {len(found - expected)} more'
    return None

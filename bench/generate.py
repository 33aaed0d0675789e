#!/usr/bin/env python3
"""Bench data from a seed; the same options give the same bytes anywhere.

    generate.py log --mb 400 --hits 0.1 > service.log     # percent of lines that a bench rule finds
    generate.py events --mb 400 --hits 10 > events.xml    # percent of events that are candidates
    generate.py dump > dump.log                           # one crash with 10,000 goroutines
    generate.py crashes --mb 100 > crashes.log

A smaller `--mb` gives the beginning of a larger one, but for the closing tag of the events. Only the
standard library, and of it only random.Random(seed).random(), which does not change between versions.
A candidate is an event of which a bench rule names provider and id; one in ten is what the rule wants."""
import argparse
import random
import sys

import rules

QUIET = [
    '%(std)s processed order %(n)d of batch %(m)d in %(k)dms for tenant eu-west-%(k)d, 14 items, '
    'total 1841.%(k)d EUR, stored in shard %(k)d by worker %(m)d',
    'time=%(iso)s+08:00 level=INFO msg="batch flushed" component=ingest batch=%(n)d rows=%(m)d '
    'took=%(k)dms shard=%(k)d path="C:\\\\svc\\\\data\\\\2026\\\\03\\\\%(k)d.csv" trace=%(n)08x%(m)08x%(k)08x',
    '{"time":"%(iso)s.%(m)06d+08:00","level":"INFO","msg":"upstream answered","batch":%(n)d,"bytes":%(m)d,'
    '"peer":"10.0.3.%(k)d:8443","route":"/api/v1/batch/%(n)d","trace_id":"%(n)08x%(m)08x%(k)08x%(n)08x",'
    '"duration_ms":%(k)d,"cache":"hit","attempt":1,"region":"eu-west-1"}',
    '{"level":"info","ts":%(unix)d.%(m)06d,"caller":"ingest/ingest.go:%(k)d","msg":"client connected",'
    '"remote":"10.0.%(k)d.7:%(m)d","tls":"1.3","cipher":"TLS_AES_128_GCM_SHA256","session":"%(n)016x%(m)016x"}',
    'time="%(iso)s+08:00" level=debug msg="lease renewed" component=lease holder=web%(k)d batch=%(n)d '
    'next_renewal=%(k)ds revision=%(n)d%(m)d object=kube-system/orderd-%(k)d',
    '[GIN] %(gin)s | 200 | %(k)d.%(m)04dms | 10.0.3.%(k)d | GET "/api/v1/tenants/%(k)d/batch/%(n)d'
    '?fields=id,total,state&limit=%(k)d&cursor=%(n)08x%(m)08x"',
    'I0302 %(clock)s.%(m)06d    4000 controller.go:%(k)d] sync of orders/orderd-%(n)d done, queue depth '
    '%(k)d, 3 objects unchanged, resource version %(n)d%(m)d, next sync in %(k)ds',
    '%(std)s WARN slow answer (%(k)d ms): SELECT id, total, state, created FROM orders WHERE batch = %(n)d '
    'AND tenant = %(k)d AND state IN (1, 2, 3) ORDER BY created DESC LIMIT 100',
    '%(std)s DEBUG heartbeat %(n)d goroutines=%(k)d heap=%(m)dMB conns=%(k)d queue=%(k)d lag=%(m)dms '
    'checkpoint=%(n)d%(m)d open=%(k)d idle=%(k)d',
    '%(std)s INFO audit user=svc-%(k)d action=read object="orders/%(n)d" result=ok bytes=%(m)d '
    'agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36" session=%(n)016x',
    '%(std)s INFO cache: %(n)d entries, %(m)d evicted, hit rate 0.%(k)d, size %(k)d MB of 512 MB, '
    'oldest entry %(m)ds, refresh of segment %(k)d finished in %(k)d ms without errors',
]
CRASH = ('panic: runtime error: index out of range [%(k)d] with length 3\n\ngoroutine %(n)d [running]:\n'
         'example.com/orderd/store.(*Store).Put(0xc000012345, {0x0, 0x1})\n'
         '\tC:/src/orderd/store/store.go:%(k)d +0x1d\nmain.main()\n\tC:/src/orderd/main.go:31 +0x2a')
EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='%(provider)s' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}'/>"
    "<EventID Qualifiers='16384'>%(code)d</EventID><Version>0</Version><Level>%(level)d</Level>"
    "<Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords>"
    "<TimeCreated SystemTime='%(iso)s.%(m)06d0Z'/><EventRecordID>%(id)d</EventRecordID>"
    "<Correlation/><Execution ProcessID='%(k)d' ThreadID='%(m)d'/><Channel>%(channel)s</Channel>"
    "<Computer>WEB01.example.com</Computer><Security UserID='S-1-5-18'/></System>"
    "<EventData>%(data)s</EventData></Event>\r\n")
SUBJECT = (
    "<Data Name='SubjectUserSid'>S-1-5-18</Data><Data Name='SubjectUserName'>WEB01$</Data>"
    "<Data Name='SubjectDomainName'>EXAMPLE</Data><Data Name='SubjectLogonId'>0x3e7</Data>"
    "<Data Name='NewProcessId'>0x%(m)x</Data><Data Name='NewProcessName'>"
    "C:\\Windows\\System32\\conhost.exe</Data><Data Name='TokenElevationType'>%%%%1936</Data>"
    "<Data Name='ProcessId'>0x%(k)x</Data><Data Name='CommandLine'>\\??\\C:\\Windows\\system32\\"
    "conhost.exe 0xffffffff -ForceV1 &quot;batch %(n)d&quot;</Data>"
    "<Data Name='TargetUserSid'>S-1-0-0</Data><Data Name='ParentProcessName'>"
    "C:\\Windows\\System32\\cmd.exe</Data><Data Name='MandatoryLabel'>S-1-16-16384</Data>")
OTHERS = [
    ('Microsoft-Windows-Security-Auditing', 4688, 0, 'Security', SUBJECT),
    ('Microsoft-Windows-Security-Auditing', 4624, 0, 'Security', SUBJECT),
    ('Service Control Manager', 7036, 4, 'System',
     "<Data Name='param1'>Print Spooler</Data><Data Name='param2'>running</Data>"
     '<Binary>' + '530070006F006F006C00650072002F003400' * 8 + '</Binary>'),
    ('Microsoft-Windows-Windows Defender', 1150, 4, 'Microsoft-Windows-Windows Defender/Operational',
     "<Data Name='Product Name'>Microsoft Defender Antivirus</Data>"
     "<Data Name='Platform version'>4.18.%(n)d</Data>" + SUBJECT),
]
WANTED = "<Data Name='state'>it has %(state)s</Data><Data Name='batch'>%(n)d</Data>" + SUBJECT
STATES = ['failed'] + ['ended', 'started', 'paused'] * 3
FUNCTIONS = ['store.(*Store).Put', 'ingest.(*Reader).next', 'lease.(*Keeper).renew', 'queue.(*Queue).Pop',
             'web.(*Server).reply', 'db.(*Pool).acquire', 'audit.(*Log).write', 'cache.(*Segment).refresh']
STATUSES = ['select', 'chan receive', 'IO wait', 'semacquire', 'sync.Cond.Wait', 'sleep']


def clock(seconds):
    """Fields of a time stamp; a fixed day a bit past the other, no calendar needed."""
    day, rest = divmod(seconds, 86400)
    h, m, s = rest // 3600, rest // 60 % 60, rest % 60
    d = day % 28 + 1
    return {'std': '2026/03/%02d %02d:%02d:%02d' % (d, h, m, s),
            'iso': '2026-03-%02dT%02d:%02d:%02d' % (d, h, m, s),
            'gin': '2026/03/%02d - %02d:%02d:%02d' % (d, h, m, s),
            'clock': '%02d:%02d:%02d' % (h, m, s), 'unix': 1772300000 + seconds}


def log_line(r, share, fields):
    if r() >= share:
        return QUIET[int(r() * len(QUIET))] % fields + '\n'
    if r() < 0.02:
        return CRASH % fields + '\n'
    rule = RULES[int(r() * len(RULES))]
    line = rule.filled(fields['n'], fields['m'], fields['k'])
    return line + '\n' if rule.pattern[0] == '^' else f'{fields["std"]} {line}\n'


def event(r, share, fields):
    if r() < share:
        _, provider, code = EVENT_RULES[int(r() * len(EVENT_RULES))]
        level, channel, data = 2, 'Application', WANTED
        fields['state'] = STATES[int(r() * len(STATES))]
    else:
        provider, code, level, channel, data = OTHERS[int(r() * len(OTHERS))]
    fields.update(provider=provider, code=code, level=level, channel=channel, data=data % fields)
    return EVENT % fields


def stack(r, fields, depth):
    lines = []
    first = int(r() * len(FUNCTIONS))
    for i in range(depth):
        function = FUNCTIONS[(first + i * i) % len(FUNCTIONS)]
        package, line = function.split('.')[0], 20 + (first * 7 + i * 13) % 400
        lines.append('example.com/orderd/%s(0xc000%06x, {0x%x, 0x%x})\n'
                     '\tC:/src/orderd/%s/%s.go:%d +0x%x' % (
                         function, fields['n'], fields['m'], fields['k'], package, package, line, line))
    return '\n'.join(lines)


def crash(r, goroutines, depth, fields):
    """A panic with all its goroutines."""
    yield f'panic: cannot commit batch {fields["n"]}: state is torn\n\n'
    for i in range(goroutines):
        fields.update(n=int(r() * 100000), m=int(r() * 10000), k=int(r() * 250))
        status = 'running' if i == 0 else '%s, %d minutes' % (
            STATUSES[int(r() * len(STATUSES))], fields['k'] + 1)
        yield 'goroutine %d [%s]:\n%s\ncreated by main.start in goroutine 1\n\tC:/src/orderd/main.go:%d +0x2a\n\n' % (
            i + 1, status, stack(r, fields, depth), 30 + fields['k'] % 9)
    yield 'exit status 2\n'


def blocks(kind, size, share, seed):
    """Yields bytes; every block is rendered afresh from the generator."""
    r = random.Random(seed).random
    written, second, record = 0, 0, 1
    if kind == 'events':
        yield b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>'
    while written < size:
        second += 1
        fields = clock(second // 20)
        out = []
        for _ in range(60 if kind in ('log', 'events') else 1):
            fields.update(n=int(r() * 100000), m=int(r() * 10000), k=int(r() * 250), id=record)
            record += 1
            if kind == 'log':
                out.append(log_line(r, share, fields))
            elif kind == 'events':
                out.append(event(r, share, fields))
            else:
                out.append(QUIET[0] % fields + '\n')
                out += crash(r, 10_000 if kind == 'dump' else 3 + int(r() * 8), 7, fields)
        text = ''.join(out).encode()
        written += len(text)
        yield text
    if kind == 'events':
        yield b'</Events>\r\n'


RULES = rules.base()
EVENT_RULES = rules.event_rules()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('kind', choices=['log', 'events', 'dump', 'crashes'])
    ap.add_argument('--mb', type=float, default=400)
    ap.add_argument('--hits', type=float, default=0.1, metavar='PERCENT')
    ap.add_argument('--seed', type=int, default=7)
    a = ap.parse_args()
    size = 1 if a.kind == 'dump' else a.mb * 1_000_000
    for block in blocks(a.kind, size, a.hits / 100, a.seed):
        sys.stdout.buffer.write(block)


if __name__ == '__main__':
    main()

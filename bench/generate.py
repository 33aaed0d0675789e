#!/usr/bin/env python3
"""Bench data from a seed: an NSSM log of a Go service, or Windows event XML, of a given size.

    generate.py log --mb 200 --seed 7 > service.log
    generate.py events --mb 200 --seed 7 > events.xml

The same options give the same bytes anywhere (standard library, random.Random(seed).random()).
About 0.1 % of the log's lines and 2 % of the events are something that default rules look for.
"""
import argparse
import random
import sys

LINES = [
    '%(std)s processed order %(n)d of batch %(m)d in %(k)dms',
    'time=%(iso)s+08:00 level=INFO msg="batch flushed" batch=%(n)d path="C:\\\\svc\\\\data\\\\%(k)d.csv"',
    '{"time":"%(iso)s+08:00","level":"INFO","msg":"upstream answered","batch":%(n)d,"bytes":%(m)d}',
    '{"level":"info","ts":%(unix)d.%(m)06d,"caller":"ingest/ingest.go:%(k)d","msg":"client connected"}',
    'time="%(iso)s+08:00" level=debug msg="lease renewed" component=ingest batch=%(n)d',
    '[GIN] %(gin)s | 200 | %(k)d.%(m)04dms | 10.0.3.%(k)d | GET "/api/v1/batch/%(n)d"',
    'I0302 %(clock)s.%(m)06d    4000 controller.go:%(k)d] sync %(n)d done, queue depth %(k)d',
    '%(std)s WARN slow query (%(k)d ms): SELECT id, total FROM orders WHERE batch = %(n)d LIMIT 100',
    '%(std)s DEBUG heartbeat %(n)d goroutines=%(k)d',
]
HITS = [
    'gc %(n)d @%(m)d.110s 3%%: 0.19+0.33+0.039 ms clock, 0.38+0/0.22/0+0.078 ms cpu, '
    '4->4->0 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P',
    '%(std)s Alloc = %(n)d KB, Sys = %(n)d KB, NumGC = %(k)d',
    '%(std)s open C:\\svc\\data\\%(n)d.csv: too many open files',
    '%(std)s read tcp 10.0.0.5:8080->10.0.3.7:%(n)d: wsarecv: An existing connection was forcibly '
    'closed by the remote host.',
    'panic: runtime error: index out of range [%(k)d] with length 3\n\ngoroutine %(n)d [running]:\n'
    'example.com/orderd/store.(*Store).Put(0xc000012345, {0x0, 0x1})\n'
    '\tC:/src/orderd/store/store.go:%(k)d +0x1d\nmain.main()\n\tC:/src/orderd/main.go:31 +0x2a',
]
EVENT = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='%(provider)s' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}'/>"
    "<EventID Qualifiers='16384'>%(code)d</EventID><Version>0</Version><Level>%(level)d</Level>"
    "<Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords>"
    "<TimeCreated SystemTime='%(iso)s.%(m)06d0Z'/><EventRecordID>%(id)d</EventRecordID>"
    "<Correlation/><Execution ProcessID='%(k)d' ThreadID='%(m)d'/><Channel>%(channel)s</Channel>"
    "<Computer>WEB01.example.com</Computer><Security/></System><EventData>%(data)s</EventData>"
    "</Event>\r\n")
QUIET = [
    ('Service Control Manager', 7036, 4, 'System',
     "<Data Name='param1'>Print Spooler</Data><Data Name='param2'>running</Data>"
     '<Binary>530070006F006F006C00650072002F0034000000</Binary>'),
    ('Microsoft-Windows-Security-Auditing', 4688, 0, 'Security',
     "<Data Name='SubjectUserSid'>S-1-5-18</Data><Data Name='NewProcessName'>"
     "C:\\Windows\\System32\\conhost.exe</Data><Data Name='CommandLine'>conhost.exe %(n)d</Data>"
     "<Data Name='ParentProcessName'>C:\\Windows\\System32\\cmd.exe</Data>"),
    ('Microsoft-Windows-Windows Defender', 1150, 4, 'Microsoft-Windows-Windows Defender/Operational',
     "<Data Name='Product Name'>Microsoft Defender Antivirus</Data>"
     "<Data Name='Platform version'>4.18.%(n)d</Data>"),
]
LOUD = [
    ('nssm', 1013, 4, 'Application',
     '<Data>C:\\svc\\orderd.exe</Data><Data>orderd</Data><Data>2</Data>'),
    ('Service Control Manager', 7031, 2, 'System',
     "<Data Name='param1'>orderd</Data><Data Name='param2'>3</Data><Data Name='param3'>60000</Data>"
     "<Data Name='param4'>1</Data><Data Name='param5'>Restart the service</Data>"),
]


def clock(seconds):
    """Fields of a time stamp; a fixed day a bit past the other, no calendar needed."""
    day, rest = divmod(seconds, 86400)
    h, m, s = rest // 3600, rest // 60 % 60, rest % 60
    d = day % 28 + 1
    return {'std': '2026/03/%02d %02d:%02d:%02d' % (d, h, m, s),
            'iso': '2026-03-%02dT%02d:%02d:%02d' % (d, h, m, s),
            'gin': '2026/03/%02d - %02d:%02d:%02d' % (d, h, m, s),
            'clock': '%02d:%02d:%02d' % (h, m, s), 'unix': 1772300000 + seconds}


def blocks(kind, size, seed):
    """Yields bytes; every block is rendered afresh from the generator."""
    r = random.Random(seed).random
    written, second, record = 0, 0, 1
    while written < size:
        second += 1
        fields = clock(second // 20)
        out = []
        for _ in range(60):
            fields.update(n=int(r() * 100000), m=int(r() * 10000), k=int(r() * 250), id=record)
            record += 1
            if kind == 'log':
                shapes = HITS if r() < 0.001 else LINES
                out.append(shapes[int(r() * len(shapes))] % fields + '\n')
            else:
                kinds = LOUD if r() < 0.02 else QUIET
                provider, code, level, channel, data = kinds[int(r() * len(kinds))]
                fields.update(provider=provider, code=code, level=level, channel=channel,
                              data=data % fields)
                out.append(EVENT % fields)
        text = ''.join(out).encode()
        written += len(text)
        yield text


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('kind', choices=['log', 'events'])
    ap.add_argument('--mb', type=int, default=200)
    ap.add_argument('--seed', type=int, default=7)
    a = ap.parse_args()
    for block in blocks(a.kind, a.mb * 1_000_000, a.seed):
        sys.stdout.buffer.write(block)


if __name__ == '__main__':
    main()

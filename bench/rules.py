#!/usr/bin/env python3
"""The rules of the bench: one list of patterns, for Winnow as a pack and for its peers as a file.

    rules.py pack --count 1500 > bench.yaml      # text rules, with the tests that a rule must have
    rules.py patterns --count 1500 > patterns    # the same patterns, one a line
    rules.py events > events.yaml                # 150 rules of Windows events

`patterns.tsv` holds 150: name, pattern, a line that it finds ({n}, {m}, {k} stand for numbers). They
keep to what PCRE2, Rust's regex, Hyperscan and Python's `re` read alike, and never match a line end.
More rules are variations: one word of a pattern has its letters shifted, so that each has literals of
its own. The silent test of a rule is its line with one character of the match left out."""
import argparse
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# What stands in a pattern and is no word: escapes, classes, groups' marks, repetitions.
SYNTAX = re.compile(r'\\x[0-9a-f]{2}|\\.|\[\[?[^\]]*\]|\(\?[a-zA-Z]*[:)]|\{[\d,]+\}')
WORD = re.compile(r'[A-Za-z]{5,}')
PROVIDERS = [
    'Service Control Manager', 'nssm', 'Application Error', 'Application Hang', '.NET Runtime',
    'Microsoft-Windows-Security-Auditing', 'Microsoft-Windows-Kernel-Power',
    'Microsoft-Windows-Resource-Exhaustion-Detector', 'Microsoft-Windows-DNS-Client',
    'Microsoft-Windows-TaskScheduler', 'Schannel', 'Tcpip', 'disk', 'Ntfs', 'Netlogon']


class Rule:
    """Name, pattern and a line that the pattern finds."""
    def __init__(self, name, pattern, line):
        self.name, self.pattern, self.line = name, pattern, line

    def filled(self, n=123, m=45, k=7):
        return self.line.replace('{n}', str(n)).replace('{m}', str(m)).replace('{k}', str(k))


def base():
    with open(f'{HERE}/patterns.tsv', encoding='utf-8') as f:
        return [Rule(*line.rstrip('\n').split('\t')) for line in f]


def shifted(word, by):
    return ''.join(chr((ord(c) - a + by) % 26 + a) for c in word for a in [97 if c >= 'a' else 65])


def variation(rule, number):
    """`rule` with the letters of one word moved on by `number`, in the pattern and in the line."""
    taken = bytearray(len(rule.pattern))
    for m in SYNTAX.finditer(rule.pattern):
        taken[m.start():m.end()] = b'\1' * (m.end() - m.start())
    words = [m for m in WORD.finditer(rule.pattern) if not any(taken[m.start():m.end()])]
    for m in sorted(words, key=lambda m: -len(m[0])):
        new = shifted(m[0].lower(), number)
        pattern = rule.pattern[:m.start()] + new + rule.pattern[m.end():]
        line = re.sub(re.escape(m[0]), new, rule.line, flags=re.I)
        made = Rule(f'{rule.name}-v{number}', pattern, line)
        if re.search(pattern, made.filled()) and not re.search(pattern, rule.filled()):
            return made
    return None


def rules(count):
    """The first `count`: the 150, then their variations by 1, by 2, and so on."""
    made = base()
    first = list(made)
    for number in range(1, 26):
        if len(made) >= count:
            break
        made += [v for v in (variation(r, number) for r in first) if v]
    if len(made) < count:
        sys.exit(f'only {len(made)} rules can be made')
    return made[:count]


def near_miss(rule):
    line = rule.filled()
    found = re.search(rule.pattern, line)
    for i in range((found.start() + found.end()) // 2, found.end()):
        without = line[:i] + line[i + 1:]
        if not re.search(rule.pattern, without):
            return without
    raise ValueError(f'{rule.name}: no near miss')


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def pack(count, every=1):
    """Text of a pack of `count` rules, or of each `every`th of them."""
    yield 'pack: {name: bench, version: 1.0.0, engine: ">=0.1 <2"}\nrules:\n'
    for r in rules(count)[::every]:
        yield (f'- id: bench.{r.name.replace(".", "-")}\n  title: {quoted(r.name)}\n'
               f'  description: {quoted("What " + r.name + " looks for.")}\n  level: low\n'
               f'  match: {{message|re: {quoted(r.pattern)}}}\n  tests:\n'
               f'  - {{fires: 1, lines: [{quoted(r.filled())}]}}\n'
               f'  - {{fires: 0, lines: [{quoted(near_miss(r))}]}}\n')


def event_rules():
    """(name, provider, code) of 150 rules; a record must also say that the state is `failed`."""
    return [(f'event-{i}', PROVIDERS[i % len(PROVIDERS)], 1000 + i * 37 % 5000)
            for i in range(150)]


def event_pack(every=1):
    yield 'pack: {name: benchevents, version: 1.0.0, engine: ">=0.1 <2"}\nrules:\n'
    for name, provider, code in event_rules()[::every]:
        event = f'provider: {quoted(provider)}, code: {code}'
        yield (f'- id: benchevents.{name}\n  title: {name}\n'
               f'  description: {quoted(f"Event {code} of {provider} that failed.")}\n  level: low\n'
               f'  match: {{event.provider: {quoted(provider)}, event.code: {code}, '
               'winlog.event_data.state|contains: failed}\n  tests:\n'
               f'  - {{fires: 1, events: [{{{event}, data: {{state: it has failed}}}}]}}\n'
               f'  - {{fires: 0, events: [{{{event}, data: {{state: it has ended}}}}]}}\n')


def crash_pack():
    """One rule that finds every crash, so that their number can be told beside the default packs."""
    yield ('pack: {name: benchcrash, version: 1.0.0, engine: ">=0.1 <2"}\nrules:\n'
           '- id: benchcrash.any\n  title: a crash\n  description: Every crash of a Go program.\n'
           '  level: low\n  match: {event.kind: go.crash}\n  tests:\n'
           "  - {fires: 1, lines: [\"panic: boom\\n\\ngoroutine 1 [running]:\\nmain.main()\\n"
           "\\tC:/src/a/main.go:12 +0x1d\"]}\n"
           "  - {fires: 0, lines: ['the word panic alone']}\n")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('what', choices=['pack', 'patterns', 'events', 'crash'])
    ap.add_argument('--count', type=int, default=150)
    a = ap.parse_args()
    made = {'pack': lambda: pack(a.count), 'events': event_pack, 'crash': crash_pack,
            'patterns': lambda: (r.pattern + '\n' for r in rules(a.count))}[a.what]()
    sys.stdout.write(''.join(made))


if __name__ == '__main__':
    main()

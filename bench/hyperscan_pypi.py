#!/usr/bin/env python3
"""`hyperscan.c` through PyPI's `hyperscan`, where its library cannot be had: same options and output."""
import sys

import hyperscan

BLOCK = 1 << 20


def main():
    if sys.argv[1:] == ['--version']:
        print('PyPI hyperscan', hyperscan.__version__)
        return
    offsets = sys.argv[1] == '-b'
    with open(sys.argv[-2], 'rb') as f:
        patterns = f.read().splitlines()
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=patterns, flags=[hyperscan.HS_FLAG_MULTILINE] * len(patterns))
    hits, base, line_end, block = [], 0, 0, b''

    def found(_id, _start, end, _flags, _context):
        nonlocal line_end
        if end > line_end:
            line_end = block.find(b'\n', end)
            line_end = len(block) if line_end < 0 else line_end
            hits.append(base + block.rfind(b'\n', 0, end - 1) + 1)

    with open(sys.argv[-1], 'rb', buffering=0) as f:
        rest = b''
        while True:
            read = f.read(BLOCK)
            cut = (rest + read).rfind(b'\n') + 1 if read else len(rest)
            block, rest = (rest + read)[:cut], (rest + read)[cut:]
            if block:
                database.scan(block, match_event_handler=found)
            base, line_end = base + len(block), 0
            if not read:
                break
    print('\n'.join(map(str, hits)) if offsets else len(hits))


if __name__ == '__main__':
    main()

"""Makes the .gz files of this folder: sound ones and damaged ones, the same bytes every time.

python3 make_gzip.py
"""
import gzip, zlib

ONE = b''.join(b'first member, line %d\n' % i for i in range(200))
TWO = b''.join(b'second member, line %d\n' % i for i in range(200))


def member(data, level=6):
    return gzip.compress(data, level, mtime=0)


def write(name, data):
    with open(name, 'wb') as f:
        f.write(data)


one, two = member(ONE), member(TWO)
# Stored blocks: what lies before the damage comes out for certain.
plain = member(ONE, 0)
write('two-members.gz', one + two)
write('named-otherwise.log', one)
write('truncated.gz', one + plain[:2000])
write('truncated-header.gz', one + two[:5])
write('no-trailer.gz', one[:-8])
write('wrong-checksum.gz', one[:-8] + bytes([one[-8] ^ 1]) + one[-7:] + two)
write('trailing-garbage.gz', one + b'no gzip at all')
write('padded.gz', one + b'\0' * 700)
write('padded-members.gz', one + b'\0' * 512 + two)
bad = bytearray(one + plain)
bad[len(one) + 10] = 7          # the block type that does not exist
write('corrupt.gz', bytes(bad) + two)
write('empty-member.gz', member(b''))
# 8 MiB of zeros in some 8 KiB, twice.
write('bomb.gz', member(bytes(8 << 20), 9) * 2)

// The lines that any pattern finds, by Hyperscan or Vectorscan in block mode: the fastest peer.
//
//     cc -O2 -o hyperscan hyperscan.c -lhs && ./hyperscan [-b] patterns file
//
// Prints their number, with -b the byte offset of each. Blocks end at line ends, as patterns match
// within a line; compiling the patterns is part of the run, as it is for the others.
#define _GNU_SOURCE
#include <fcntl.h>
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { blockSize = 1 << 20, maxPatterns = 10000 };

static const char *block;
static size_t blockLength, lineEnd;
static unsigned long long blockOffset, hits;
static int printOffsets;

static int found(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags,
                 void *context) {
    (void)id, (void)from, (void)flags, (void)context;
    // Ends come in ascending order: one that lies in the line of the last hit is no new line.
    if (to <= lineEnd) return 0;
    const char *start = memrchr(block, '\n', to - 1);
    const char *end = memchr(block + to, '\n', blockLength - to);
    lineEnd = end ? (size_t)(end - block) : blockLength;
    hits++;
    if (printOffsets) printf("%llu\n", blockOffset + (start ? start + 1 - block : 0));
    return 0;
}

static void check(int failed, const char *what) {
    if (!failed) return;
    fprintf(stderr, "hyperscan: %s\n", what);
    exit(2);
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "--version")) return puts(hs_version()), 0;
    printOffsets = argc > 1 && !strcmp(argv[1], "-b");
    check(argc != 3 + printOffsets, "usage: hyperscan [-b] patterns file");

    static const char *patterns[maxPatterns];
    static unsigned int flags[maxPatterns], ids[maxPatterns];
    unsigned int count = 0;
    FILE *list = fopen(argv[1 + printOffsets], "r");
    check(!list, "the patterns cannot be read");
    char *line = NULL;
    size_t room = 0;
    for (ssize_t n; count < maxPatterns && (n = getline(&line, &room, list)) > 0; count++) {
        if (line[n - 1] == '\n') line[n - 1] = 0;
        patterns[count] = strdup(line);
        flags[count] = HS_FLAG_MULTILINE;
        ids[count] = count;
    }
    hs_database_t *database;
    hs_compile_error_t *error;
    int failed = hs_compile_multi(patterns, flags, ids, count, HS_MODE_BLOCK, NULL, &database, &error);
    check(failed, failed ? error->message : "");
    hs_scratch_t *scratch = NULL;
    check(hs_alloc_scratch(database, &scratch), "no memory");

    int file = open(argv[2 + printOffsets], O_RDONLY);
    check(file < 0, "the file cannot be read");
    char *buffer = malloc(blockSize);
    check(!buffer, "no memory");
    size_t held = 0;
    for (ssize_t n; (n = read(file, buffer + held, blockSize - held)) > 0 || held;) {
        held += n;
        const char *last = n ? memrchr(buffer, '\n', held) : buffer + held - 1;
        check(!last, "a line is longer than a block");
        block = buffer, blockLength = last + 1 - buffer, lineEnd = 0;
        check(hs_scan(database, block, blockLength, 0, scratch, found, NULL), "the scan failed");
        blockOffset += blockLength, held -= blockLength;
        memmove(buffer, buffer + blockLength, held);
    }
    if (!printOffsets) printf("%llu\n", hits);
    return 0;
}

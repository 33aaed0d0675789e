#ifndef CBUILTINRULES_H
#define CBUILTINRULES_H

#include <stddef.h>

/// The default packs of rules/, as they were when this was compiled.
size_t winnow_builtin_pack_count(void);
/// Path of a pack below the repository's root, for messages; index below the count.
const char *winnow_builtin_pack_path(size_t index);
/// Bytes of a pack: YAML in UTF-8, not terminated.
const unsigned char *winnow_builtin_pack_bytes(size_t index);
/// Number of bytes of a pack.
size_t winnow_builtin_pack_size(size_t index);

#endif

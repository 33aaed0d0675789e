// The default packs inside the binary. #embed (C23) takes seconds where a Swift array literal takes
// minutes; a test holds this list against the folders of rules/.
#include "CBuiltinRules.h"

#define PACK(name, path) \
    { path, name, sizeof name }

static const unsigned char av[] = {
#embed "../../rules/av/pack.yaml"
};
static const unsigned char corr[] = {
#embed "../../rules/corr/pack.yaml"
};
static const unsigned char crash[] = {
#embed "../../rules/crash/pack.yaml"
};
static const unsigned char err[] = {
#embed "../../rules/err/pack.yaml"
};
static const unsigned char gc[] = {
#embed "../../rules/gc/pack.yaml"
};
static const unsigned char go[] = {
#embed "../../rules/go/pack.yaml"
};
static const unsigned char gofatal[] = {
#embed "../../rules/gofatal/pack.yaml"
};
static const unsigned char goroutines[] = {
#embed "../../rules/goroutines/pack.yaml"
};
static const unsigned char nssm[] = {
#embed "../../rules/nssm/pack.yaml"
};
static const unsigned char scm[] = {
#embed "../../rules/scm/pack.yaml"
};
static const unsigned char windows[] = {
#embed "../../rules/windows/pack.yaml"
};

static const struct {
    const char *path;
    const unsigned char *bytes;
    size_t size;
} packs[] = {
    PACK(av, "rules/av/pack.yaml"),
    PACK(corr, "rules/corr/pack.yaml"),
    PACK(crash, "rules/crash/pack.yaml"),
    PACK(err, "rules/err/pack.yaml"),
    PACK(gc, "rules/gc/pack.yaml"),
    PACK(go, "rules/go/pack.yaml"),
    PACK(gofatal, "rules/gofatal/pack.yaml"),
    PACK(goroutines, "rules/goroutines/pack.yaml"),
    PACK(nssm, "rules/nssm/pack.yaml"),
    PACK(scm, "rules/scm/pack.yaml"),
    PACK(windows, "rules/windows/pack.yaml"),
};

size_t winnow_builtin_pack_count(void) { return sizeof packs / sizeof packs[0]; }
const char *winnow_builtin_pack_path(size_t index) { return packs[index].path; }
const unsigned char *winnow_builtin_pack_bytes(size_t index) { return packs[index].bytes; }
size_t winnow_builtin_pack_size(size_t index) { return packs[index].size; }

// The 8-bit library: subjects are bytes, in UTF-8 where a rule needs it.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <libxml/xmlversion.h>
// Where libxml2 is built with ICU, its headers pull in ICU's, whose module clashes with the copy
// inside Foundation. What they add is the tail of a struct that is never touched from Swift.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

int winnow_builtin_placeholder(void) { return 0; }

int winnow_builtin_placeholder(void);

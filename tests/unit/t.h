/* What every unit test includes: cmocka and the headers it asks for beforehand. */
#ifndef TESTS_UNIT_T_H
#define TESTS_UNIT_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* The house has a fail() of its own, on which cmocka's fail_msg() would land. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                  \
    (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif

/* The one include of every unit test: cmocka wants these four before it, and its macro
 * `fail` would hide ours (bot/base/err.h). */
#ifndef TESTS_UNIT_T_H
#define TESTS_UNIT_T_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                  \
    do {                                                                               \
        print_error(__VA_ARGS__);                                                      \
        print_error("\n");                                                             \
        _fail(__FILE__, __LINE__);                                                     \
    } while (0)

#endif

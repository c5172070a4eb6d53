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

#endif

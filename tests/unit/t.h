/* What every unit test includes: cmocka and the headers it asks for beforehand. */
#ifndef TESTS_UNIT_T_H
#define TESTS_UNIT_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* the house has its own; fail_msg() stays */

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif

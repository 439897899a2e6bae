/* SPDX-License-Identifier: MIT */
/*
 * A program in which every test skips; harness_test.py runs it.
 * It must not be taken for a program that tested something.
 * Nothing is guarded.
 */
#include "support/check.h"

TEST(skips_one)
{
    SKIP("first reason");
}

TEST(skips_two)
{
    SKIP("second reason");
}

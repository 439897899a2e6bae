/* SPDX-License-Identifier: MIT */
/*
 * What a test file includes: TEST() bodies, CHECK macros, SKIP().
 * How tests are run, isolated and reported lives in runner.c, not here.
 * A failing check ends the calling process at once, from any thread; NDEBUG
 * has no influence on any of it.
 */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
# define CHECK_NORETURN     __attribute__((noreturn))
# define CHECK_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
# define CHECK_NORETURN
# define CHECK_PRINTF(f, a)
#endif

/* One test, linked into the program's list before main() starts. */
struct test_case {
    const char *name;
    void (*body)(void);
    struct test_case *next;
};

void test_register(struct test_case *test);

/* Print "file:line: message" and end the process with a failure. */
CHECK_NORETURN CHECK_PRINTF(3, 4) void check_fail(const char *file, int line,
                                                  const char *format, ...);

/* End the process as "skipped", naming the reason. */
CHECK_NORETURN void check_skip(const char *reason);

void check_str(const char *file, int line, const char *text, const char *a,
               const char *b);
void check_mem(const char *file, int line, const char *text,
               const void *const side[2], size_t len);
void check_ok(const char *file, int line, const char *text, long long r);
void check_err(const char *file, int line, const char *text,
               const long long pair[2]);

/*
 * TEST(name) { body } defines and registers a test. Tests run in the order in
 * which the file defines them, each in a process of its own.
 */
#define TEST(id)                                                   \
 static void test_##id(void);                                      \
 static struct test_case test_case_##id = {#id, test_##id, NULL};  \
 __attribute__((constructor)) static void test_register_##id(void) \
 {                                                                 \
  test_register(&test_case_##id);                                  \
 }                                                                 \
 static void test_##id(void)

#define SKIP(reason) check_skip(reason)

#define CHECK(cond)                                    \
 do {                                                  \
  if (!(cond))                                         \
   check_fail(__FILE__, __LINE__, "CHECK(%s)", #cond); \
 } while (0)

/* Signed comparison: CHECK_INT(n, ==, 3). Prints both values. */
#define CHECK_INT(a, op, b)                                                   \
 do {                                                                         \
  long long check_a_ = (long long)(a), check_b_ = (long long)(b);             \
  if (!(check_a_ op check_b_))                                                \
   check_fail(__FILE__, __LINE__, "%s %s %s: %lld against %lld", #a, #op, #b, \
              check_a_, check_b_);                                            \
 } while (0)

/* The same for sizes, masks and other unsigned values; prints hex too. */
#define CHECK_UINT(a, op, b)                                                \
 do {                                                                       \
  unsigned long long check_a_ = (unsigned long long)(a);                    \
  unsigned long long check_b_ = (unsigned long long)(b);                    \
  if (!(check_a_ op check_b_))                                              \
   check_fail(__FILE__, __LINE__,                                           \
              "%s %s %s: %llu (0x%llx) against %llu (0x%llx)", #a, #op, #b, \
              check_a_, check_a_, check_b_, check_b_);                      \
 } while (0)

#define CHECK_EQ_INT(a, b)  CHECK_INT(a, ==, b)
#define CHECK_EQ_UINT(a, b) CHECK_UINT(a, ==, b)
#define CHECK_EQ_PTR(a, b)  CHECK_UINT((uintptr_t)(a), ==, (uintptr_t)(b))

/* NULL equals only NULL. */
#define CHECK_EQ_STR(a, b) check_str(__FILE__, __LINE__, #a " == " #b, (a), (b))

#define CHECK_EQ_MEM(a, b, len)                                                \
 check_mem(__FILE__, __LINE__, #a " == " #b, (const void *const[2]){(a), (b)}, \
           (len))

/* A result of either library: r >= 0. Prints r and the words for -r. */
#define CHECK_OK(r) check_ok(__FILE__, __LINE__, #r, (long long)(r))

/* A result of either library: exactly minus `code`. */
#define CHECK_ERR(r, code)                              \
 check_err(__FILE__, __LINE__, #r " fails with " #code, \
           (const long long[2]){(long long)(r), (long long)(code)})

#endif

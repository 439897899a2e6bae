/* SPDX-License-Identifier: MIT */
/*
 * The resolver's codes as native codes: a range of their own above errno, so
 * that error.c and the public functions take them like any other.
 */
#ifndef LIBSOCK__POSIX_RESOLVE_ERROR_H
#define LIBSOCK__POSIX_RESOLVE_ERROR_H

#include <stddef.h>

/* The result for an EAI_* that is not 0; they are negative on some systems. */
int libsock__resolve_error(int eai);

/* As the functions of error.c, for any positive code; OTHER, and NULL, when it
 * is not of the resolver or not known. */
int libsock__resolve_error_kind(int code);
const char *libsock__resolve_error_name(int code);
/* A sentence, or NULL when the code is not of the resolver. */
const char *libsock__resolve_error_text(int code);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over the files that it is given, without a fuzzer, so that
 * every compiler and system repeats what fuzzing has found. The target is
 * linked in; it aborts when a promise is broken.
 */
#include "fuzz.h"

enum {
    REPLAY_MAX = 1 << 16
};

/* In memory of exactly its size, so that a sanitizer sees one byte too far. */
static int replay_run(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    size_t i;

    if (exact == NULL) {
        return -1;
    }
    for (i = 0; i < size; i++) {
        exact[i] = bytes[i];
    }
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

static int replay_file(const char *path)
{
    static uint8_t bytes[REPLAY_MAX];
    FILE *file = fopen(path, "rb");
    size_t size;

    if (file == NULL) {
        return -1;
    }
    size = fread(bytes, 1, sizeof(bytes), file);
    if (ferror(file) != 0 || size == sizeof(bytes)) {
        fclose(file);
        return -1;
    }
    fclose(file);
    return replay_run(bytes, size);
}

int main(int argc, char **argv)
{
    int i;

    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    for (i = 1; i < argc; i++) {
        if (replay_file(argv[i]) < 0) {
            fprintf(stderr, "%s: cannot read\n", argv[i]);
            return 1;
        }
    }
    printf("%d inputs\n", argc - 1);
    return 0;
}

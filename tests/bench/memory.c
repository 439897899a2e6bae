/* SPDX-License-Identifier: MIT */
/*
 * What many sources take: bytes, how many of them are resident, and how much
 * of both one evio_register() takes at once. The allocator gives each large
 * block pages of its own, so that mincore() counts the pages that were touched;
 * malloc() is used where time is measured. One thread.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <libevio/libevio.h>

#include "lean.h"
#include "tool.h"

#define MEMORY_PAGE   4096u
#define MEMORY_BLOCKS 256u

struct memory_block {
    void *start;
    size_t size;
};

static struct memory {
    struct memory_block blocks[MEMORY_BLOCKS];
    uint32_t n_blocks;
    uint32_t count;
    int *fds;
    evio_source *sources;
    evio_poll *poll;
} memory;

static void *memory_map(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bench_errno(p == MAP_FAILED ? -1 : 0, "mmap");
    /* One touched byte must not make 2 MiB resident. A kernel without huge
     * pages has no such advice. */
    (void)madvise(p, size, MADV_NOHUGEPAGE);
    return p;
}

static void *memory_alloc(void *ctx, size_t size)
{
    (void)ctx;
    uint32_t i = 0;
    while (i < memory.n_blocks && memory.blocks[i].start != NULL) {
        i++;
    }
    bench_check(i < MEMORY_BLOCKS ? 0 : -ENOMEM, "too many blocks");
    struct memory_block block = {NULL, size};
    block.start = size < MEMORY_PAGE ? malloc(size) : memory_map(size);
    memory.blocks[i] = block;
    memory.n_blocks += i == memory.n_blocks ? 1 : 0;
    return block.start;
}

static void memory_release(void *ctx, void *p)
{
    (void)ctx;
    uint32_t i = 0;
    while (i < memory.n_blocks && memory.blocks[i].start != p) {
        i++;
    }
    bench_check(i < memory.n_blocks ? 0 : -EFAULT, "an unknown block");
    if (memory.blocks[i].size < MEMORY_PAGE) {
        free(p);
    } else {
        munmap(p, memory.blocks[i].size);
    }
    memory.blocks[i].start = NULL;
}

/* Bytes of one block that are resident: whole pages. */
static size_t memory_touched(const struct memory_block *block)
{
    static unsigned char pages[1u << 16];
    if (block->size < MEMORY_PAGE) {
        return block->size;
    }
    size_t n = (block->size + MEMORY_PAGE - 1) / MEMORY_PAGE;
    size_t touched = 0;
    bench_check(n <= sizeof(pages) ? 0 : -E2BIG, "a block over 256 MiB");
    bench_errno(mincore(block->start, block->size, pages), "mincore");
    for (size_t i = 0; i < n; i++) {
        touched += pages[i] & 1u;
    }
    return touched * MEMORY_PAGE;
}

struct memory_sum {
    size_t allocated;
    size_t resident;
};

static struct memory_sum memory_sum(void)
{
    struct memory_sum sum = {0, 0};
    for (uint32_t i = 0; i < memory.n_blocks; i++) {
        if (memory.blocks[i].start != NULL) {
            sum.allocated += memory.blocks[i].size;
            sum.resident += memory_touched(&memory.blocks[i]);
        }
    }
    return sum;
}

static void memory_open(uint32_t count)
{
    const struct rlimit limit = {count + 64, count + 64};
    struct rlimit now;
    bench_errno(getrlimit(RLIMIT_NOFILE, &now), "getrlimit");
    if (now.rlim_cur < limit.rlim_cur) {
        now.rlim_cur = limit.rlim_cur;
        bench_errno(setrlimit(RLIMIT_NOFILE, &now), "ulimit -n");
    }
    memory.count = count;
    memory.fds = bench_alloc(count, sizeof(*memory.fds));
    memory.sources = bench_alloc(count, sizeof(*memory.sources));
    for (uint32_t i = 0; i < count; i++) {
        memory.fds[i] =
            bench_errno(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
    }
}

static void memory_begin(void)
{
    bench_check(evio_poll_new(NULL, &memory.poll), "evio_poll_new");
    for (uint32_t i = 0; i < memory.count; i++) {
        bench_check(evio_source_from_fd(memory.fds[i], &memory.sources[i]),
                    "evio_source_from_fd");
    }
}

static void memory_end(void)
{
    for (uint32_t i = 0; i < memory.count; i++) {
        bench_check(evio_deregister(evio_poll_registry(memory.poll),
                                    &memory.sources[i]),
                    "evio_deregister");
    }
    evio_poll_free(memory.poll);
}

LEAN_APART static void memory_register(uint32_t i)
{
    bench_check(evio_register(evio_poll_registry(memory.poll),
                              &memory.sources[i], i, EVIO_READABLE),
                "evio_register");
}

/* The bytes, and the most that one call made resident. */
static void memory_resident(uint32_t count)
{
    const evio_allocator allocator = {sizeof(allocator), memory_alloc,
                                      memory_release, NULL};
    bench_check(evio_set_allocator(&allocator), "evio_set_allocator");
    memory_open(count);
    memory_begin();
    struct memory_sum first = memory_sum(), last = first;
    size_t most = 0;
    for (uint32_t i = 0; i < count; i++) {
        memory_register(i);
        struct memory_sum now = memory_sum();
        size_t more = now.resident - last.resident;
        most = more > most ? more : most;
        last = now;
    }
    bench_print("source_bytes", sizeof(evio_source));
    bench_print("allocated_bytes",
                (double)(last.allocated - first.allocated) / count);
    bench_print("resident_bytes",
                (double)(last.resident - first.resident) / count);
    bench_print("most_resident_at_once", (double)most);
    memory_end();
}

/* A round of registering; each call's time is the shortest of all rounds. */
static void memory_time(uint64_t *shortest_ns)
{
    memory_begin();
    for (uint32_t i = 0; i < memory.count; i++) {
        uint64_t start = bench_now_ns();
        memory_register(i);
        uint64_t ns = bench_now_ns() - start;
        if (shortest_ns[i] == 0 || ns < shortest_ns[i]) {
            shortest_ns[i] = ns;
        }
    }
    memory_end();
}

/* What the machine did in between hardly comes twice at the same call; what
 * the library does there comes each time. */
static void memory_longest(uint32_t count)
{
    uint64_t *shortest_ns = bench_alloc(count, sizeof(*shortest_ns));
    uint64_t longest = 0;
    memory_open(count);
    for (uint32_t round = 0; round < 5; round++) {
        memory_time(shortest_ns);
    }
    for (uint32_t i = 0; i < count; i++) {
        longest = shortest_ns[i] > longest ? shortest_ns[i] : longest;
    }
    bench_print("longest_register_ns", (double)longest);
    free(shortest_ns);
}

/* For callgrind, which counts memory_register(). */
static void memory_count(uint32_t count)
{
    memory_open(count);
    memory_begin();
    for (uint32_t i = 0; i < count; i++) {
        memory_register(i);
    }
    memory_end();
}

int main(int argc, char **argv)
{
    static const struct memory_mode {
        const char *name;
        void (*run)(uint32_t count);
    } modes[] = {
        {"resident", memory_resident},
        {"longest", memory_longest},
        {"register", memory_count},
    };
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (argc == 3 && strcmp(argv[1], modes[i].name) == 0) {
            modes[i].run(bench_number(argv[2]));
            return 0;
        }
    }
    fprintf(stderr, "usage: %s resident|longest|register SOURCES\n", argv[0]);
    return 2;
}

/* SPDX-License-Identifier: MIT */
/* Columns of figures on standard output, sentences about failures on standard
 * error. Nothing is measured here. One thread at a time. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

#include <libsock/error.h>

static double report_per_second(uint64_t count, uint64_t ns)
{
    return ns > 0 ? (double)count * 1e9 / (double)ns : 0;
}

static double report_us(uint64_t ns)
{
    return (double)ns / 1e3;
}

static double report_mb(double bytes)
{
    return bytes / 1e6;
}

void report_failure(const char *what, int code)
{
    char text[256];

    if (code < 0) {
        libsock_error_text(code, text, sizeof(text));
        fprintf(stderr, "echo: %s: %s (%s)\n", what, text,
                libsock_error_name(code));
    } else {
        fprintf(stderr, "echo: %s\n", what);
    }
}

void report_address(const char *word, const struct address *address,
                    const evio_poll *poll)
{
    char text[ADDRESS_TEXT_SIZE];

    printf("%s %s  (%s)\n", word, address_print(address, text),
           evio_selector_name(evio_poll_selector(poll)));
}

void report_second(const struct address *peer, uint64_t since_begin_ns,
                   uint64_t length_ns, uint64_t requests, uint64_t bytes)
{
    printf("%-4s %6.1f s %10.0f requests/s %9.1f MB/s\n",
           address_transport(peer), (double)since_begin_ns / 1e9,
           report_per_second(requests, length_ns),
           report_mb(report_per_second(bytes, length_ns)));
}

void report_table_head(void)
{
    printf("\n%-4s %10s %8s %8s %8s %8s %8s %8s %8s %6s\n", "", "requests/s",
           "p50 us", "p90 us", "p99 us", "p99.9 us", "max us", "MB out",
           "MB in", "errors");
}

void report_table_row(const struct load_options *options,
                      const struct load_result *result)
{
    const struct histogram *h = &result->latency;

    printf("%-4s %10.0f %8.1f %8.1f %8.1f %8.1f %8.1f %8.1f %8.1f %6" PRIu64
           "\n",
           address_transport(&options->peer),
           report_per_second(result->requests, result->duration_ns),
           report_us(histogram_percentile(h, 0.5)),
           report_us(histogram_percentile(h, 0.9)),
           report_us(histogram_percentile(h, 0.99)),
           report_us(histogram_percentile(h, 0.999)), report_us(h->max),
           report_mb((double)result->bytes_out),
           report_mb((double)result->bytes_in), result->errors);
}

void report_troubles(const struct load_options *options,
                     const struct load_result *result)
{
    const char *name = address_transport(&options->peer);

    if (result->lost > 0 || result->late > 0)
        printf("%s: %" PRIu64 " requests without an answer in time, %" PRIu64
               " answers that came later\n",
               name, result->lost, result->late);
    if (result->errors > 0)
        report_failure(result->failure, result->failure_code);
    else if (result->requests == 0)
        report_failure("no request was answered", 0);
}

void report_served(const struct server_stats *stats)
{
    printf("served %" PRIu64 " connections, %" PRIu64 " requests, %" PRIu64
           " bytes\n",
           stats->connections, stats->requests, stats->bytes);
    if (stats->dropped > 0 || stats->stalls > 0)
        printf("%" PRIu64 " datagrams dropped, accepting paused %" PRIu64
               " times\n",
               stats->dropped, stats->stalls);
}

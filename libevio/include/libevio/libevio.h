/* SPDX-License-Identifier: MIT */
/**
 * @file libevio.h
 * All of libevio, and all of libsock, whose types it uses. It declares nothing
 * itself.
 */
#ifndef EVIO_LIBEVIO_H
#define EVIO_LIBEVIO_H

#include <libevio/attr.h>
#include <libevio/event.h>
#include <libevio/interest.h>
#include <libevio/pipe.h>
#include <libevio/poll.h>
#include <libevio/source.h>
#include <libevio/tcp.h>
#include <libevio/trigger.h>
#include <libevio/udp.h>
#include <libevio/uds.h>
#include <libevio/uds_datagram.h>
#include <libevio/version.h>
#include <libevio/waker.h>
#include <libsock/libsock.h>

#endif

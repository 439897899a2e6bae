/* SPDX-License-Identifier: MIT */
/**
 * @file trigger.h
 * A source without a descriptor, which any thread makes ready: to bring queues,
 * completions of a thread pool or foreign callbacks into the loop as ordinary
 * events.
 *
 * A trigger remembers which bits were fired and not delivered yet: firing a bit
 * twice is firing it once, and none is lost, so its memory is bounded. It opens
 * no descriptor; all wakers and triggers of a poll share one wakeup. What the
 * calling thread did before it fired is seen by the thread that takes the
 * event.
 *
 * Modes: in edge mode an event takes the bits that it reports; in oneshot mode
 * too, and what is fired from then on waits for evio_reregister(); in level
 * mode the bits stay, and are reported by every wait, until
 * evio_trigger_clear(). Bits outside of the interest stay pending until the
 * interest has them; EVIO_READ_CLOSED goes with EVIO_READABLE or EVIO_CLOSED,
 * EVIO_WRITE_CLOSED with EVIO_WRITABLE or EVIO_CLOSED. evio_deregister() drops
 * what is pending.
 */
#ifndef EVIO_TRIGGER_H
#define EVIO_TRIGGER_H

#include <stdint.h>

#include <libevio/attr.h>
#include <libevio/interest.h>
#include <libevio/poll.h>

EVIO_BEGIN

/** A trigger: opaque; shared by any number of threads. */
typedef struct evio_trigger evio_trigger;

/**
 * Make a trigger of a poll. It reports nothing before its source is registered
 * there.
 *
 * @param      registry     The only registry that it can be registered with.
 * @param[out] out_trigger  The trigger.
 *
 * @return 0; kind INVALID_INPUT for NULL; BAD_DESCRIPTOR when the poll was
 *         freed; OUT_OF_MEMORY.
 *
 * Ownership: freed with evio_trigger_free(); it keeps the registry alive.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_trigger_new(evio_registry *registry,
                              evio_trigger **out_trigger);

/**
 * Deregister and free a trigger. What it fired and was not delivered is
 * dropped.
 *
 * @param trigger  The trigger, or NULL.
 *
 * Threads:   no other may be using it.
 * Since:     0.1
 */
EVIO_API void evio_trigger_free(evio_trigger *trigger);

/**
 * The source of a trigger, for evio_register(), evio_reregister() and
 * evio_deregister(). EVIO_EXCLUSIVE is kind UNSUPPORTED for it; another
 * registry than its own is kind INVALID_INPUT.
 *
 * @param trigger  The trigger, or NULL.
 *
 * @return the source; NULL for NULL.
 *
 * Ownership: the trigger's.
 * Threads:   any; the source itself by one thread at a time, also while others
 *            fire.
 * Since:     0.1
 */
EVIO_API evio_source *evio_trigger_source(evio_trigger *trigger);

/**
 * Make the trigger ready: the wait that is going on, or else the next one,
 * reports `readiness`.
 *
 * @param trigger    The trigger.
 * @param readiness  OR of EVIO_READABLE, EVIO_PRIORITY, EVIO_WRITABLE,
 *                   EVIO_CLOSED, EVIO_ERROR, EVIO_READ_CLOSED and
 *                   EVIO_WRITE_CLOSED; at least one.
 *
 * @return 0, also after the poll was freed; kind NOT_FOUND when the trigger is
 *         not registered, and then nothing changed; INVALID_INPUT for NULL, no
 *         bit or others; else what the OS returned for the wakeup: then the
 *         bits are pending all the same, and firing again tries to wake again.
 *
 * Threads:   any, also while others fire, register, reregister or deregister
 *            it; async-signal-safe.
 * Blocking:  never. One system call when a thread waits and was not woken yet,
 *            else none.
 * Since:     0.1
 */
EVIO_API int evio_trigger_fire(evio_trigger *trigger, uint32_t readiness);

/**
 * Take bits back that were fired: the end of a readiness in level mode.
 *
 * @param trigger    The trigger.
 * @param readiness  The bits, as for evio_trigger_fire().
 *
 * @return 0; errors as evio_trigger_fire().
 *
 * Threads:   as evio_trigger_fire(). A bit that is fired meanwhile on another
 *            thread may be taken back too: guard both with whatever guards the
 *            state that the bit stands for.
 * Blocking:  never; no system call.
 * Since:     0.1
 */
EVIO_API int evio_trigger_clear(evio_trigger *trigger, uint32_t readiness);

EVIO_END

#endif

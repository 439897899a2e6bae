/* SPDX-License-Identifier: MIT */
/*
 * What fork() does to registries: their locks are free in the child, whoever
 * held them in the parent, and they know that selector and wakeup are shared.
 */
#ifndef EVIO__FORK_H
#define EVIO__FORK_H

#include "core/registry.h"

/* A registry is born, and dies. */
int evio__fork_join(evio_registry *registry);
void evio__fork_leave(evio_registry *registry);

#endif

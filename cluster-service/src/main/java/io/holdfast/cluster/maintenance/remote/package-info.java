/** Asks the scheduler-service what is unfinished. Knows only its internal REST. */
@NullMarked
package io.holdfast.cluster.maintenance.remote;

import org.jspecify.annotations.NullMarked;

/**
 * Facts and commands that travel between services, as records with hand-written, versioned wire names. They carry ids, times and
 * small facts; never entities, archive bytes or secrets.
 */
@NullMarked
package io.holdfast.contracts.events;

import org.jspecify.annotations.NullMarked;

/** The journal in the tables of the state schema scheduler. */
@NullMarked
package io.holdfast.scheduler.journal.storage;

import org.jspecify.annotations.NullMarked;

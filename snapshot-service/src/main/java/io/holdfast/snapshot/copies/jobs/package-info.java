/** Has archives copied now and then. Holds no rules. */
@NullMarked
package io.holdfast.snapshot.copies.jobs;

import org.jspecify.annotations.NullMarked;

/** Looks into the live schemas, which this service may read. */
@NullMarked
package io.holdfast.restore.plan.storage;

import org.jspecify.annotations.NullMarked;
